import type { Transaction } from 'kysely'
import { insertCapture } from '../captures/insert-capture.ts'
import type { RequestedCapture } from '../captures/requested-capture.ts'
import type { Schema } from '../schema/schema.ts'
import { targetName } from '../target-name.ts'
import { cpuMsOf } from './sql-cost.ts'
import { setProfiledTime } from './sql-process-store.ts'

interface WantedCapture {
  readonly origin: 'schedule' | 'alert'
  readonly schedule: string | null
  readonly target: string
  readonly processKey: string
  /** When it was due. */
  readonly slotAtMs: number
  readonly request: RequestedCapture
  readonly note: string | null
}

/** Adds a waiting capture of a process, counts its profiling time, and returns its id. */
export async function insertWaitingCapture(
  trx: Transaction<Schema>,
  wanted: WantedCapture,
  nowMs: number,
): Promise<string> {
  const { origin, schedule, target, processKey, slotAtMs, note } = wanted
  const request = { ...wanted.request, slotAtMs }
  const process = await trx
    .selectFrom('targetProcess')
    .innerJoin('process', 'process.key', 'targetProcess.processKey')
    .innerJoin('target', 'target.name', 'targetProcess.target')
    .select(['process.component', 'process.cluster', 'targetProcess.instance', 'target.space'])
    .where('targetProcess.target', '=', target)
    .where('targetProcess.processKey', '=', processKey)
    .executeTakeFirstOrThrow()
  const capture = { origin, target: targetName(target), processKey, schedule, request, note }
  const id = await insertCapture(trx, { ...capture, ...process, seconds: null, labels: [] }, nowMs)
  await setProfiledTime(trx, { captureId: id, processKey, cpuMs: cpuMsOf(request) }, nowMs)
  return id
}
