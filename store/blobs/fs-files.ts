import { closeSync, openSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { AppError } from '../../api/errors.ts'

/** See FsBlobStoreOptions. */
export type OnDiskFailure = (error: unknown) => void

/** The code of a failed system call, such as `ENOSPC`; `null` for any other error. */
export function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}

/** `null` for a file that is not there. Throws STORAGE_FAILED for other faults. */
export async function orNull<Result>(found: Promise<Result>): Promise<Result | null> {
  try {
    return await found
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return null
    throw new AppError('STORAGE_FAILED', { message: storageFault(cause), cause })
  }
}

/** A sentence with the path, the reason of the system and the next step. */
export function storageFault(cause: unknown): string {
  const path = cause instanceof Error && 'path' in cause ? ` ${String(cause.path)}` : ''
  const reason = REASONS[errnoOf(cause) ?? ''] ?? String(cause)
  return `The data directory cannot be used:${path} ${reason}.`
}

const NOT_ACCESSIBLE =
  'is not accessible for this user: give it to the user that runs kubeprof, or name another folder as store.directory'
const NO_FOLDER = 'is not a folder: move it away, or name another folder as store.directory'

const REASONS: Readonly<Record<string, string>> = {
  EACCES: NOT_ACCESSIBLE,
  EPERM: NOT_ACCESSIBLE,
  EROFS:
    'is on a read-only file system: mount it for writing, or name another folder as store.directory',
  ENOENT: 'is missing: it was moved, deleted or unmounted; put it back',
  ENOTDIR: NO_FOLDER,
  EEXIST: NO_FOLDER,
  EIO: 'is on a disk that fails: check the disk, and restore a backup if files are lost',
}

/** Makes renames within the folder durable. */
export async function flushFolder(
  path: string,
  onDiskFailure: OnDiskFailure = () => undefined,
): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await flush(folder, onDiskFailure)
  } finally {
    await folder.close()
  }
}

export async function flush(file: FileHandle, onDiskFailure: OnDiskFailure): Promise<void> {
  try {
    await file.sync()
  } catch (error) {
    if (errnoOf(error) === 'EIO') onDiskFailure(error)
    throw error
  }
}

/** An empty file where there is none. SQLite makes files that other users may read, and a log as readable as its database. */
export function createForOwner(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch {
    // It is there already, or what opens it says why it cannot be made.
  }
}
