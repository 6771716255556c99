import type { Kysely } from 'kysely'
import { fromJson } from '../database/from-json.ts'
import type { Schema } from '../schema/schema.ts'
import type { StoredProcess } from './target-store.ts'

interface ProcessFilter {
  readonly targets: readonly string[]
  readonly key?: string
}

/** The processes of these targets, by target and key. */
export async function listProcesses(
  db: Kysely<Schema>,
  { targets, key }: ProcessFilter,
  nowMs: number,
): Promise<readonly StoredProcess[]> {
  if (targets.length === 0) return []
  let query = processes(db)
    .where('targetProcess.target', 'in', targets)
    .orderBy('targetProcess.target')
    .orderBy('targetProcess.processKey')
  if (key !== undefined) query = query.where('targetProcess.processKey', '=', key)
  const rows = await query.execute()
  const runs = await nextRuns(
    db,
    rows.map(({ processKey }) => processKey),
  )
  return rows.map((row) => toProcess(row, { nowMs, nextRun: runs.get(row.processKey) ?? null }))
}

function processes(db: Kysely<Schema>) {
  return db
    .selectFrom('targetProcess')
    .innerJoin('process', 'process.key', 'targetProcess.processKey')
    .select([
      'targetProcess.target',
      'targetProcess.processKey',
      'targetProcess.instance',
      'targetProcess.via',
      'targetProcess.note',
      'targetProcess.addressJson',
      'targetProcess.seenAtMs',
      'targetProcess.goneAtMs',
      'process.component',
      'process.cluster',
      'process.groupName',
      'process.groupMax',
      'process.failureCount',
      'process.nextTryAtMs',
      'process.troubleJson',
      'process.lastCaptureId',
      'process.lastCaptureStatus',
      'process.lastCaptureAtMs',
      'process.lastSuccessAtMs',
      'process.leaseUntilMs',
    ])
}

type ProcessRow = NonNullable<Awaited<ReturnType<ReturnType<typeof processes>['executeTakeFirst']>>>

type NextRun = NonNullable<StoredProcess['nextRun']>

interface RowContext {
  readonly nowMs: number
  readonly nextRun: NextRun | null
}

function toProcess(row: ProcessRow, { nowMs, nextRun }: RowContext): StoredProcess {
  const { lastCaptureId: id, lastCaptureStatus: status, lastCaptureAtMs: atMs } = row
  return {
    key: row.processKey,
    target: row.target,
    component: row.component,
    instance: row.instance,
    cluster: row.cluster,
    via: row.via,
    note: row.note,
    address: JSON.parse(row.addressJson),
    group: row.groupName,
    groupMax: row.groupMax,
    seenAtMs: row.seenAtMs,
    goneAtMs: row.goneAtMs,
    failureCount: row.failureCount,
    nextTryAtMs: row.nextTryAtMs,
    trouble: fromJson(row.troubleJson),
    lastCapture: id === null || status === null || atMs === null ? null : { id, status, atMs },
    lastSuccessAtMs: row.lastSuccessAtMs,
    isLeased: row.leaseUntilMs !== null && row.leaseUntilMs > nowMs,
    nextRun,
  }
}

async function nextRuns(
  db: Kysely<Schema>,
  keys: readonly string[],
): Promise<ReadonlyMap<string, NextRun>> {
  if (keys.length === 0) return new Map()
  const slots = await db
    .selectFrom('slot')
    .innerJoin('schedule', 'schedule.name', 'slot.schedule')
    .select(['slot.processKey', 'slot.schedule', 'slot.nextAtMs'])
    .where('slot.processKey', 'in', keys)
    .where('slot.nextAtMs', 'is not', null)
    .where('schedule.pausedAtMs', 'is', null)
    .orderBy('slot.nextAtMs', 'desc')
    .execute()
  return new Map(
    slots.map(({ processKey, schedule, nextAtMs }) => [
      processKey,
      { schedule, atMs: nextAtMs ?? 0 },
    ]),
  )
}
