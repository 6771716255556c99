import { type LabelDraft, type LineDraft, ProfileBuilder } from '../columns/profile-builder.ts'
import { LineReader } from '../text/line-reader.ts'
import { ProfileFormatError } from '../profile-format-error.ts'
import type { LocationIndex, MappingIndex, Profile, ValueType } from '../types.ts'

const SAMPLE = /^((?:\s+-?\d+)+):((?:\s\d+)*)\s*$/
const LABELS = /^ {16}(\S.{0,65535})$/
const LABEL = /(\S+?):\[([^\]]*)\]/g
const LOCATION = /^\s*(\d+): 0x([0-9a-f]+)(?: M=(\d+))?(?: \[F\])?(?: (.*))?$/
const LINE = /^(.*) (\S*):(\d+):(\d+) s=(-?\d+)(?:\((.*)\))?$/
const MAPPING = /^(\d+): 0x([0-9a-f]+)\/0x([0-9a-f]+)\/0x([0-9a-f]+) (.*) (\S*) (\S*)$/

interface RawSample {
  readonly values: readonly bigint[]
  /** Ids of locations, leaf first. */
  readonly locations: readonly number[]
  readonly labels: LabelDraft[]
}

interface RawLocation {
  readonly address: bigint
  readonly mapping: number | null
  /** Innermost first, as printed. */
  readonly lines: string[]
}

/** `pprof -raw`: samples by the numbers of their locations, which follow them, as do the mappings of these. */
export function printedRaw(text: string): Profile | null {
  const reader = new LineReader(text)
  while (reader.next()) if (/^Samples:\s*$/.test(reader.line)) break
  if (!reader.next()) return null
  const sampleTypes = reader.line.trim().split(/\s+/).map(typeOf)
  const defaultType = /(\S+)\/\S*\[dflt\]/.exec(reader.line)?.[1] ?? ''
  const samples = readSamples(reader, sampleTypes.length)
  const locations = readLocations(reader)
  const builder = new ProfileBuilder({
    ...headerOf(text.slice(0, text.search(/^Samples:/m))),
    sampleTypes,
    defaultSampleType: defaultType,
  })
  const mappings = readMappings(reader, builder)
  const placed = placeLocations(builder, locations, mappings)
  for (const { values, locations: ids, labels } of samples) {
    const path = ids.map((id) => placed.get(id) ?? refuse(`location ${id} is missing`))
    builder.sample({ locations: path.reverse(), values, labels })
  }
  return builder.finish()
}

function typeOf(text: string): ValueType {
  const [type, unit = ''] = text.replace('[dflt]', '').split('/')
  return { type, unit }
}

function headerOf(text: string) {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1].trim() ?? ''
  const [type = '', unit = ''] = field('PeriodType').split(' ')
  const milliseconds = Date.parse(
    field('Time')
      .replace(/(\.\d{3})\d*/, '$1')
      .replace(/ [A-Z]{3,4}$/, ''),
  )
  const seconds = Number(/^\d+(?:\.\d*)?/.exec(field('Duration'))?.[0] ?? 0)
  return {
    periodType: type === '' ? null : { type, unit },
    period: BigInt(/^\d+/.exec(field('Period'))?.[0] ?? 0),
    timeNs: Number.isNaN(milliseconds) ? 0n : BigInt(milliseconds) * 1_000_000n,
    durationNs: BigInt(Math.round(seconds * 1e9)),
    comments: [...text.matchAll(/^Comment: (.*)$/gm)].map(([, comment]) => comment),
  }
}

function readSamples(reader: LineReader, typeCount: number): readonly RawSample[] {
  const samples: RawSample[] = []
  while (reader.next() && reader.line !== 'Locations') {
    const sample = SAMPLE.exec(reader.line)
    const labels = LABELS.exec(reader.line)
    if (sample !== null) {
      const values = sample[1].trim().split(/\s+/).map(BigInt)
      if (values.length !== typeCount) refuse(`line ${reader.lineNumber} has other values`)
      samples.push({ values, locations: idsOf(sample[2]), labels: [] })
    } else if (labels !== null) samples.at(-1)?.labels.push(...labelsOf(labels[1]))
    else if (reader.line.trim() !== '') refuse(`line ${reader.lineNumber} is not a sample`)
  }
  return samples
}

function idsOf(text: string): number[] {
  const trimmed = text.trim()
  return trimmed === '' ? [] : trimmed.split(/\s+/).map(Number)
}

function labelsOf(text: string): LabelDraft[] {
  return [...text.matchAll(LABEL)].map(([, key, value]) => {
    const number = /^(-?\d+)(?: (\S+))?$/.exec(value)
    if (number === null) return { key, text: value }
    return { key, number: BigInt.asIntN(64, BigInt(number[1])), unit: number[2] ?? '' }
  })
}

function readLocations(reader: LineReader): ReadonlyMap<number, RawLocation> {
  const locations = new Map<number, RawLocation>()
  let last: RawLocation | null = null
  while (reader.next() && reader.line !== 'Mappings') {
    const match = LOCATION.exec(reader.line)
    if (match === null) {
      last?.lines.push(reader.line.trim())
      continue
    }
    const [, id, address, mapping, line = ''] = match
    last = {
      address: BigInt(`0x${address}`),
      mapping: mapping === undefined ? null : Number(mapping),
      lines: line.trim() === '' ? [] : [line.trim()],
    }
    locations.set(Number(id), last)
  }
  return locations
}

function readMappings(
  reader: LineReader,
  builder: ProfileBuilder,
): ReadonlyMap<number, MappingIndex> {
  const mappings = new Map<number, MappingIndex>()
  while (reader.next()) {
    const match = MAPPING.exec(reader.line)
    if (match === null) continue
    const [, id, start, limit, offset, file, buildId, flags] = match
    const bits = FLAGS.reduce((sum, flag, bit) => sum + (flags.includes(flag) ? 1 << bit : 0), 0)
    const mapping = builder.mapping({
      start: BigInt(`0x${start}`),
      limit: BigInt(`0x${limit}`),
      offset: BigInt(`0x${offset}`),
      file,
      buildId,
      flags: bits,
    })
    mappings.set(Number(id), mapping)
  }
  return mappings
}

const FLAGS = ['[FN]', '[FL]', '[LN]', '[IN]']

function placeLocations(
  builder: ProfileBuilder,
  locations: ReadonlyMap<number, RawLocation>,
  mappings: ReadonlyMap<number, MappingIndex>,
): ReadonlyMap<number, LocationIndex> {
  const placed = new Map<number, LocationIndex>()
  for (const [id, { address, mapping, lines }] of locations) {
    const drafts = lines.map((line) => lineOf(builder, line)).reverse()
    const row = mapping === null ? -1 : (mappings.get(mapping) ?? -1)
    placed.set(id, builder.location({ mapping: row, address, lines: drafts }))
  }
  return placed
}

function lineOf(builder: ProfileBuilder, text: string): LineDraft {
  const match = LINE.exec(text)
  if (match === null) return { func: builder.func({ name: text }) }
  const [, name, file, line, column, startLine, systemName = name] = match
  const func = builder.func({ name, file, startLine: Number(startLine), systemName })
  return { func, line: Number(line), column: Number(column) }
}

function refuse(why: string): never {
  throw new ProfileFormatError('printed_report', `the text of pprof -raw is cut or changed: ${why}`)
}
