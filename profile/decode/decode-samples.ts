import { stringIndexAt } from './decode-strings.ts'
import { doubled, uint32 } from '../columns/growing-column.ts'
import type { IdMap } from '../columns/id-map.ts'
import { LabelSetInterner } from '../columns/label-set-interner.ts'
import type { ProfileLimits } from './profile-limits.ts'
import type { MessageRanges } from './scan-profile.ts'
import { type PathIndex, StackInterner } from '../columns/stack-interner.ts'
import {
  type LabelSetTable,
  type LocationTable,
  NONE,
  type SampleTable,
  type StackTable,
  type ValueColumn,
} from '../types.ts'
import { WIRE_BYTES, WIRE_VARINT, type WireReader } from './wire-reader.ts'

export interface DecodedSamples {
  readonly samples: SampleTable
  readonly stacks: StackTable
  readonly labelSets: LabelSetTable
}

export interface SampleContext {
  readonly typeCount: number
  readonly stringCount: number
  readonly locations: LocationTable
  readonly locationOfId: IdMap
  readonly limits: ProfileLimits
}

const FIELD_LOCATION = 1
const FIELD_VALUE = 2
const FIELD_LABEL = 3

export function decodeSamples(
  reader: WireReader,
  ranges: MessageRanges,
  context: SampleContext,
): DecodedSamples {
  const { length } = ranges
  const { typeCount, locations, limits } = context
  const paths = new Int32Array(length)
  const labelSet = uint32(length)
  const interner = new StackInterner(locations.frameStart, locations.length * 2)
  const labels = new LabelSetInterner()
  const path = new LocationPath(context.locationOfId)
  const values = new ValueColumns(typeCount, length)
  const { bounds } = ranges
  for (let sample = 0; sample < length; sample++) {
    const start = bounds[2 * sample]
    const end = bounds[2 * sample + 1]
    let valueCount = 0
    let labelCount = 0
    path.length = 0
    reader.enter(start, end)
    while (reader.next()) {
      const { field } = reader
      if (field === FIELD_LOCATION) path.read(reader, sample)
      else if (field === FIELD_VALUE) valueCount = values.read(reader, sample, valueCount)
      else if (field === FIELD_LABEL) {
        if (++labelCount > limits.labelsPerSampleMax) refuseLabels(reader, sample, limits)
        readLabel(reader, sample, context.stringCount, labels)
      }
    }
    if (valueCount !== typeCount) {
      const counts = `${valueCount} values for ${typeCount} sample types`
      throw reader.error('value_count', `sample ${sample} has ${counts}`, start)
    }
    paths[sample] = path.intern(interner)
    labelSet[sample] = labels.finishSet()
    if (interner.stackCount > limits.stacksMax) {
      const most = limits.stacksMax
      throw reader.error('stacks', `the stacks make a tree of more than ${most} nodes`, start)
    }
  }
  const { stacks, stack } = interner.finish(paths)
  const samples = {
    length,
    stack,
    labelSet,
    values: values.finish(reader, ranges),
    inferredDepth: null,
  }
  return { samples, stacks, labelSets: labels.finish() }
}

/** The locations of one sample, leaf first as in the file. */
class LocationPath {
  length = 0
  #rows = uint32(256)
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
    while (this.length + dataEnd - dataStart > this.#rows.length) {
      this.#rows = doubled(this.#rows, uint32)
    }
    const rows = this.#rows
    let { length } = this
    let offset = dataStart
    while (offset < dataEnd) {
      // Ids of one and two bytes, in place: they are most of a profile. `dense` has a row for each of them.
      const low = bytes[offset]
      const high = low < 0x80 ? 0 : offset + 1 < dataEnd ? bytes[offset + 1] : 0x80
      if (high >= 0x80) break
      const row = dense[(low & 0x7f) | (high << 7)]
      if (row === NONE) break
      rows[length++] = row
      offset += low < 0x80 ? 1 : 2
    }
    this.length = length
    if (offset < dataEnd) this.#readRest(reader, sample, offset)
  }

  intern(interner: StackInterner): PathIndex {
    return interner.path(NONE, this.#rows, this.length)
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
    if (this.length === this.#rows.length) this.#rows = doubled(this.#rows, uint32)
    this.#rows[this.length++] = row
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
