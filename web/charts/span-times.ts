import type { TimeSpan } from './chart.ts'

/** The times of an address that shows a span. */
export function timesOfSpan({ fromMs, toMs }: TimeSpan) {
  return { from: spanTime(fromMs), to: spanTime(toMs) }
}

/** Also those of the time before, which is as long. */
export function timesOfComparison(span: TimeSpan) {
  const times = timesOfSpan(span)
  return {
    ...times,
    before: spanTime(span.fromMs - (span.toMs - span.fromMs)),
    beforeTo: times.from,
  }
}

/** Whole seconds, as an address should have them. */
function spanTime(timeMs: number): string {
  return new Date(Math.round(timeMs / 1000) * 1000).toISOString()
}
