import { readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'

/** Where Go looks for time zone data. */
const FOLDERS = [
  '/usr/share/zoneinfo',
  '/usr/share/lib/zoneinfo',
  '/usr/lib/locale/TZ',
  '/etc/zoneinfo',
]

/** The offset and name of a zone at one moment. */
export interface ZoneTime {
  /** `CET`, `+04` */
  readonly name: string
  /** East of UTC. */
  readonly offsetSeconds: number
}

/**
 * The offset and name of a zone at a moment, from the machine's zone data, which Go reads too: Node's own data may be
 * of another version, and time and name must agree. `zone` is the value of TZ; undefined for the machine's zone. Null
 * without data. https://www.rfc-editor.org/rfc/rfc9636 (TZif)
 */
export function zoneTimeAt(zone: string | undefined, timeSeconds: number): ZoneTime | null {
  for (const path of zonePaths(zone)) {
    try {
      return readZoneTime(readFileSync(path), timeSeconds)
    } catch {
      // Absent or invalid: try the next one.
    }
  }
  return null
}

function zonePaths(zone: string | undefined): readonly string[] {
  if (zone === undefined) return ['/etc/localtime']
  const name = zone.replace(/^:/, '')
  if (isAbsolute(name)) return [name]
  return name.includes('..') ? [] : FOLDERS.map((folder) => join(folder, name))
}

const HEADER_BYTES = 44

/** Throws where the bytes are not TZif of version 2 or later. */
function readZoneTime(file: Buffer, timeSeconds: number): ZoneTime {
  const first = readHeader(file, 0)
  const second = readHeader(file, HEADER_BYTES + first.sizeBytes(4))
  const { start, timeCount, typeCount } = second
  const typeOfTime = start + timeCount * 8
  const types = typeOfTime + timeCount
  const names = types + typeCount * 6
  let row = -1
  while (row + 1 < timeCount && Number(file.readBigInt64BE(start + (row + 1) * 8)) <= timeSeconds)
    row++
  const footer = file.toString('latin1', start + second.sizeBytes(8)).trim()
  if (row + 1 === timeCount && footer !== '') return timeByRule(footer, timeSeconds)
  const type = types + (row === -1 ? 0 : file.readUInt8(typeOfTime + row)) * 6
  const name = names + file.readUInt8(type + 5)
  return {
    name: file.toString('latin1', name, file.indexOf(0, name)),
    offsetSeconds: file.readInt32BE(type),
  }
}

function readHeader(file: Buffer, at: number) {
  if (file.toString('latin1', at, at + 4) !== 'TZif' || file.readUInt8(at + 4) < 0x32)
    throw new Error('no TZif')
  const countAt = (offset: number) => file.readUInt32BE(at + offset)
  const [utcCount, standardCount, leapCount] = [countAt(20), countAt(24), countAt(28)]
  const [timeCount, typeCount, charCount] = [countAt(32), countAt(36), countAt(40)]
  return {
    start: at + HEADER_BYTES,
    timeCount,
    typeCount,
    sizeBytes: (timeBytes: number) =>
      timeCount * (timeBytes + 1) +
      typeCount * 6 +
      charCount +
      leapCount * (timeBytes + 4) +
      standardCount +
      utcCount,
  }
}

const NAME = '(<[^>]+>|[A-Za-z]+)'
const OFFSET = '([-+]?\\d+(?::\\d+){0,2})'
const RULE = new RegExp(`^${NAME}${OFFSET}(?:${NAME}${OFFSET}?,([^,]+),([^,]+))?$`)

/** The rule for all later times, in the POSIX TZ format: `CET-1CEST,M3.5.0,M10.5.0/3`, with offsets west of UTC. */
function timeByRule(rule: string, timeSeconds: number): ZoneTime {
  const match = RULE.exec(rule)
  if (match === null) throw new Error('no rule of a zone')
  const [, standardName = '', west = '', summerName, summerWest, start = '', end = ''] = match
  const standard = { name: bare(standardName), offsetSeconds: -secondsOf(west) }
  if (summerName === undefined) return standard
  const summerOffset =
    summerWest === undefined ? standard.offsetSeconds + 3600 : -secondsOf(summerWest)
  const summer = { name: bare(summerName), offsetSeconds: summerOffset }
  const year = new Date((timeSeconds + standard.offsetSeconds) * 1000).getUTCFullYear()
  const startSeconds = changeSeconds(start, year) - standard.offsetSeconds
  const endSeconds = changeSeconds(end, year) - summer.offsetSeconds
  // South of the equator summer time spans the end of the year.
  const isSummer =
    startSeconds < endSeconds
      ? timeSeconds >= startSeconds && timeSeconds < endSeconds
      : timeSeconds >= startSeconds || timeSeconds < endSeconds
  return isSummer ? summer : standard
}

function bare(name: string): string {
  return name.replace(/^<|>$/g, '')
}

/** `[-+]h[:m[:s]]` */
function secondsOf(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[-+]/, '').split(':').map(Number)
  const size = hours * 3600 + minutes * 60 + seconds
  return text.startsWith('-') ? -size : size
}

const DAY_SECONDS = 86_400

/** When a change happens in a year, in local time before it, as if that were UTC: `M3.5.0/2`, `J60`, `59`. */
function changeSeconds(rule: string, year: number): number {
  const [day = '', time = '2'] = rule.split('/')
  return dayOf(day, year) * DAY_SECONDS + secondsOf(time)
}

/** Days since 1970-01-01. */
function dayOf(rule: string, year: number): number {
  const dayNumber = (month: number, day: number) => Date.UTC(year, month, day) / 1000 / DAY_SECONDS
  const [month = 1, week = 1, weekday = 0] = rule.slice(1).split('.').map(Number)
  if (rule.startsWith('M')) {
    const first = dayNumber(month - 1, 1)
    // 1970-01-01 was a Thursday.
    const firstMatch = first + ((weekday - ((first + 4) % 7) + 7) % 7)
    const wanted = firstMatch + (week - 1) * 7
    return wanted < dayNumber(month, 1) ? wanted : wanted - 7
  }
  if (!rule.startsWith('J')) return dayNumber(0, 1) + Number(rule)
  // Julian days (`J`) never count the 29th of February.
  const isAfterLeapDay = month >= 60 && new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1
  return dayNumber(0, month) + (isAfterLeapDay ? 1 : 0)
}
