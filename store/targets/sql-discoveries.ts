import type { Transaction } from 'kysely'
import type { Schema } from '../schema/schema.ts'
import type { FoundProcess } from './target-store.ts'

/** How long a process that is gone is still shown. */
const GONE_KEPT_MS = 24 * 3600 * 1000

interface Discovered {
  readonly name: string
  readonly processes: readonly FoundProcess[]
  readonly note: string | null
}

/** Replaces the processes of the target, unless it was deleted meanwhile. */
export async function saveDiscovered(
  trx: Transaction<Schema>,
  { name, processes, note }: Discovered,
  nowMs: number,
): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('target')
    .set({ discoveredAtMs: nowMs, troubleJson: null, note })
    .where('name', '=', name)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return
  for (const found of processes) {
    await saveProcess(trx, found)
    await saveTargetProcess(trx, { name, found }, nowMs)
  }
  const missing = trx
    .updateTable('targetProcess')
    .set({ goneAtMs: nowMs })
    .where('target', '=', name)
    .where('goneAtMs', 'is', null)
  const keys = processes.map(({ key }) => key)
  await (keys.length === 0 ? missing : missing.where('processKey', 'not in', keys)).execute()
  await trx
    .deleteFrom('targetProcess')
    .where('target', '=', name)
    .where('goneAtMs', '<', nowMs - GONE_KEPT_MS)
    .execute()
}

async function saveProcess(trx: Transaction<Schema>, found: FoundProcess): Promise<void> {
  const { key, component, cluster, group, groupMax } = found
  const facts = { component, cluster, groupName: group, groupMax }
  await trx
    .insertInto('process')
    .values({ key, ...NEW_PROCESS, ...facts })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(facts))
    .execute()
}

const NEW_PROCESS = {
  failureCount: 0,
  nextTryAtMs: null,
  troubleJson: null,
  lastCaptureId: null,
  lastCaptureStatus: null,
  lastCaptureAtMs: null,
  lastSuccessAtMs: null,
  leaseOwner: null,
  leaseToken: null,
  leaseUntilMs: null,
  leaseCaptureId: null,
  fence: 0,
} as const

interface TargetAndProcess {
  readonly name: string
  readonly found: FoundProcess
}

async function saveTargetProcess(
  trx: Transaction<Schema>,
  { name, found }: TargetAndProcess,
  nowMs: number,
): Promise<void> {
  const { instance, via, note } = found
  const addressJson = JSON.stringify(found.address)
  const seen = { instance, via, note, addressJson, seenAtMs: nowMs, goneAtMs: null }
  await trx
    .insertInto('targetProcess')
    .values({ target: name, processKey: found.key, ...seen })
    .onConflict((conflict) => conflict.columns(['target', 'processKey']).doUpdateSet(seen))
    .execute()
}
