import { sql, type Kysely, type Transaction } from 'kysely'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'
import type { Schema } from '../schema/schema.ts'
import type { PullBackRules, StoreClock } from './store-clock.ts'

const MINUTE_MS = 60_000
/** Clocks of several machines differ a little. */
const SKEW_MS = 1000
/** The longest wait before a job is tried again; see worker/jobs/run-job.ts. */
const RETRY_MS_MAX = 5 * MINUTE_MS
/** Leases of captures, processes and packing, and waits between discoveries, are not longer by default. */
const COLLECT_MS_MAX = 10 * MINUTE_MS

/** A column of times, which rows of it are meant, and how far in the future they may lie. */
interface TimeColumn {
  readonly table: keyof Schema
  readonly column: string
  readonly where: string
  readonly aheadMsMax: number
  /** What is set instead, from now. */
  readonly setMs: number
}

export function sqlStoreClock({ db, write, now }: SqlStoreOptions): StoreClock {
  return {
    now,
    async pullBack(rules) {
      const nowMs = now()
      const columns = timeColumns(rules)
      // Looking takes no lock, and mostly there is nothing to do.
      const ahead: TimeColumn[] = []
      for (const column of columns) if (await hasAhead(db, column, nowMs)) ahead.push(column)
      if (ahead.length === 0) return 0
      return await write(async (trx) => {
        let count = 0
        for (const column of ahead) count += await pull(trx, column, nowMs)
        return count
      })
    },
  }
}

function timeColumns({ jobLeaseMs }: PullBackRules): readonly TimeColumn[] {
  const lease = {
    column: 'leaseUntilMs',
    aheadMsMax: 2 * jobLeaseMs + MINUTE_MS,
    setMs: jobLeaseMs,
  }
  const wait = { column: 'notBeforeMs', setMs: 0 }
  const first = `"crashCount" = 0 and "retryCount" = 0`
  const collected = { aheadMsMax: COLLECT_MS_MAX, setMs: MINUTE_MS }
  return [
    { ...lease, table: 'analysis', where: `"state" = 'analysing'` },
    { ...lease, table: 'captureJudgement', where: `"state" = 'judging'` },
    { ...wait, table: 'analysis', where: `"state" = 'received' and ${first}`, aheadMsMax: SKEW_MS },
    { ...wait, table: 'analysis', where: `"state" = 'received'`, aheadMsMax: RETRY_MS_MAX },
    {
      ...wait,
      table: 'captureJudgement',
      where: `"state" = 'waiting' and ${first}`,
      aheadMsMax: SKEW_MS,
    },
    { ...wait, table: 'captureJudgement', where: `"state" = 'waiting'`, aheadMsMax: RETRY_MS_MAX },
    { ...collected, table: 'capture', column: 'leaseUntilMs', where: `"status" = 'running'` },
    { ...collected, table: 'process', column: 'leaseUntilMs', where: '1 = 1' },
    { ...collected, table: 'historyGroup', column: 'leaseUntilMs', where: '1 = 1' },
    { ...collected, table: 'process', column: 'nextTryAtMs', where: '1 = 1' },
    { ...collected, table: 'target', column: 'discoverAtMs', where: '1 = 1', setMs: 0 },
  ]
}

async function hasAhead(
  db: Kysely<Schema>,
  { table, column, where, aheadMsMax }: TimeColumn,
  nowMs: number,
): Promise<boolean> {
  const { rows } = await sql`select 1 from ${sql.table(table)}
    where ${sql.raw(where)} and ${sql.ref(column)} > ${nowMs + aheadMsMax} limit 1`.execute(db)
  return rows.length > 0
}

async function pull(
  trx: Transaction<Schema>,
  { table, column, where, aheadMsMax, setMs }: TimeColumn,
  nowMs: number,
): Promise<number> {
  const { numAffectedRows } = await sql`update ${sql.table(table)}
    set ${sql.ref(column)} = ${nowMs + setMs}
    where ${sql.raw(where)} and ${sql.ref(column)} > ${nowMs + aheadMsMax}`.execute(trx)
  return Number(numAffectedRows ?? 0n)
}
