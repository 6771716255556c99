import { type TimeZone, zoneNameOf } from '../texts/time-zone.ts'
import { formatIn } from './format-time.ts'

/** A time as a field for dates and times shows it, `2026-11-21T09:30`; `''` for none. */
export function toTimeField(time: string | undefined, zone: TimeZone): string {
  const date = new Date(time ?? '')
  if (Number.isNaN(date.getTime())) return ''
  return new Date(date.getTime() + offsetMs(date.getTime(), zone)).toISOString().slice(0, 16)
}

/** What such a field holds as RFC 3339 in UTC; `null` where it holds no time. */
export function fromTimeField(text: string, zone: TimeZone): string | null {
  const wallMs = Date.parse(`${text}Z`)
  if (Number.isNaN(wallMs)) return null
  // The offset of the time that is sought may be another one than that of the first guess, on the day when clocks change.
  const guessMs = wallMs - offsetMs(wallMs, zone)
  return new Date(wallMs - offsetMs(guessMs, zone)).toISOString()
}

/** How far the clocks of a zone are ahead of UTC at a time. */
function offsetMs(timeMs: number, zone: TimeZone): number {
  if (zone === 'utc') return 0
  const wall = formatIn(zoneNameOf(zone), false).format(timeMs)
  return Date.parse(`${wall.replace(' ', 'T')}Z`) - Math.floor(timeMs / 1000) * 1000
}
