import { stringIndexAt } from './decode-strings.ts'
import { grown, uint32 } from '../columns/growing-column.ts'
import type { IdMap } from '../columns/id-map.ts'
import { LabelSetInterner } from '../columns/label-set-interner.ts'
import type { ProfileLimits } from './profile-limits.ts'
import type { MessageRanges } from './scan-profile.ts'
import { type LabelSetTable, NONE, type ValueColumn } from '../types.ts'
import { WIRE_BYTES, WIRE_VARINT, type WireReader } from './wire-reader.ts'

export interface SampleContext {
  readonly typeCount: number
  readonly stringCount: number
  readonly locationOfId: IdMap
  readonly limits: ProfileLimits
}

/** Takes the first `count` rows of `locations`, leaf first as in the file: the stack of a sample. */
export type TakeStack = (sample: number, locations: Uint32Array<ArrayBuffer>, count: number) => void

/** Samples but for their stacks. */
export interface ReadSamples {
  readonly labelSet: Uint32Array
  readonly labelSets: LabelSetTable
  readonly values: readonly ValueColumn[]
}

const FIELD_LOCATION = 1
const FIELD_VALUE = 2
const FIELD_LABEL = 3

/** Reads the samples one after the other. What a stack becomes is for the caller to say. */
export function readSamples(
  reader: WireReader,
  ranges: MessageRanges,
  { typeCount, stringCount, locationOfId, limits }: SampleContext,
  takeStack: TakeStack,
): ReadSamples {
  const { length, bounds } = ranges
  const labelSet = uint32(length)
  const labels = new LabelSetInterner()
  const path = new LocationPath(locationOfId)
  const values = new ValueColumns(typeCount, length)
  for (let sample = 0; sample < length; sample++) {
    const start = bounds[2 * sample]
    let valueCount = 0
    let labelCount = 0
    path.length = 0
    reader.enter(start, bounds[2 * sample + 1])
    while (reader.next()) {
      const { field } = reader
      if (field === FIELD_LOCATION) path.read(reader, sample)
      else if (field === FIELD_VALUE) valueCount = values.read(reader, sample, valueCount)
      else if (field === FIELD_LABEL) {
        if (++labelCount > limits.labelsPerSampleMax) refuseLabels(reader, sample, limits)
        readLabel(reader, sample, stringCount, labels)
      }
    }
    if (valueCount !== typeCount) {
      const counts = `${valueCount} values for ${typeCount} sample types`
      throw reader.error('value_count', `sample ${sample} has ${counts}`, start)
    }
    takeStack(sample, path.rows, path.length)
    labelSet[sample] = labels.finishSet()
  }
  return { labelSet, labelSets: labels.finish(), values: values.finish(reader, ranges) }
}

/** The locations of one sample, leaf first as in the file. */
class LocationPath {
  length = 0
  rows = uint32(256)
  readonly #locationOfId: IdMap

  constructor(locationOfId: IdMap) {
    this.#locationOfId = locationOfId
  }

  read(reader: WireReader, sample: number): void {
    if (reader.wireType !== WIRE_BYTES) {
      reader.expect(WIRE_VARINT, 'sample', sample)
      this.#add(reader, sample)
      return
    }
    const { bytes, dataStart, dataEnd } = reader
    const { dense } = this.#locationOfId
    while (this.length + dataEnd - dataStart > this.rows.length) {
      this.rows = grown(this.rows, uint32)
    }
    const rows = this.rows
    let { length } = this
    let offset = dataStart
    while (offset < dataEnd) {
      // Ids of up to three bytes, in place: they are most of a profile.
      let id = bytes[offset]
      let next = offset + 1
      if (id >= 0x80) {
        const second = next < dataEnd ? bytes[next++] : 0x80
        id = (id & 0x7f) | (second << 7)
        if (second >= 0x80) {
          const third = next < dataEnd ? bytes[next++] : 0x80
          id = (id & 0x3fff) | (third << 14)
          if (third >= 0x80) break
        }
      }
      const row = id < dense.length ? dense[id] : NONE
      if (row === NONE) break
      rows[length++] = row
      offset = next
    }
    this.length = length
    if (offset < dataEnd) this.#readRest(reader, sample, offset)
  }

  #readRest(reader: WireReader, sample: number, start: number): void {
    const { offset, end, dataEnd } = reader
    reader.enter(start, dataEnd)
    while (reader.offset < dataEnd) {
      reader.readVarint()
      this.#add(reader, sample)
    }
    reader.enter(offset, end)
  }

  #add(reader: WireReader, sample: number): void {
    const row = this.#locationOfId.rowOf(reader.lo, reader.hi)
    if (row === NONE) {
      throw reader.errorAtField(
        'location_id',
        `sample ${sample}: there is no location with id ${reader.unsigned()}`,
      )
    }
    if (this.length === this.rows.length) this.rows = grown(this.rows, uint32)
    this.rows[this.length++] = row
  }
}

/**
 * Doubles while the sums of absolute values stay exact. A column whose sum does not is read a second time into 64-bit
 * integers; that is so rare that reading all columns as such would be the greater cost.
 */
class ValueColumns {
  readonly #columns: readonly Float64Array[]
  readonly #sums: Float64Array

  constructor(typeCount: number, sampleCount: number) {
    this.#columns = Array.from({ length: typeCount }, () => new Float64Array(sampleCount))
    this.#sums = new Float64Array(typeCount)
  }

  /** Takes the field last read, whose first value is value `index` of the sample; answers the next index. */
  read(reader: WireReader, sample: number, index: number): number {
    if (reader.wireType !== WIRE_BYTES) {
      reader.expect(WIRE_VARINT, 'sample', sample)
      this.#set(sample, index, reader.double())
      return index + 1
    }
    const { offset, end, dataEnd } = reader
    let next = index
    reader.enter(reader.dataStart, dataEnd)
    while (reader.offset < dataEnd) {
      reader.readVarint()
      this.#set(sample, next++, reader.double())
    }
    reader.enter(offset, end)
    return next
  }

  finish(reader: WireReader, ranges: MessageRanges): ValueColumn[] {
    return this.#columns.map((column, type) =>
      this.#sums[type] <= Number.MAX_SAFE_INTEGER ? column : decodeWide(reader, ranges, type),
    )
  }

  #set(sample: number, type: number, value: number): void {
    if (type >= this.#columns.length) return
    this.#columns[type][sample] = value
    this.#sums[type] += Math.abs(value)
  }
}

/** The values of one sample type as 64-bit integers. The messages were read before, so they are in order. */
function decodeWide(reader: WireReader, ranges: MessageRanges, type: number): BigInt64Array {
  const column = new BigInt64Array(ranges.length)
  for (let sample = 0; sample < ranges.length; sample++) {
    let index = 0
    reader.enter(ranges.bounds[2 * sample], ranges.bounds[2 * sample + 1])
    while (reader.next()) {
      if (reader.field !== FIELD_VALUE) continue
      if (reader.wireType !== WIRE_BYTES) {
        if (index++ === type) column[sample] = reader.signed()
        continue
      }
      const { offset, end, dataEnd } = reader
      reader.enter(reader.dataStart, dataEnd)
      while (reader.offset < dataEnd) {
        reader.readVarint()
        if (index++ === type) column[sample] = reader.signed()
      }
      reader.enter(offset, end)
    }
  }
  return column
}

const LABEL = { fieldMax: 4, messageField: 0, table: 'a label of sample' }

/**
 * As pprof has it: a text index other than 0 makes a text label; else a number or a unit makes a number label; else
 * the label is dropped (https://github.com/google/pprof/blob/main/profile/encode.go). Only what is used is judged.
 */
function readLabel(
  reader: WireReader,
  sample: number,
  stringCount: number,
  labels: LabelSetInterner,
): void {
  reader.expect(WIRE_BYTES, 'sample', sample)
  const { offset, end, numberLo, numberHi } = reader
  reader.readNumbers(reader.dataStart, reader.dataEnd, LABEL, sample)
  reader.enter(offset, end)
  const key = stringIndexAt(reader, 1, stringCount, LABEL.table, sample)
  if (numberLo[2] !== 0 || numberHi[2] !== 0) {
    labels.addText(key, stringIndexAt(reader, 2, stringCount, LABEL.table, sample))
    return
  }
  const unit = stringIndexAt(reader, 4, stringCount, LABEL.table, sample)
  if (numberLo[3] === 0 && numberHi[3] === 0 && unit === 0) return
  labels.addNumber(key, numberLo[3], numberHi[3], unit)
}

function refuseLabels(reader: WireReader, sample: number, limits: ProfileLimits): never {
  const most = limits.labelsPerSampleMax
  throw reader.errorAtField('label_count', `sample ${sample} has more than ${most} labels`)
}
