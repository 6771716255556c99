import { createHash } from 'node:crypto'
import { createReadStream, type Dirent } from 'node:fs'
import { mkdir, open, readFile, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../api/errors.ts'
import { decodeTime } from 'ulid'
import {
  isBlobKey,
  ulidOfKey,
  type BlobKey,
  type BlobStore,
  type StoredBlob,
} from './blob-store.ts'
import { openDiskSpace, type DiskSpace } from './disk-space.ts'
import { newId } from '../id.ts'

export interface FsBlobStoreOptions {
  readonly directory: string
  readonly freeBytesMin: number
  readonly reserveBytes: number
  /**
   * Called once when a flush to the disk failed; the callee must end the process. Linux drops the
   * dirty pages after a failed fsync, so a retry would report success wrongly.
   */
  readonly onDiskFailure: (error: unknown) => void
}

/**
 * Blobs as files `blobs/<first two digits>/<key>`. A put writes `tmp/<ulid>.part`, flushes it,
 * renames it and flushes the folder, so that a crash at any point leaves a whole blob or a
 * leftover, and a stored blob survives a power cut.
 */
export async function openFsBlobStore(options: FsBlobStoreOptions): Promise<BlobStore> {
  const folders = { blobs: join(options.directory, 'blobs'), tmp: join(options.directory, 'tmp') }
  await makeFolders(folders.blobs, folders.tmp)
  const space = openDiskSpace(options)
  const pathOf = (key: BlobKey) => join(folderOf(folders.blobs, key), key)

  return {
    async put(bytes) {
      await space.check()
      const id = newId()
      const tmpPath = join(folders.tmp, `${id}.part`)
      try {
        const { sha256, sizeBytes } = await writeFile(tmpPath, bytes, options.onDiskFailure)
        const key = `${sha256}-${id}`
        await rename(tmpPath, pathOf(key))
        await flushFolder(folderOf(folders.blobs, key), options.onDiskFailure)
        return { key, sha256, sizeBytes }
      } catch (error) {
        await rm(tmpPath, { force: true })
        throw await translate(error, space)
      }
    },
    get: (key) => orNull(readFile(pathOf(checked(key)))),
    async stream(key) {
      const path = pathOf(checked(key))
      return (await orNull(stat(path))) === null ? null : createReadStream(path)
    },
    delete: (key) => rm(pathOf(checked(key)), { force: true }),
    keysPutBefore: (timeMs) => keysPutBefore(folders.blobs, timeMs),
    async removeLeftovers(beforeMs) {
      await space.restore()
      return removeLeftovers(folders.tmp, beforeMs)
    },
    checkSpace: () => space.check(),
  }
}

async function makeFolders(blobs: string, tmp: string): Promise<void> {
  await mkdir(tmp, { recursive: true, mode: 0o700 })
  await mkdir(blobs, { recursive: true, mode: 0o700 })
  const there = new Set(await readdir(blobs))
  const missing = Array.from({ length: 256 }, (_, index) =>
    index.toString(16).padStart(2, '0'),
  ).filter((name) => !there.has(name))
  await Promise.all(missing.map((name) => mkdir(join(blobs, name), { recursive: true })))
  if (missing.length > 0) await flushFolder(blobs, () => undefined)
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
  onDiskFailure: (error: unknown) => void,
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

async function flushFolder(path: string, onDiskFailure: (error: unknown) => void): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await flush(folder, onDiskFailure)
  } finally {
    await folder.close()
  }
}

async function flush(file: FileHandle, onDiskFailure: (error: unknown) => void): Promise<void> {
  try {
    await file.sync()
  } catch (error) {
    if (errnoOf(error) === 'EIO') onDiskFailure(error)
    throw error
  }
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
      return new AppError('STORAGE_FAILED', { cause })
    case 'EMFILE':
    case 'ENFILE':
      return new AppError('OVERLOADED', { cause, retryAfterSeconds: 5 })
    default:
      return cause
  }
}

/** The code of a failed system call, such as `ENOSPC`; `null` for any other error. */
function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}

async function orNull<Result>(found: Promise<Result>): Promise<Result | null> {
  try {
    return await found
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return null
    throw new AppError('STORAGE_FAILED', { cause })
  }
}

async function* keysPutBefore(blobs: string, timeMs: number): AsyncGenerator<BlobKey> {
  for (const folder of await readdir(blobs)) {
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
