import { type Metrics, sumOf } from '../../judge/facts/metrics.ts'
import type { Verdict } from '../../judge/verdict/verdict.ts'

const ALLOCATED = 'go_memstats_alloc_bytes_total'

/**
 * What share of all bytes that the process has allocated was allocated while the capture was taken, 0 to 1; `null` for
 * other values, or without pages from before and after.
 */
export function allocatedMeanwhile({ signal }: Verdict, metrics: Metrics): number | null {
  const window = metrics.windows.find(({ since }) => since === 'capture')
  if (signal.reads !== 'alloc_space' || window === undefined) return null
  const [now, before] = [sumOf(metrics.current, ALLOCATED), sumOf(window.page, ALLOCATED)]
  if (now === null || before === null || now <= 0) return null
  return (now - before) / now
}
