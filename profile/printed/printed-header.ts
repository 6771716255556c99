import type { LocationIndex, ValueType } from '../types.ts'
import { goUnitOf } from '../units/format-value.ts'
import { ProfileBuilder } from '../columns/profile-builder.ts'

/** What stands above each report of pprof. */
export interface PrintedHeader {
  readonly sampleType: ValueType
  readonly file: string
  readonly buildId: string
  readonly timeNs: bigint
  readonly durationNs: bigint
  /** Of all samples; null where it is not printed. */
  readonly total: number | null
}

/** A value with its unit, as pprof prints it: `0.38s`, `10ms`, `384.73kB`, `12`. */
export interface PrintedValue {
  readonly value: number
  readonly unit: string
}

const VALUE = /^(-?\d+(?:\.\d+)?)([a-zA-Zμµ*]*)$/

/** In the unit that Go measures it in; null if the text is not a value. */
export function printedValue(text: string): PrintedValue | null {
  const match = VALUE.exec(text)
  if (match === null) return null
  const { unit, factor } = goUnitOf(match[2]) ?? { unit: '', factor: 1 }
  return { value: Math.round(Number(match[1]) * factor), unit }
}

export function printedHeader(text: string): PrintedHeader {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1].trim() ?? ''
  const total =
    /% of (\S+) total$/m.exec(text)?.[1] ?? /Total samples = (\S+)/.exec(text)?.[1] ?? ''
  const totalValue = printedValue(total)
  const type = field('Type') || 'samples'
  const milliseconds = Date.parse(field('Time'))
  return {
    sampleType: { type, unit: totalValue?.unit || UNITS[type] || 'count' },
    file: field('File'),
    buildId: field('Build ID'),
    timeNs: Number.isNaN(milliseconds) ? 0n : BigInt(milliseconds) * 1_000_000n,
    durationNs: BigInt(printedValue(field('Duration').split(',')[0])?.value ?? 0),
    total: totalValue?.value ?? null,
  }
}

/** Where nothing shows the unit, as of values that are all 0. */
const UNITS: Partial<Record<string, string>> = {
  cpu: 'nanoseconds',
  delay: 'nanoseconds',
  inuse_space: 'bytes',
  alloc_space: 'bytes',
}

/** Builds a profile of the functions that a report names. */
export interface PrintedPlaces {
  readonly builder: ProfileBuilder
  /** By what is printed of it: `main.work /src/main.go:12 (inline)`. */
  readonly locationOf: (printed: string) => LocationIndex
}

export function printedPlaces({ sampleType, file, buildId, timeNs, durationNs }: PrintedHeader) {
  const builder = new ProfileBuilder({ sampleTypes: [sampleType], timeNs, durationNs })
  const mapping = file === '' ? -1 : builder.mapping({ file, buildId })
  const known = new Map<string, LocationIndex>()
  const locationOf = (printed: string) => {
    const seen = known.get(printed)
    if (seen !== undefined) return seen
    const { name, file: source, line } = printedFunction(printed)
    const func = builder.func({ name, file: source })
    const location = builder.location({ mapping, lines: [{ func, line }] })
    known.set(printed, location)
    return location
  }
  return { builder, locationOf } satisfies PrintedPlaces
}

/** `0000000000410dad main.work /src/main.go:12 (inline)`: all but the name as far as it was asked for. */
export function printedFunction(printed: string) {
  const plain = printed
    .trim()
    .replace(/ \((?:partial-)?inline\)$/, '')
    .replace(/^[0-9a-f]{16} /, '')
  const placed = /^(.*) (\S+\.\w+)(?::(\d+))?$/.exec(plain)
  if (placed === null || !/^\S*[/\w]\.(?:go|s|c|cc|cpp|h)$/.test(placed[2])) {
    return { name: plain, file: '', line: 0 }
  }
  return { name: placed[1], file: placed[2], line: Number(placed[3] ?? 0) }
}
