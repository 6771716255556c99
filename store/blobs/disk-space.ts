import { open, rename, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../api/errors.ts'

const CHECK_MS = 1000
const FULL_RETRY_SECONDS = 300
const CHUNK_BYTES = 1024 * 1024

export interface DiskSpaceOptions {
  readonly directory: string
  /** Below this much free space nothing more is stored; on a small disk, below 5% of its size. */
  readonly freeBytesMin: number
  /**
   * Size of the reserve file, deleted when the disk is full so that deletions can still be
   * committed.
   */
  readonly reserveBytes: number
  /** Default: asks the system. Throws when the directory cannot be read. */
  readonly measureDisk?: (directory: string) => Promise<DiskSize>
}

/** Of the disk that a directory is on. */
export interface DiskSize {
  readonly freeBytes: number
  readonly sizeBytes: number
}

/** Watches the free space, and keeps a reserve file for a full disk. */
export interface DiskSpace {
  /** Throws STORAGE_FULL when too little is free. Looks at most once a second. */
  check(): Promise<void>
  /** Deletes the reserve, because a write failed with a full disk. */
  release(): Promise<void>
  /** Recreates the reserve once twice the needed space is free. */
  restore(): Promise<void>
}

export function openDiskSpace(options: DiskSpaceOptions): DiskSpace {
  const reserve = join(options.directory, '.reserve')
  let checkedAtMs = Number.NEGATIVE_INFINITY
  let isFull = false

  async function look(): Promise<void> {
    const { freeBytes, neededBytes } = await measure(options)
    isFull = freeBytes < neededBytes
    checkedAtMs = performance.now()
  }

  async function release(): Promise<void> {
    await rm(reserve, { force: true })
    checkedAtMs = Number.NEGATIVE_INFINITY
  }

  return {
    async check() {
      if (performance.now() - checkedAtMs > CHECK_MS) await look()
      if (!isFull) return
      await release()
      throw new AppError('STORAGE_FULL', {
        message: `The disk under ${options.directory} is nearly full.`,
        retryAfterSeconds: FULL_RETRY_SECONDS,
      })
    },
    release,
    async restore() {
      if (options.reserveBytes === 0 || (await exists(reserve))) return
      const { freeBytes, neededBytes } = await measure(options)
      if (freeBytes < 2 * neededBytes + options.reserveBytes) return
      await writeReserve(reserve, options.reserveBytes)
    },
  }
}

async function measure({ directory, freeBytesMin, measureDisk = askSystem }: DiskSpaceOptions) {
  const { freeBytes, sizeBytes } = await measureDisk(directory).catch((cause: unknown) => {
    throw new AppError('STORAGE_FAILED', {
      message: `The data directory ${directory} is gone or cannot be read.`,
      cause,
    })
  })
  return { freeBytes, neededBytes: Math.min(freeBytesMin, sizeBytes / 20) }
}

async function askSystem(directory: string): Promise<DiskSize> {
  const { bavail, blocks, bsize } = await statfs(directory)
  return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/**
 * Node has no fallocate, so zeros are written, under a temporary name until the file is complete.
 */
async function writeReserve(path: string, sizeBytes: number): Promise<void> {
  const unfinished = `${path}.part`
  const zeros = new Uint8Array(CHUNK_BYTES)
  const file = await open(unfinished, 'w', 0o600)
  try {
    for (let left = sizeBytes; left > 0; left -= CHUNK_BYTES) {
      await file.write(zeros, 0, Math.min(left, CHUNK_BYTES))
    }
  } finally {
    await file.close()
  }
  await rename(unfinished, path)
}
