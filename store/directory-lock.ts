import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'

export interface DirectoryLock {
  readonly release: () => void
}

/**
 * Holds `<directory>/<name>.lock` until released or until the process is gone, or `null` when another process holds
 * it. Node has no flock, so SQLite takes a lock on an empty database; the kernel gives it back however we die.
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
