import type { WorkerMetrics } from '../worker-metrics.ts'

interface Deleted {
  readonly count: number
  /** Whether nothing is left that could be deleted. */
  readonly isAll: boolean
}

/**
 * Knows for how long a step of deletion has left something, sweep after sweep, or has failed: then more comes in than is
 * deleted.
 */
export function openDeletionLag(
  metrics: Pick<WorkerMetrics, 'setDeletionBehind'>,
  monotonicMs: () => number,
) {
  const behindSinceMs = new Map<string, number>()
  return async (step: string, work: () => Promise<Deleted>): Promise<number> => {
    if (!behindSinceMs.has(step)) behindSinceMs.set(step, monotonicMs())
    try {
      const { count, isAll } = await work()
      if (isAll) behindSinceMs.delete(step)
      return count
    } finally {
      const nowMs = monotonicMs()
      metrics.setDeletionBehind(nowMs - Math.min(nowMs, ...behindSinceMs.values()))
    }
  }
}
