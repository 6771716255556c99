import { DatabaseSync } from 'node:sqlite'
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../api/errors.ts'
import { createForOwner, storageFault } from './blobs/fs-files.ts'

export interface DirectoryLock {
  readonly release: () => void
}

/**
 * Holds `<directory>/<name>.lock` until it is released or the process ends. Returns `null` when
 * another process holds it. Throws STORAGE_FAILED when the file cannot be used. Node has no flock, so SQLite locks an empty database; the kernel
 * releases the lock however the process ends.
 */
export function lockDirectory(directory: string, name: string): DirectoryLock | null {
  const path = join(directory, `${name}.lock`)
  let database: DatabaseSync | null = null
  try {
    createForOwner(path)
    database = new DatabaseSync(path)
    database.exec('pragma busy_timeout = 0; begin exclusive')
    const held = database
    return { release: () => held.close() }
  } catch (cause) {
    database?.close()
    if (isHeld(cause)) return null
    throw new AppError('STORAGE_FAILED', { message: lockFault(directory, path, cause), cause })
  }
}

/** SQLITE_BUSY or SQLITE_LOCKED. */
function isHeld(error: unknown): boolean {
  return (
    error instanceof Error && 'errcode' in error && [5, 6].includes(Number(error.errcode) & 0xff)
  )
}

function lockFault(directory: string, path: string, cause: unknown): string {
  try {
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    return storageFault(error)
  }
  const reason = cause instanceof Error ? cause.message : String(cause)
  return `${path} cannot be used as a lock (${reason}): it must be a file that this user may write; it holds no data, so it may be deleted while no kubeprof runs.`
}
