import { readlinkSync } from 'node:fs'
import { fractionText } from '../../../profile/index.ts'
import { type ZoneTime, zoneTimeAt } from './local-zone.ts'

const SECOND_NS = 1_000_000_000n

/**
 * A moment in this machine's time zone, as pprof writes it: `2006-01-02 15:04:05 MST`, or exact,
 * `2006-01-02 15:04:05.123456789 -0700 MST`.
 */
export function formatLocalTime(timeNs: bigint, precision: 'seconds' | 'exact'): string {
  const fraction = ((timeNs % SECOND_NS) + SECOND_NS) % SECOND_NS
  const date = new Date(Number((timeNs - fraction) / 1_000_000n))
  if (isZoneUtc()) {
    const [day, time] = date.toISOString().slice(0, -5).split('T')
    return `${day} ${time}${precision === 'seconds' ? '' : `${fractionText(fraction)} +0000`} UTC`
  }
  const { name, offsetSeconds } = localTimeAt(date)
  const shown = new Date(date.getTime() + offsetSeconds * 1000)
  const [day, time] = shown.toISOString().slice(0, -5).split('T')
  if (precision === 'seconds') return `${day} ${time} ${name}`
  return `${day} ${time}${fractionText(fraction)} ${offsetText(offsetSeconds)} ${name}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function offsetText(offsetSeconds: number): string {
  const minutes = Math.floor(Math.abs(offsetSeconds) / 60)
  const sign = offsetSeconds < 0 ? '-' : '+'
  return `${sign}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`
}

/** A Date takes 3 ms to compute its first local time, and most servers use UTC. */
function isZoneUtc(): boolean {
  const zone = process.env['TZ'] ?? linkOf('/etc/localtime')
  return /^$|(^|\/)(UTC|Universal|Zulu)$/.test(zone)
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return 'unknown'
  }
}

/** Time and zone name come from one source: the machine's zone data, else Node's. */
function localTimeAt(date: Date): ZoneTime {
  const known = zoneTimeAt(process.env['TZ'], Math.floor(date.getTime() / 1000))
  if (known !== null) return known
  const offsetSeconds = -date.getTimezoneOffset() * 60
  // Go's name for a zone that does not exist.
  if (offsetSeconds === 0) return { name: 'UTC', offsetSeconds }
  const parts = new Intl.DateTimeFormat('en', { timeZoneName: 'short' }).formatToParts(date)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC'
  return { name, offsetSeconds }
}
