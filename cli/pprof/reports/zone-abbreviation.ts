import { readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'

/** Where Go looks for the zones of the world. */
const FOLDERS = [
  '/usr/share/zoneinfo',
  '/usr/share/lib/zoneinfo',
  '/usr/lib/locale/TZ',
  '/etc/zoneinfo',
]

export interface ZoneMoment {
  /** What the environment's TZ says; undefined for the machine's own zone. */
  readonly zone: string | undefined
  readonly timeSeconds: number
  /** East of UTC. */
  readonly offsetSeconds: number
}

/**
 * What the zone is called at that moment: `CET`, `+04`. Null where the machine has no data of it.
 * https://www.rfc-editor.org/rfc/rfc9636 (TZif)
 */
export function zoneAbbreviation({ zone, timeSeconds, offsetSeconds }: ZoneMoment): string | null {
  for (const path of zonePaths(zone)) {
    try {
      return readAbbreviation(readFileSync(path), timeSeconds, offsetSeconds)
    } catch {
      // Not there, or no TZif: the next one may be.
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

/** Throws where the bytes are no TZif of version 2 or later. */
function readAbbreviation(file: Buffer, timeSeconds: number, offsetSeconds: number): string | null {
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
  if (row + 1 === timeCount && footer !== '') return nameInRule(footer, offsetSeconds)
  const type = row === -1 ? 0 : file.readUInt8(typeOfTime + row)
  const name = names + file.readUInt8(types + type * 6 + 5)
  return file.toString('latin1', name, file.indexOf(0, name))
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

/** A rule for all later times: `CET-1CEST,M3.5.0,M10.5.0/3`, whose offsets are west of UTC. */
function nameInRule(rule: string, offsetSeconds: number): string | null {
  const match = /^(<[^>]+>|[a-z]+)([-+]?)(\d+)(?::(\d+))?(?::(\d+))?(<[^>]+>|[a-z]+)?/i.exec(rule)
  if (match === null) return null
  const [, standard = '', sign, hours, minutes = '0', seconds = '0', summer = standard] = match
  const west = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  const isStandard = offsetSeconds === (sign === '-' ? west : -west)
  return (isStandard ? standard : summer).replace(/^<|>$/g, '')
}
