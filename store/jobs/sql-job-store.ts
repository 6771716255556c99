import { randomUUID } from 'node:crypto'
import { type Kysely, sql, type Transaction, type UpdateObject } from 'kysely'
import type { Schema } from '../schema/schema.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'
import type { CrashRules, JobClaim, JobStore } from './job-store.ts'

const EXPIRED_MAX = 100

type JobTable = 'analysis' | 'captureJudgement'
export type JobChange = UpdateObject<Schema, JobTable>

/** What identifies one run of a job. */
type Fence = Pick<JobClaim, 'id' | 'leaseToken'>

/** A claimed job. Its versions are unknown when the worker that claimed it is gone. */
export type HeldJob = Pick<JobClaim, 'id' | 'leaseToken' | 'crashCount' | 'claimedAtMs'> & {
  readonly versions: JobClaim['versions'] | null
}

/** The table of a kind of job, and the names of its states. */
export interface JobRows {
  readonly table: JobTable
  readonly key: 'id' | 'captureId'
  readonly heldState: 'analysing' | 'judging'
  /** What a backoff counts from when a lease ran out. */
  readonly backoffFrom: 'claimedAtMs' | 'leaseUntilMs'
  /** The columns of a job that no worker holds. */
  readonly unclaimed: JobChange
}

/** The ways a job ends. Each method returns false when the lease was lost. */
export interface JobEndings<Claim, Result, Failure> {
  complete(trx: Transaction<Schema>, claim: Claim, result: Result, nowMs: number): Promise<boolean>
  fail(trx: Transaction<Schema>, job: HeldJob, failure: Failure, nowMs: number): Promise<boolean>
  /** When the job has crashed as often as allowed. */
  giveUp(trx: Transaction<Schema>, job: HeldJob, failure: Failure, nowMs: number): Promise<boolean>
  /** Why a job is given up after all its workers died. */
  readonly workersGone: Failure
}

export function sqlJobStore<Claim extends JobClaim, Result, Failure>(
  { write, now }: SqlStoreOptions,
  rows: JobRows,
  endings: JobEndings<Claim, Result, Failure>,
): JobStore<Claim, Result, Failure> {
  const update = (claim: Claim, change: JobChange) =>
    write((trx) => updateHeldJob(trx, rows, claim, change), 'repeatable read')
  const crash = async (
    trx: Transaction<Schema>,
    job: HeldJob,
    failure: Failure,
    rules: CrashRules,
  ) => {
    // The claim has counted the crash already.
    if (job.crashCount >= rules.crashCountMax) return endings.giveUp(trx, job, failure, now())
    const backoffMs = rules.backoffMs[job.crashCount - 1] ?? rules.backoffMs.at(-1) ?? 0
    const notBeforeMs = Math.max(now(), job.claimedAtMs + backoffMs)
    return updateHeldJob(trx, rows, job, { ...rows.unclaimed, notBeforeMs })
  }
  return {
    renew: (claim, leaseMs) => update(claim, { leaseUntilMs: now() + leaseMs }),
    complete: (claim, result) =>
      write((trx) => endings.complete(trx, claim, result, now()), 'repeatable read'),
    fail: (claim, failure) =>
      write((trx) => endings.fail(trx, claim, failure, now()), 'repeatable read'),
    release: (claim) => update(claim, { ...rows.unclaimed, crashCount: claim.crashCount - 1 }),
    retryLater: (claim, delayMs) =>
      update(claim, {
        ...rows.unclaimed,
        crashCount: claim.crashCount - 1,
        retryCount: claim.retryCount + 1,
        notBeforeMs: now() + delayMs,
      }),
    crashed: (claim, failure, rules) =>
      write((trx) => crash(trx, claim, failure, rules), 'repeatable read'),
    expireLeases: (beforeMs, rules) =>
      write(async (trx) => {
        const expired = await expiredJobs(trx, rows, beforeMs, now())
        for (const job of expired) await crash(trx, job, endings.workersGone, rules)
        return expired.length
      }),
  }
}

/** Changes a job that is still held; false when its lease was lost to another. */
export async function updateHeldJob(
  trx: Transaction<Schema>,
  rows: JobRows,
  fence: Fence,
  change: JobChange,
): Promise<boolean> {
  const { numUpdatedRows } = await heldJobUpdate(trx, rows, { fence, change }).executeTakeFirst()
  return numUpdatedRows === 1n
}

/** The same as a statement. */
export function heldJobUpdate(
  db: Kysely<Schema>,
  { table, key }: JobRows,
  { fence: { id, leaseToken }, change }: { readonly fence: Fence; readonly change: JobChange },
) {
  return db.updateTable(table).set(change).where(key, '=', id).where('leaseToken', '=', leaseToken)
}

/** What every claim writes to the row of its job besides the state, and what identifies it from then on. */
export function heldJob(leaseMs: number, nowMs: number) {
  const leaseToken = randomUUID()
  return {
    change: {
      crashCount: sql<number>`${sql.ref('crashCount')} + 1`,
      leaseToken,
      leaseUntilMs: nowMs + leaseMs,
    },
    fence: { leaseToken, claimedAtMs: nowMs },
  }
}

/** The jobs of workers that are gone. */
async function expiredJobs(
  trx: Transaction<Schema>,
  { table, key, heldState, backoffFrom }: JobRows,
  beforeMs: number,
  nowMs: number,
): Promise<readonly HeldJob[]> {
  const rows = await trx
    .selectFrom(table)
    .select([`${key} as id`, `${backoffFrom} as claimedAtMs`, 'leaseToken', 'crashCount'])
    .where('state', '=', heldState)
    .where('leaseUntilMs', '<', beforeMs)
    .limit(EXPIRED_MAX)
    .execute()
  return rows.map(({ leaseToken, claimedAtMs, ...row }) => ({
    ...row,
    leaseToken: leaseToken ?? '',
    claimedAtMs: claimedAtMs ?? nowMs,
    versions: null,
  }))
}

/** The columns with the versions of the code that derived a result. */
export function versionColumns(versions: JobClaim['versions'] | null) {
  if (versions === null) return {}
  return { decoderVersion: versions.decoder, ruleSetVersion: versions.ruleSet }
}
