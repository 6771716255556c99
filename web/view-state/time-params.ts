import type { SearchParams } from './search-params.ts'

const HOUR_MS = 3_600_000
/** Spans of time up to now, by the name that stands in the address. */
export const SPANS = {
  '1h': HOUR_MS,
  '6h': 6 * HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 168 * HOUR_MS,
  '30d': 720 * HOUR_MS,
}
export type Span = keyof typeof SPANS
export const SPAN_NAMES = ['1h', '6h', '24h', '7d', '30d'] as const

export function isSpan(text: string): text is Span {
  return Object.hasOwn(SPANS, text)
}

/** Times as parameters of the API, in RFC 3339. */
export interface Times {
  readonly from?: string
  readonly to?: string
}

/**
 * The times of an address: `last` is a span up to now, else `from` and `to` are times in RFC 3339. What is no time is left
 * out.
 */
export function readTimes(params: SearchParams, nowMs: number): Times {
  const last = params['last'] ?? ''
  if (isSpan(last)) return { from: new Date(nowMs - SPANS[last]).toISOString() }
  const times: Record<string, string> = {}
  for (const name of ['from', 'to'] as const) {
    const timeMs = Date.parse(params[name] ?? '')
    if (!Number.isNaN(timeMs)) times[name] = new Date(timeMs).toISOString()
  }
  return times
}
