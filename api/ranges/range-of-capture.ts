import type { CaptureSummary } from '../profiles/captures.ts'
import { formatSelector } from './selector.ts'

/** The range of history that one capture is, of its CPU profile. */
export interface CaptureRange {
  readonly type: 'cpu'
  readonly q: string
  /** RFC 3339. */
  readonly from: string
  readonly to: string
}

/** `null` where the process of the capture is not known. */
export function rangeOfCapture(capture: CaptureSummary): CaptureRange | null {
  if (capture.target === null) return null
  const { target, cluster, instance, startedAt, finishedAt, createdAt } = capture
  const labels = { target, cluster: cluster ?? '', instance: instance ?? '' }
  const q = formatSelector(
    Object.entries(labels).map(([name, value]) => ({ name, operator: '=', value })),
  )
  const from = startedAt ?? createdAt
  // Captures are found by when they began.
  const to = new Date(Math.max(Date.parse(finishedAt ?? from), Date.parse(from) + 1000))
  return { type: 'cpu', q, from, to: to.toISOString() }
}
