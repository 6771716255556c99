import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../../api/index.ts'
import { Kysely, sql } from 'kysely'
import { createForOwner } from '../blobs/fs-files.ts'
import type { Schema } from '../schema/schema.ts'
import { openCheckpoints } from './checkpoints.ts'
import { openCommitLog } from './commit-log.ts'
import type { Database } from './database.ts'
import { groupCommit } from './group-commit.ts'
import { migrate } from './migrate.ts'
import { NodeSqliteDialect, translated } from './sqlite-dialect.ts'
import { damaged, explainOpenError } from './sqlite-open-error.ts'

/**
 * In older versions two connections could corrupt the WAL:
 * https://www.sqlite.org/wal.html#walresetbug
 */
const SQLITE_VERSION_MIN = [3, 51, 3] as const
const BUSY_TIMEOUT_MS = 5000
/** Pages of 4 KB. What is left of a checkpoint when the log has grown so much keeps the event loop waiting. */
const LOG_PAGES_MAX = 8000
/** Checking this much takes about 0.1 s. */
const CHECKED_BYTES_MAX = 32 * 1024 * 1024

export interface SqliteOptions {
  readonly path: string
  /** See FsBlobStoreOptions. */
  readonly onDiskFailure?: (error: unknown) => void
}

/**
 * Opens the database, migrates its tables, and makes writes survive a power cut: SQLite keeps the order of its log
 * (`synchronous=NORMAL`), and each write waits until the log is flushed. Throws DATABASE_UNAVAILABLE with the reason.
 */
export async function openSqlite({
  path,
  onDiskFailure = () => undefined,
}: SqliteOptions): Promise<Database> {
  let database: DatabaseSync | null = null
  try {
    createForOwner(path)
    const opened = new DatabaseSync(path)
    database = opened
    setUp(opened)
    checkPages(opened, path)
    const db = new Kysely<Schema>({ dialect: new NodeSqliteDialect(opened) })
    await migrate(db)
    const log = await openCommitLog(path, onDiskFailure)
    const checkpoints = openCheckpoints(path)
    return {
      db,
      write: groupCommit(db, () => {
        checkpoints.countCommit()
        return log.flush()
      }),
      now: Date.now,
      snapshot: (work) => snapshot(path, work),
      async close() {
        await checkpoints.close()
        await log.close()
        await db.destroy()
      },
    }
  } catch (error) {
    database?.close()
    throw explainOpenError(path, error)
  }
}

/** Small databases are checked as a whole: a truncated one would fail later, at some request. */
function checkPages(database: DatabaseSync, path: string): void {
  if (statSync(path).size > CHECKED_BYTES_MAX) return
  const found = String(database.prepare('pragma quick_check(1)').get()?.['quick_check'])
  if (found !== 'ok') throw damaged(path, found)
}

/** On a connection of its own: the other one holds the lock for writing during transactions. */
async function snapshot<Result>(
  path: string,
  work: (db: Kysely<Schema>) => Promise<Result>,
): Promise<Result> {
  const database = translated(() => new DatabaseSync(path, { readOnly: true }))
  const db = new Kysely<Schema>({ dialect: new NodeSqliteDialect(database) })
  try {
    return await db.connection().execute(async (connection) => {
      await sql`begin`.execute(connection)
      return await work(connection)
    })
  } finally {
    await db.destroy()
  }
}

function setUp(database: DatabaseSync): void {
  database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`)
  database.exec('pragma journal_mode = wal')
  database.exec('pragma synchronous = normal')
  database.exec(`pragma wal_autocheckpoint = ${LOG_PAGES_MAX}`)
  database.exec('pragma foreign_keys = on')
  assertVersion(text(database, 'select sqlite_version() as value'))
  assertSetting(
    'journal_mode',
    text(database, 'select journal_mode as value from pragma_journal_mode'),
    'wal',
  )
  assertSetting(
    'synchronous',
    text(database, 'select synchronous as value from pragma_synchronous'),
    '1',
  )
  assertSetting(
    'foreign_keys',
    text(database, 'select foreign_keys as value from pragma_foreign_keys'),
    '1',
  )
}

function text(database: DatabaseSync, query: string): string {
  return String(database.prepare(query).get()?.['value'])
}

function assertSetting(name: string, found: string, wanted: string): void {
  if (found === wanted) return
  throw new AppError('DATABASE_UNAVAILABLE', {
    message: `SQLite runs with ${name} = ${found} where ${wanted} is needed to keep what was acknowledged.`,
  })
}

function assertVersion(version: string): void {
  const parts = version.split('.').map(Number)
  for (const [index, part] of SQLITE_VERSION_MIN.entries()) {
    const found = parts[index] ?? 0
    if (found > part) return
    if (found === part) continue
    throw new AppError('DATABASE_UNAVAILABLE', {
      message: `SQLite ${version} can corrupt its log; ${SQLITE_VERSION_MIN.join('.')} or newer is needed.`,
    })
  }
}
