import type { SearchParams } from '../view-state/search-params.ts'

const HOUR_MS = 3_600_000
/** Spans of time up to now, by the name that stands in the address. */
export const SPANS = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 168 * HOUR_MS,
  '30d': 720 * HOUR_MS,
}
export type Span = keyof typeof SPANS

export function isSpan(text: string): text is Span {
  return Object.hasOwn(SPANS, text)
}

const NAMES = ['target', 'component', 'status'] as const

/**
 * The parameters of the API for the filters of the address: `last` is a span up to now, `from` and `to` are times as a
 * browser's field gives them, in the reader's time zone. What is no time is left out.
 */
export function readCaptureFilter(
  params: SearchParams,
  nowMs: number,
): Readonly<Record<string, string>> {
  const filter: Record<string, string> = {}
  for (const name of NAMES) {
    const value = params[name]
    if (value !== undefined && value !== '') filter[name] = value
  }
  const last = params['last'] ?? ''
  if (isSpan(last)) return { ...filter, from: new Date(nowMs - SPANS[last]).toISOString() }
  for (const name of ['from', 'to'] as const) {
    const timeMs = Date.parse(params[name] ?? '')
    if (!Number.isNaN(timeMs)) filter[name] = new Date(timeMs).toISOString()
  }
  return filter
}
