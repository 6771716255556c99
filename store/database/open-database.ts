import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../../api/index.ts'
import { storageFault } from '../blobs/fs-files.ts'
import { lockDirectory } from '../directory-lock.ts'
import type { StoreOptions } from '../options.ts'
import type { Database } from './database.ts'
import { openSqlite } from './sqlite-database.ts'

const OPEN_MS_MAX = 20_000
const OPEN_POLL_MS = 20

export interface OpenDatabaseOptions extends Pick<
  StoreOptions,
  'kind' | 'directory' | 'postgresUrl' | 'postgresConnectionsMax' | 'postgresStatementMsMax'
> {
  /** Whether to bring the tables of Postgres up to date; those of SQLite always are. */
  readonly migrates: boolean
  /** See OpenStoreOptions. */
  readonly onUnmigrated?: (says: string) => void
  /** See FsBlobStoreOptions. */
  readonly onDiskFailure: (error: unknown) => void
}

/** Opens the database that the settings name. Postgres is loaded only when it is asked for. */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  if (options.kind === 'sqlite') return openInDirectory(options)
  const { openPostgres } = await import('./postgres-database.ts')
  return openPostgres({
    url: options.postgresUrl,
    connectionsMax: options.postgresConnectionsMax,
    statementMsMax: options.postgresStatementMsMax,
    migrates: options.migrates,
    ...(options.onUnmigrated === undefined ? {} : { onUnmigrated: options.onUnmigrated }),
  })
}

/** One process at a time opens the database: the switch to WAL does not wait for others, and tables are made once. */
async function openInDirectory({
  directory,
  onDiskFailure,
}: Pick<OpenDatabaseOptions, 'directory' | 'onDiskFailure'>): Promise<Database> {
  await makeDirectory(directory)
  const endMs = performance.now() + OPEN_MS_MAX
  let lock = lockDirectory(directory, 'open')
  while (lock === null && performance.now() < endMs) {
    await delay(OPEN_POLL_MS)
    lock = lockDirectory(directory, 'open')
  }
  try {
    return await openSqlite({ path: join(directory, 'kubeprof.db'), onDiskFailure })
  } finally {
    lock?.release()
  }
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new AppError('STORAGE_FAILED', {
      message: storageFault(cause),
      cause,
    })
  }
}
