import type { PackingRules } from '../store/index.ts'
import type { HistoryOptions } from './options.ts'

const LEASE_MS = 10 * 60 * 1000
/** As many decoded profiles fit into the memory of a decoder at once. */
const PENDING_MAX = 100

/** When waiting profiles are packed, how many at once, and for how long a worker holds them. */
export function packingRules({
  pendingMin,
  pendingMsMax,
}: Pick<HistoryOptions, 'pendingMin' | 'pendingMsMax'>): Omit<PackingRules, 'dayEndedBeforeMs'> {
  return { pendingMin, pendingMsMax, pendingMax: PENDING_MAX, leaseMs: LEASE_MS }
}
