import { createHash } from 'node:crypto'
import { createReadStream, type Dirent } from 'node:fs'
import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../api/errors.ts'
import { decodeTime } from 'ulid'
import {
  isBlobKey,
  sha256OfKey,
  ulidOfKey,
  type BlobKey,
  type BlobStore,
  type StoredBlob,
} from './blob-store.ts'
import { openDiskSpace, type DiskSpace } from './disk-space.ts'
import {
  errnoOf,
  flush,
  flushFolder,
  type OnDiskFailure,
  orNull,
  storageFault,
} from './fs-files.ts'
import { fsIdentity } from './fs-identity.ts'
import { fsTrash } from './fs-trash.ts'
import { newId } from '../id.ts'
import { verifiedBytes, verifiedStream } from './verify.ts'

export interface FsBlobStoreOptions {
  readonly directory: string
  readonly freeBytesMin: number
  readonly reserveBytes: number
  /**
   * Called once when a flush to the disk failed; the callee must end the process. Linux drops the
   * dirty pages after a failed fsync, so a retry would report success wrongly.
   */
  readonly onDiskFailure: OnDiskFailure
}

/**
 * Blobs as files `blobs/<first two digits>/<key>`. A put writes `tmp/<ulid>.part`, flushes it,
 * renames it and flushes the folder, so that a crash at any point leaves a whole blob or a
 * leftover, and a stored blob survives a power cut.
 */
export async function openFsBlobStore(options: FsBlobStoreOptions): Promise<BlobStore> {
  const folders = { blobs: join(options.directory, 'blobs'), tmp: join(options.directory, 'tmp') }
  await makeFolders(folders.blobs, folders.tmp).catch((cause: unknown) => {
    throw new AppError('STORAGE_FAILED', { message: storageFault(cause), cause })
  })
  const space = openDiskSpace(options)
  const pathOf = (key: BlobKey) => join(folderOf(folders.blobs, checked(key)), key)
  const folderReady = makeFoldersOnce(folders.blobs, options.onDiskFailure)

  /** Writes under a temporary name, then under the key that `keyOf` gives for the hash. */
  async function write(
    bytes: Uint8Array | AsyncIterable<Uint8Array>,
    keyOf: (sha256: string, id: string) => BlobKey,
  ): Promise<StoredBlob> {
    await space.check()
    const id = newId()
    const tmpPath = join(folders.tmp, `${id}.part`)
    try {
      const { sha256, sizeBytes } = await writeFile(tmpPath, bytes, options.onDiskFailure)
      const key = keyOf(sha256, id)
      await folderReady(key)
      await rename(tmpPath, pathOf(key))
      await flushFolder(folderOf(folders.blobs, key), options.onDiskFailure)
      return { key, sha256, sizeBytes }
    } catch (error) {
      await rm(tmpPath, { force: true }).catch(() => undefined)
      throw await translate(error, space)
    }
  }

  return {
    put: (bytes) => write(bytes, (sha256, id) => `${sha256}-${id}`),
    putAs: (key, bytes) =>
      write(bytes, (sha256) => {
        if (sha256 === sha256OfKey(checked(key))) return key
        throw new AppError('BLOB_CORRUPT', { details: { blobKey: key } })
      }),
    async get(key) {
      const bytes = await orNull(readFile(pathOf(key)))
      return bytes === null ? null : verifiedBytes(key, bytes)
    },
    async stream(key) {
      const path = pathOf(key)
      if ((await orNull(stat(path))) === null) return null
      return verifiedStream(key, createReadStream(path))
    },
    sizeOf: async (key) => (await orNull(stat(pathOf(key))))?.size ?? null,
    delete: async (key) => rm(pathOf(key), { force: true }),
    keysPutBefore: (timeMs) => keysPutBefore(folders.blobs, timeMs),
    ...fsTrash(join(options.directory, 'trash'), pathOf),
    ...fsIdentity(folders, options.onDiskFailure),
    async removeLeftovers(beforeMs) {
      await space.restore()
      return removeLeftovers(folders.tmp, beforeMs)
    },
    checkSpace: () => space.check(),
    async checkWrite() {
      await space.check()
      const path = join(folders.blobs, `.check-${newId()}`)
      try {
        await writeFile(path, new Uint8Array(1), () => undefined)
      } catch (error) {
        throw await translate(error, space)
      } finally {
        await rm(path, { force: true }).catch(() => undefined)
      }
    },
  }
}

async function makeFolders(blobs: string, tmp: string): Promise<void> {
  await mkdir(tmp, { recursive: true, mode: 0o700 })
  await mkdir(blobs, { recursive: true, mode: 0o700 })
}

/** Makes the folder of a key when it is first written to, and durable: another process may have just made it. */
function makeFoldersOnce(
  blobs: string,
  onDiskFailure: OnDiskFailure,
): (key: BlobKey) => Promise<void> {
  const made = new Map<string, Promise<void>>()
  const make = async (folder: string) => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await flushFolder(blobs, onDiskFailure)
  }
  return async (key) => {
    const folder = folderOf(blobs, checked(key))
    const making = made.get(folder) ?? make(folder)
    made.set(folder, making)
    await making.catch((error: unknown) => {
      made.delete(folder)
      throw error
    })
  }
}

function folderOf(blobs: string, key: BlobKey): string {
  return join(blobs, key.slice(0, 2))
}

/** Only a valid blob key may become a path. */
function checked(key: BlobKey): BlobKey {
  if (!isBlobKey(key)) throw new TypeError('this is not a blob key')
  return key
}

async function writeFile(
  path: string,
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  onDiskFailure: OnDiskFailure,
): Promise<Omit<StoredBlob, 'key'>> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) {
      hash.update(chunk)
      sizeBytes += chunk.length
      await file.writeFile(chunk)
    }
    await flush(file, onDiskFailure)
  } finally {
    await file.close()
  }
  return { sha256: hash.digest('hex'), sizeBytes }
}

async function translate(cause: unknown, space: DiskSpace): Promise<unknown> {
  switch (errnoOf(cause)) {
    case 'ENOSPC':
    case 'EDQUOT':
      await space.release()
      return new AppError('STORAGE_FULL', { cause, retryAfterSeconds: 300 })
    case 'EIO':
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
    case 'ENOENT':
    case 'ENOTDIR':
      return new AppError('STORAGE_FAILED', { message: storageFault(cause), cause })
    case 'EMFILE':
    case 'ENFILE':
      return new AppError('OVERLOADED', { cause, retryAfterSeconds: 5 })
    default:
      return cause
  }
}

async function* keysPutBefore(blobs: string, timeMs: number): AsyncGenerator<BlobKey> {
  const folders = (await readdir(blobs)).filter((name) => /^[0-9a-f]{2}$/.test(name))
  for (const folder of folders) {
    for (const name of await readdir(join(blobs, folder))) {
      if (isBlobKey(name) && decodeTime(ulidOfKey(name)) < timeMs) yield name
    }
  }
}

async function removeLeftovers(tmp: string, beforeMs: number): Promise<number> {
  const files = (await readdir(tmp, { withFileTypes: true })).filter((entry: Dirent) =>
    entry.isFile(),
  )
  let count = 0
  for (const { name } of files) {
    const path = join(tmp, name)
    const found = await orNull(stat(path))
    if (found === null || found.mtimeMs >= beforeMs) continue
    await rm(path, { force: true })
    count += 1
  }
  return count
}
