import type { Transaction } from 'kysely'
import { insertWaitingCapture } from './insert-waiting-capture.ts'
import type { AlertOutcome, AlertRequest, CostRules } from './schedule-store.ts'
import type { Schema } from '../schema/schema.ts'
import { costsTooMuch } from './sql-cost.ts'

/** Alertmanager repeats an alert for as long as it fires. */
const ALERT_KEPT_MS = 7 * 24 * 3600 * 1000

interface FiredAlert {
  readonly request: AlertRequest
  readonly cost: CostRules
}

export async function fireAlert(
  trx: Transaction<Schema>,
  { request, cost }: FiredAlert,
  nowMs: number,
): Promise<AlertOutcome> {
  const { trigger, target, processKey } = request
  const alertKey = `alert ${request.alertKey} ${processKey}`
  if (await isSeen(trx, alertKey, nowMs)) return { skipped: 'repeated' }
  const coolingKey = `cooldown ${trigger.name} ${processKey}`
  if (await isSeen(trx, coolingKey, nowMs)) return { skipped: 'cooldown' }
  if (await costsTooMuch(trx, { processKey, request: trigger.request, cost }, nowMs)) {
    return { skipped: 'cost' }
  }
  await see(trx, { key: alertKey, untilMs: nowMs + ALERT_KEPT_MS })
  await see(trx, { key: coolingKey, untilMs: nowMs + trigger.cooldownMs })
  const captureId = await insertWaitingCapture(
    trx,
    {
      origin: 'alert',
      schedule: null,
      target,
      processKey,
      slotAtMs: nowMs,
      request: trigger.request,
      note: `${trigger.name}: alert ${request.alertName}`,
    },
    nowMs,
  )
  return { captureId }
}

async function isSeen(trx: Transaction<Schema>, key: string, nowMs: number): Promise<boolean> {
  const row = await trx
    .selectFrom('alertSeen')
    .select('key')
    .where('key', '=', key)
    .where('untilMs', '>', nowMs)
    .executeTakeFirst()
  return row !== undefined
}

async function see(
  trx: Transaction<Schema>,
  row: { readonly key: string; readonly untilMs: number },
): Promise<void> {
  await trx
    .insertInto('alertSeen')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
    .execute()
}
