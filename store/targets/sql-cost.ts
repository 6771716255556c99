import type { Transaction } from 'kysely'
import { type RequestedCapture, USUAL_CPU_SECONDS } from '../captures/requested-capture.ts'
import type { CostRules } from './schedule-store.ts'
import type { Schema } from '../schema/schema.ts'

interface Asked {
  readonly processKey: string
  readonly request: RequestedCapture
  readonly cost: CostRules
}

/** Whether the process would exceed its share of CPU profiling in the window. */
export async function costsTooMuch(
  trx: Transaction<Schema>,
  { processKey, request, cost }: Asked,
  nowMs: number,
): Promise<boolean> {
  const cpuMs = cpuMsOf(request)
  if (cpuMs === 0) return false
  const { takenMs } = await trx
    .selectFrom('profiledTime')
    .select(({ fn }) => fn.sum<number | null>('cpuMs').as('takenMs'))
    .where('processKey', '=', processKey)
    .where('atMs', '>', nowMs - cost.windowMs)
    .executeTakeFirstOrThrow()
  return (takenMs ?? 0) + cpuMs > cost.share * cost.windowMs
}

/** How long the CPU is profiled; 0 when it is not. */
export function cpuMsOf({ profiles, seconds }: RequestedCapture): number {
  if (profiles !== null && !profiles.includes('cpu')) return 0
  return (seconds ?? USUAL_CPU_SECONDS) * 1000
}
