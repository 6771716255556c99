import { type TimeZone, zoneNameOf } from '../texts/time-zone.ts'
import type { Language } from '../texts/language.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

/** Sweden writes times as ISO 8601 does, with a blank. */
export function formatIn(zoneName: string, hasZone: boolean): Intl.DateTimeFormat {
  const key = `${zoneName} ${hasZone}`
  const known = formats.get(key)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('sv-SE', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone: zoneName,
    ...(hasZone ? { timeZoneName: 'short' } : {}),
  })
  formats.set(key, format)
  return format
}

const STEPS: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, sizeSeconds: number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** `3 minutes ago`, `in 7 days`, `7 天后`. `nowMs` is the current time of the page. */
export function formatTimeAgo(time: string, nowMs: number, language: Language): string {
  const seconds = (Date.parse(time) - nowMs) / 1000
  if (!Number.isFinite(seconds)) return '–'
  // Chinese has a space between a number and its unit elsewhere on the page.
  return relativeTo(seconds, language).replace(/\d(?=\p{Script=Han})/u, '$& ')
}

function relativeTo(seconds: number, language: Language): string {
  const format = relativeIn(language)
  for (const [unit, sizeSeconds] of STEPS) {
    if (Math.abs(seconds) >= sizeSeconds)
      return format.format(Math.round(seconds / sizeSeconds), unit)
  }
  return format.format(Math.round(seconds), 'second')
}

/** `2026-11-21 09:30:05 UTC`, or in another zone `2026-11-21 17:30:05 GMT+8`. */
export function formatTime(time: string, zone: TimeZone): string {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return '–'
  if (zone === 'utc') return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
  return formatIn(zoneNameOf(zone), true).format(date)
}

const relativeFormats = new Map<Language, Intl.RelativeTimeFormat>()

function relativeIn(language: Language): Intl.RelativeTimeFormat {
  const known = relativeFormats.get(language)
  if (known !== undefined) return known
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB'
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  relativeFormats.set(language, format)
  return format
}
