import type { TimeZone } from '../texts/time-zone.ts'

/** A time as a field for dates and times shows it, `2026-11-21T09:30`; `''` for none. */
export function toTimeField(time: string | undefined, zone: TimeZone): string {
  const date = new Date(time ?? '')
  if (Number.isNaN(date.getTime())) return ''
  const offsetMs = zone === 'utc' ? 0 : date.getTimezoneOffset() * 60_000
  return new Date(date.getTime() - offsetMs).toISOString().slice(0, 16)
}

/** What such a field holds as RFC 3339 in UTC; `null` where it holds no time. */
export function fromTimeField(text: string, zone: TimeZone): string | null {
  // A text without a zone is read in that of the reader's clock.
  const timeMs = Date.parse(zone === 'utc' ? `${text}Z` : text)
  return Number.isNaN(timeMs) ? null : new Date(timeMs).toISOString()
}
