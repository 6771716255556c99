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
  if ((await seenUntilMs(trx, alertKey)) > nowMs) return { skipped: 'repeated' }
  const coolingKey = `cooldown ${trigger.name} ${processKey}`
  const coolsUntilMs = await seenUntilMs(trx, coolingKey)
  // One that ends later than a whole one from now is from before the clock was set back.
  const isCooling = coolsUntilMs > nowMs && coolsUntilMs <= nowMs + trigger.cooldownMs
  if (isCooling) return { skipped: 'cooldown' }
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

/** 0 when it was never seen. */
async function seenUntilMs(trx: Transaction<Schema>, key: string): Promise<number> {
  const row = await trx
    .selectFrom('alertSeen')
    .select('untilMs')
    .where('key', '=', key)
    .executeTakeFirst()
  return row?.untilMs ?? 0
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
