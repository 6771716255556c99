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

type CapturedProcess = Pick<
  CaptureSummary,
  'target' | 'cluster' | 'instance' | 'startedAt' | 'createdAt'
>

/**
 * `null` where the process of the capture is not known. Captures are found by when they began: until when one was taken is
 * not asked, which of an uploaded one may be when it came, days later.
 */
export function rangeOfCapture(capture: CapturedProcess): CaptureRange | null {
  if (capture.target === null) return null
  const { target, cluster, instance, startedAt, createdAt } = capture
  const labels = { target, cluster: cluster ?? '', instance: instance ?? '' }
  const q = formatSelector(
    Object.entries(labels).map(([name, value]) => ({ name, operator: '=', value })),
  )
  const from = startedAt ?? createdAt
  return { type: 'cpu', q, from, to: new Date(Date.parse(from) + 1000).toISOString() }
}
