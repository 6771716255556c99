import { randomUUID } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import {
  FAILING_COUNT,
  type CaptureEnd,
  type LeaseRequest,
  type ProcessLease,
  type ProcessStore,
  type RaisedVerbosity,
} from './process-store.ts'
import type { Schema } from '../schema/schema.ts'
import { claimCapture } from '../captures/sql-capture-store.ts'
import { claimableCaptures } from './sql-claimable.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'

const FAILING_TRY_MS = 5 * 60_000
const PROFILED_KEPT_MS = 24 * 3600 * 1000

export function sqlProcessStore({ db, write, now }: SqlStoreOptions): ProcessStore {
  return {
    claimable: (request) => claimableCaptures(db, request, now()),
    claimCapture: (request) => write((trx) => claimWithProcess(trx, request, now())),
    lease: (request) => write((trx) => leaseProcess(trx, request, now())),
    renew: (lease, leaseMs) =>
      write(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('process')
          .set({ leaseUntilMs: now() + leaseMs })
          .where('key', '=', lease.key)
          .where('leaseToken', '=', lease.token)
          .executeTakeFirst()
        return numUpdatedRows === 1n
      }, 'repeatable read'),
    release: (lease, end) => write((trx) => releaseProcess(trx, { lease, end }, now())),
    setProfiledTime: (lease, cpuMs) =>
      write((trx) => setProfiledTime(trx, { ...lease, processKey: lease.key, cpuMs }, now())),
    verbosityRaised: (lease, { target, address, level }) =>
      write(async (trx) => {
        const addressJson = JSON.stringify(address)
        const row = { target, addressJson, level, leaseToken: lease.token }
        await trx
          .insertInto('raisedVerbosity')
          .values({ processKey: lease.key, ...row })
          .onConflict((conflict) => conflict.column('processKey').doUpdateSet(row))
          .execute()
      }),
    verbosityRestored: (key, leaseToken) =>
      write(async (trx) => {
        await trx
          .deleteFrom('raisedVerbosity')
          .where('processKey', '=', key)
          .where('leaseToken', '=', leaseToken)
          .execute()
      }),
    strandedVerbosities: (limit) => strandedVerbosities(db, limit, now()),
    countStates: () => countStates(db),
    prune: (limit) => write((trx) => prune(trx, limit, now())),
  }
}

/** Leases the process first; the lease is released when the capture turns out to be taken. */
async function claimWithProcess(trx: Transaction<Schema>, request: LeaseRequest, nowMs: number) {
  const lease = await leaseProcess(trx, request, nowMs)
  if (lease === null) return 'busy'
  const claim = await claimCapture(trx, { id: request.captureId, request }, nowMs)
  if (claim !== null) return { lease, claim }
  await releaseProcess(trx, { lease, end: null }, nowMs)
  return 'taken'
}

/** Serializable, so the counts still hold when the lease is written. */
async function leaseProcess(
  trx: Transaction<Schema>,
  { key, captureId, owner, leaseMs, clusterMax }: LeaseRequest,
  nowMs: number,
): Promise<ProcessLease | null> {
  const free = await trx
    .selectFrom('process')
    .select(['groupName', 'groupMax', 'cluster'])
    .where('key', '=', key)
    .where((where) =>
      where.or([where('leaseUntilMs', 'is', null), where('leaseUntilMs', '<=', nowMs)]),
    )
    .executeTakeFirst()
  if (free === undefined) return null
  const { groupName, groupMax, cluster } = free
  const countLeased = async (column: 'groupName' | 'cluster', value: string) => {
    const { count } = await trx
      .selectFrom('process')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('leaseUntilMs', '>', nowMs)
      .where(column, '=', value)
      .executeTakeFirstOrThrow()
    return count
  }
  if (groupName !== null && (await countLeased('groupName', groupName)) >= groupMax) return null
  if (cluster !== null && (await countLeased('cluster', cluster)) >= clusterMax) return null
  const token = randomUUID()
  const { fence } = await trx
    .updateTable('process')
    .set((update) => ({
      leaseOwner: owner,
      leaseToken: token,
      leaseUntilMs: nowMs + leaseMs,
      leaseCaptureId: captureId,
      fence: update('fence', '+', 1),
    }))
    .where('key', '=', key)
    .returning('fence')
    .executeTakeFirstOrThrow()
  return { key, captureId, token, fence }
}

interface Release {
  readonly lease: ProcessLease
  readonly end: CaptureEnd | null
}

async function releaseProcess(
  trx: Transaction<Schema>,
  { lease, end }: Release,
  nowMs: number,
): Promise<boolean> {
  const held = await trx
    .selectFrom('process')
    .select(['failureCount', 'nextTryAtMs', 'troubleJson', 'lastSuccessAtMs'])
    .where('key', '=', lease.key)
    .where('leaseToken', '=', lease.token)
    .executeTakeFirst()
  if (held === undefined) return false
  const ended =
    end === null
      ? {}
      : {
          lastCaptureId: lease.captureId,
          lastCaptureStatus: end.status,
          lastCaptureAtMs: nowMs,
          ...stateAfter(end, held, nowMs),
        }
  await trx
    .updateTable('process')
    .set({
      leaseOwner: null,
      leaseToken: null,
      leaseUntilMs: null,
      leaseCaptureId: null,
      ...ended,
    })
    .where('key', '=', lease.key)
    .execute()
  return true
}

interface ProcessState {
  readonly failureCount: number
  readonly nextTryAtMs: number | null
  readonly troubleJson: string | null
  readonly lastSuccessAtMs: number | null
}

function stateAfter(
  { status, trouble }: CaptureEnd,
  before: ProcessState,
  nowMs: number,
): ProcessState {
  if (status === 'cancelled') {
    const { failureCount, nextTryAtMs, troubleJson, lastSuccessAtMs } = before
    return { failureCount, nextTryAtMs, troubleJson, lastSuccessAtMs }
  }
  if (trouble === null) {
    return { failureCount: 0, nextTryAtMs: null, troubleJson: null, lastSuccessAtMs: nowMs }
  }
  const failureCount = before.failureCount + 1
  return {
    failureCount,
    nextTryAtMs: failureCount >= FAILING_COUNT ? nowMs + FAILING_TRY_MS : null,
    troubleJson: JSON.stringify(trouble),
    lastSuccessAtMs: before.lastSuccessAtMs,
  }
}

interface ProfiledTime {
  readonly captureId: string
  readonly processKey: string
  readonly cpuMs: number
}

/** Records profiled time from now on; a duration of 0 deletes the record. */
export async function setProfiledTime(
  trx: Transaction<Schema>,
  { captureId, processKey, cpuMs }: ProfiledTime,
  nowMs: number,
): Promise<void> {
  await trx.deleteFrom('profiledTime').where('captureId', '=', captureId).execute()
  if (cpuMs === 0) return
  await trx
    .insertInto('profiledTime')
    .values({ captureId, processKey, atMs: nowMs, cpuMs })
    .execute()
}

async function strandedVerbosities(
  db: Kysely<Schema>,
  limit: number,
  nowMs: number,
): Promise<readonly RaisedVerbosity[]> {
  const rows = await db
    .selectFrom('raisedVerbosity')
    .leftJoin('process', 'process.key', 'raisedVerbosity.processKey')
    .select([
      'raisedVerbosity.processKey as key',
      'raisedVerbosity.target',
      'raisedVerbosity.addressJson',
      'raisedVerbosity.level',
      'raisedVerbosity.leaseToken',
    ])
    .where((where) =>
      where.or([
        where('process.leaseUntilMs', 'is', null),
        where('process.leaseUntilMs', '<=', nowMs),
      ]),
    )
    .limit(limit)
    .execute()
  return rows.map(({ addressJson, ...row }) => ({ ...row, address: JSON.parse(addressJson) }))
}

async function countStates(db: Kysely<Schema>) {
  const rows = await db
    .selectFrom('process')
    .select(['failureCount', 'lastSuccessAtMs', 'lastCaptureId'])
    .where('key', 'in', (query) =>
      query.selectFrom('targetProcess').select('processKey').where('goneAtMs', 'is', null),
    )
    .execute()
  const counts = { unknown: 0, ok: 0, troubled: 0, failing: 0 }
  for (const { failureCount, lastCaptureId } of rows) {
    if (failureCount >= FAILING_COUNT) counts.failing += 1
    else if (failureCount > 0) counts.troubled += 1
    else if (lastCaptureId === null) counts.unknown += 1
    else counts.ok += 1
  }
  return counts
}

async function prune(trx: Transaction<Schema>, limit: number, nowMs: number): Promise<void> {
  await trx.deleteFrom('alertSeen').where('untilMs', '<', nowMs).execute()
  await trx
    .deleteFrom('profiledTime')
    .where('atMs', '<', nowMs - PROFILED_KEPT_MS)
    .execute()
  const unknown = await trx
    .selectFrom('process')
    .select('key')
    .where('key', 'not in', (query) => query.selectFrom('targetProcess').select('processKey'))
    .where((where) =>
      where.or([where('leaseUntilMs', 'is', null), where('leaseUntilMs', '<', nowMs)]),
    )
    .limit(limit)
    .execute()
  const keys = unknown.map(({ key }) => key)
  if (keys.length > 0) await trx.deleteFrom('process').where('key', 'in', keys).execute()
}
