import { accessSync, constants, statSync } from 'node:fs'
import { AppError } from '../../api/index.ts'
import { storageFault } from '../blobs/fs-files.ts'
import { resultCode } from './sqlite-dialect.ts'

/** Why a database file cannot be opened: the file, the cause and the next step. */
export function explainOpenError(path: string, error: unknown): unknown {
  switch (resultCode(error instanceof AppError ? error.cause : error)) {
    case 8: // SQLITE_READONLY
    case 10: // SQLITE_IOERR
    case 14: // SQLITE_CANTOPEN
      return new AppError('STORAGE_FAILED', { message: accessFault(path, error), cause: error })
    case 11: // SQLITE_CORRUPT
    case 26: // SQLITE_NOTADB
      return damaged(path, error instanceof Error ? reasonOf(error) : String(error))
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
      return new AppError('DATABASE_UNAVAILABLE', {
        message: `${path} is locked by another program: stop what has it open, such as a sqlite3 shell.`,
        cause: error,
      })
    default:
      return error
  }
}

export function damaged(path: string, reason: string): AppError {
  return new AppError('DATABASE_UNAVAILABLE', {
    message: `${path} is damaged or not a database of kubeprof (${reason}). Restore a backup (kubeprof restore DIR), or move the file away to start with an empty database: the stored files stay.`,
  })
}

function reasonOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message
}

/** SQLite does not say why it cannot open a file; the system does. */
function accessFault(path: string, error: unknown): string {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    if (!statSync(path).isFile()) return `${path} is not a file: move it away.`
  } catch (cause) {
    return storageFault(cause)
  }
  const reason = error instanceof Error ? reasonOf(error) : String(error)
  return `${path} cannot be opened (${reason}): check that this user may write it and its folder.`
}
