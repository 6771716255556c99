import { setTimeout as delay } from 'node:timers/promises'
import { Kysely, sql } from 'kysely'
import { Pool, types } from 'pg'
import { AppError } from '../../api/index.ts'
import type { Schema } from '../schema/schema.ts'
import type { Database } from './database.ts'
import { openDatabaseClock } from './database-clock.ts'
import { migrate, pendingMigrations } from './migrate.ts'
import { BytewisePostgresDialect } from './postgres-dialect.ts'
import { retriedTransactions } from './retried-transactions.ts'

const SERVER_VERSION_MIN = 130_000
const CONNECT_MS_MAX = 5000
/** A row lock that is held longer belongs to a process that hangs. */
const LOCK_MS_MAX = 5000
/** The server ends the transaction of a process that stopped within it, so that its locks do not stay. */
const IDLE_IN_TRANSACTION_MS_MAX = 10_000
const IDLE_CONNECTION_MS_MAX = 30_000
/** Beyond the limit that the server itself has: the answer is lost, not late. */
const ANSWER_MS = 5000
const MIGRATED_MS_MAX = 60_000
const MIGRATED_POLL_MS = 1000

export interface PostgresOptions {
  readonly url: string
  /** Most connections of this process. */
  readonly connectionsMax: number
  /** The longest that a statement may take. */
  readonly statementMsMax: number
  /** Whether this process migrates the tables; else it waits until another has done so. */
  readonly migrates: boolean
  /** Called once, at once, with what it waits for. */
  readonly onUnmigrated?: (says: string) => void
}

/**
 * Opens the database and checks that it keeps what it acknowledges. Throws DATABASE_UNAVAILABLE with the reason, also
 * when the tables are not migrated within a minute.
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const pool = openPool(options)
  const db = new Kysely<Schema>({ dialect: new BytewisePostgresDialect(pool) })
  try {
    await assertDurable(db)
    await (options.migrates ? migrate(db) : untilMigrated(db, options))
    const clock = await openDatabaseClock(db)
    return {
      db,
      write: retriedTransactions(db),
      now: clock.now,
      snapshot: (work) =>
        db
          .transaction()
          .setIsolationLevel('repeatable read')
          .setAccessMode('read only')
          .execute(work),
      async close() {
        clock.close()
        await db.destroy()
      },
    }
  } catch (error) {
    await db.destroy()
    throw error
  }
}

function openPool({ url, connectionsMax, statementMsMax }: PostgresOptions): Pool {
  const pool = new Pool({
    connectionString: url,
    max: connectionsMax,
    application_name: 'kubeprof',
    connectionTimeoutMillis: CONNECT_MS_MAX,
    idleTimeoutMillis: IDLE_CONNECTION_MS_MAX,
    keepAlive: true,
    pipeline: true,
    statement_timeout: statementMsMax,
    query_timeout: statementMsMax + ANSWER_MS,
    lock_timeout: LOCK_MS_MAX,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS_MAX,
    types: { getTypeParser },
  })
  // A connection that is lost while idle is replaced when the next one is needed.
  pool.on('error', () => undefined)
  return pool
}

/** Counts, sizes and times come as texts, because some do not fit a number. Ours do: they are below 2^53. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  return NUMBER_TYPES.has(oid) ? Number : types.getTypeParser(oid, format)
}

const NUMBER_TYPES: ReadonlySet<number> = new Set([types.builtins.INT8, types.builtins.NUMERIC])

/** A server that does not flush before it answers would lose what was acknowledged. */
async function assertDurable(db: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ readonly name: string; readonly setting: string }>`
    select "name", "setting" from pg_settings where "name" in
    ('server_version_num', 'server_encoding', 'fsync', 'full_page_writes', 'synchronous_commit')
  `.execute(db)
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]))
  if (Number(settings.get('server_version_num')) < SERVER_VERSION_MIN) {
    throw refusal('it is older than Postgres 13')
  }
  if (settings.get('server_encoding') !== 'UTF8') {
    throw refusal(`its encoding is ${settings.get('server_encoding')}, and must be UTF8`)
  }
  for (const name of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    if (settings.get(name) !== 'off') continue
    throw refusal(`it runs with ${name} = off, which loses what was acknowledged`)
  }
}

function refusal(reason: string): AppError {
  return new AppError('DATABASE_UNAVAILABLE', {
    message: `The Postgres database cannot be used: ${reason}.`,
  })
}

async function untilMigrated(
  db: Kysely<Schema>,
  { onUnmigrated = () => undefined }: Pick<PostgresOptions, 'onUnmigrated'>,
): Promise<void> {
  let isSaid = false
  const endMs = performance.now() + MIGRATED_MS_MAX
  for (;;) {
    const pending = await pendingMigrations(db)
    if (pending.length === 0) return
    const says = `The tables are not up to date (${pending.join(', ')}): run "kubeprof migrate" with the same settings.`
    if (performance.now() >= endMs) throw new AppError('DATABASE_UNAVAILABLE', { message: says })
    if (!isSaid) onUnmigrated(`${says} Until then this process waits, for a minute at most.`)
    isSaid = true
    await delay(MIGRATED_POLL_MS)
  }
}
