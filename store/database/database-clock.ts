import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema/schema.ts'

const COMPARE_MS = 30_000

export interface DatabaseClock {
  /** The time of the database's server, in milliseconds since the Unix epoch. */
  readonly now: () => number
  readonly close: () => void
}

/**
 * The clock of the database's server, read every 30 seconds and carried on by this process's monotonic clock. Leases
 * are set and compared by it, so neither machines whose clocks differ nor a clock that is set break them.
 */
export async function openDatabaseClock(db: Kysely<Schema>): Promise<DatabaseClock> {
  let aheadMs = await readAhead(db)
  const timer = setInterval(() => {
    readAhead(db).then(
      (foundMs) => {
        aheadMs = foundMs
      },
      // Until the database answers again, nothing is leased.
      () => undefined,
    )
  }, COMPARE_MS)
  timer.unref()
  return {
    now: () => Math.round(performance.now() + aheadMs),
    close: () => clearInterval(timer),
  }
}

/** What to add to this process's monotonic clock. The answer is taken to be from the middle of the wait for it. */
async function readAhead(db: Kysely<Schema>): Promise<number> {
  const startMs = performance.now()
  const { rows } = await sql<{ readonly nowMs: number }>`
    select cast(extract(epoch from clock_timestamp()) * 1000 as double precision) as "nowMs"
  `.execute(db)
  return (rows[0]?.nowMs ?? Date.now()) - (startMs + performance.now()) / 2
}
