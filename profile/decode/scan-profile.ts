import { grown, uint32 } from '../columns/growing-column.ts'
import { NO_ROW, WIRE_BYTES, WIRE_VARINT, type WireReader } from './wire-reader.ts'

/** Where the messages of one repeated field lie: row `i` from `bounds[2 * i]` up to `bounds[2 * i + 1]`. */
export interface MessageRanges {
  readonly length: number
  readonly bounds: Uint32Array
}

/** A number as two unsigned halves, and where its field begins. */
export interface WireNumber {
  readonly lo: number
  readonly hi: number
  readonly offset: number
}

/** The top level of a profile: what lies where. Tables come in any order, so their rows are read later. */
export interface ProfileSections {
  readonly sampleTypes: MessageRanges
  readonly samples: MessageRanges
  readonly mappings: MessageRanges
  readonly locations: MessageRanges
  readonly funcs: MessageRanges
  readonly strings: MessageRanges
  /** The last one of the file; `null` without one. */
  readonly periodType: MessageRanges | null
  readonly comments: readonly WireNumber[]
  /** The last value of each single number, by field number. */
  readonly numbers: ReadonlyMap<number, WireNumber>
  /** Fields with the reserved number 0 on the top level. */
  readonly zeroFields: readonly number[]
}

export const PROFILE_FIELD = {
  sampleType: 1,
  sample: 2,
  mapping: 3,
  location: 4,
  func: 5,
  string: 6,
  dropFrames: 7,
  keepFrames: 8,
  timeNanos: 9,
  durationNanos: 10,
  periodType: 11,
  period: 12,
  comment: 13,
  defaultSampleType: 14,
  docUrl: 15,
} as const

const FIELD_NAMES = [
  'field 0',
  'sample_type',
  'sample',
  'mapping',
  'location',
  'function',
  'string_table',
  'drop_frames',
  'keep_frames',
  'time_nanos',
  'duration_nanos',
  'period_type',
  'period',
  'comment',
  'default_sample_type',
  'doc_url',
]

export function scanProfile(reader: WireReader): ProfileSections {
  const lists = Array.from({ length: PROFILE_FIELD.string + 1 }, () => new RangeList())
  const comments: WireNumber[] = []
  const numbers = new Map<number, WireNumber>()
  const zeroFields: number[] = []
  let periodType: RangeList | null = null
  while (reader.next()) {
    const { field } = reader
    if (field >= PROFILE_FIELD.sampleType && field <= PROFILE_FIELD.string) {
      reader.expect(WIRE_BYTES, FIELD_NAMES[field], NO_ROW)
      lists[field].add(reader.dataStart, reader.dataEnd)
      scanRun(reader, lists[field])
    } else if (field === PROFILE_FIELD.periodType) {
      reader.expect(WIRE_BYTES, FIELD_NAMES[field], NO_ROW)
      periodType = new RangeList()
      periodType.add(reader.dataStart, reader.dataEnd)
    } else if (field === PROFILE_FIELD.comment) {
      readComments(reader, comments)
    } else if (field > PROFILE_FIELD.string && field <= PROFILE_FIELD.docUrl) {
      if (field === PROFILE_FIELD.timeNanos) refuseSecondTime(reader, numbers)
      reader.expect(WIRE_VARINT, FIELD_NAMES[field], NO_ROW)
      numbers.set(field, numberOf(reader))
    } else if (field === 0) zeroFields.push(reader.fieldOffset)
  }
  const [, sampleTypes, samples, mappings, locations, funcs, strings] = lists
  return {
    sampleTypes,
    samples,
    mappings,
    locations,
    funcs,
    strings,
    periodType,
    comments,
    numbers,
    zeroFields,
  }
}

/** Notes the messages of the same field that follow the one last read, as far as their lengths are small. */
function scanRun(reader: WireReader, list: RangeList): void {
  const { bytes, end } = reader
  const tag = (reader.field << 3) | WIRE_BYTES
  let { offset } = reader
  while (offset + 2 < end && bytes[offset] === tag) {
    const low = bytes[offset + 1]
    const high = low < 0x80 ? 0 : bytes[offset + 2]
    const start = offset + (low < 0x80 ? 2 : 3)
    const stop = start + ((low & 0x7f) | (high << 7))
    if (high >= 0x80 || stop > end) break
    list.add(start, stop)
    offset = stop
  }
  reader.enter(offset, end)
}

/** Two profiles written one after the other would read as one: pprof recognises them by the second time. */
function refuseSecondTime(reader: WireReader, numbers: ReadonlyMap<number, WireNumber>): void {
  const first = numbers.get(PROFILE_FIELD.timeNanos)
  if (first === undefined || (first.lo === 0 && first.hi === 0)) return
  throw reader.errorAtField(
    'concatenated_profiles',
    'a second time_nanos: these are several profiles written one after the other',
  )
}

function readComments(reader: WireReader, comments: WireNumber[]): void {
  if (reader.wireType !== WIRE_BYTES) {
    reader.expect(WIRE_VARINT, 'comment', NO_ROW)
    comments.push(numberOf(reader))
    return
  }
  const { offset, end, fieldOffset, dataEnd } = reader
  reader.enter(reader.dataStart, dataEnd)
  while (reader.offset < dataEnd) {
    reader.readVarint()
    comments.push({ lo: reader.lo, hi: reader.hi, offset: fieldOffset })
  }
  reader.enter(offset, end)
}

function numberOf(reader: WireReader): WireNumber {
  return { lo: reader.lo, hi: reader.hi, offset: reader.fieldOffset }
}

class RangeList implements MessageRanges {
  length = 0
  bounds = uint32(512)

  add(start: number, end: number): void {
    const row = this.length * 2
    if (row + 2 > this.bounds.length) this.bounds = grown(this.bounds, uint32)
    this.bounds[row] = start
    this.bounds[row + 1] = end
    this.length++
  }
}
