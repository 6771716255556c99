import { readlinkSync } from 'node:fs'
import { fractionText } from '../../../profile/index.ts'
import { zoneAbbreviation } from './zone-abbreviation.ts'

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
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  if (precision === 'seconds') return `${day} ${time} ${zoneName(date)}`
  return `${day} ${time}${fractionText(fraction)} ${offsetText(date)} ${zoneName(date)}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function offsetText(date: Date): string {
  const minutes = -date.getTimezoneOffset()
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`
}

/** Asking a Date for local time takes 3 ms the first time, and servers live in UTC. */
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

function zoneName(date: Date): string {
  const name = zoneAbbreviation({
    zone: process.env['TZ'],
    timeSeconds: Math.floor(date.getTime() / 1000),
    offsetSeconds: -date.getTimezoneOffset() * 60,
  })
  if (name !== null) return name
  // The name of a zone that there is none of, as Go has it.
  if (date.getTimezoneOffset() === 0) return 'UTC'
  const parts = new Intl.DateTimeFormat('en', { timeZoneName: 'short' }).formatToParts(date)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC'
}
