import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'

export interface DirectoryLock {
  readonly release: () => void
}

/**
 * Holds `<directory>/<name>.lock` until it is released or the process ends. Returns `null` when
 * another process holds it. Node has no flock, so SQLite locks an empty database; the kernel
 * releases the lock however the process ends.
 */
export function lockDirectory(directory: string, name: string): DirectoryLock | null {
  const database = new DatabaseSync(join(directory, `${name}.lock`))
  try {
    database.exec('pragma busy_timeout = 0; begin exclusive')
  } catch {
    database.close()
    return null
  }
  return { release: () => database.close() }
}
