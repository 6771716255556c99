import { stringIndexAt } from './decode-strings.ts'
import { grown, uint32 } from '../columns/growing-column.ts'
import { IdMap } from '../columns/id-map.ts'
import type { MessageRanges } from './scan-profile.ts'
import {
  type FrameTable,
  type FuncTable,
  type LocationTable,
  type MappingTable,
  NONE,
  type ValueType,
} from '../types.ts'
import type { WireReader } from './wire-reader.ts'

export interface DecodedTable<T> {
  readonly table: T
  readonly rowOfId: IdMap
}

const VALUE_TYPE = { fieldMax: 2, messageField: 0 }

export function decodeValueTypes(
  reader: WireReader,
  { bounds, length }: MessageRanges,
  strings: { readonly length: number; readonly at: (index: number) => string },
  table: string,
): ValueType[] {
  return Array.from({ length }, (_, row) => {
    reader.readNumbers(bounds[2 * row], bounds[2 * row + 1], { ...VALUE_TYPE, table }, row)
    const type = stringIndexAt(reader, 1, strings.length, table, row)
    const unit = stringIndexAt(reader, 2, strings.length, table, row)
    return { type: strings.at(type), unit: strings.at(unit) }
  })
}

const MAPPING = { fieldMax: 10, messageField: 0, table: 'mapping' }

export function decodeMappings(
  reader: WireReader,
  { bounds, length }: MessageRanges,
  stringCount: number,
): DecodedTable<MappingTable> {
  const start = new BigUint64Array(length)
  const limit = new BigUint64Array(length)
  const offset = new BigUint64Array(length)
  const file = uint32(length)
  const buildId = uint32(length)
  const flags = new Uint8Array(length)
  const rowOfId = new IdMap(length)
  const { numberLo, numberHi } = reader
  for (let row = 0; row < length; row++) {
    reader.readNumbers(bounds[2 * row], bounds[2 * row + 1], MAPPING, row)
    addId(reader, bounds[2 * row], rowOfId, 'mapping', row)
    start[row] = wide(numberLo[2], numberHi[2])
    limit[row] = wide(numberLo[3], numberHi[3])
    offset[row] = wide(numberLo[4], numberHi[4])
    file[row] = stringIndexAt(reader, 5, stringCount, 'mapping', row)
    buildId[row] = stringIndexAt(reader, 6, stringCount, 'mapping', row)
    for (let bit = 0; bit < 4; bit++) {
      if (numberLo[7 + bit] !== 0 || numberHi[7 + bit] !== 0) flags[row] |= 1 << bit
    }
  }
  return { table: { length, start, limit, offset, file, buildId, flags }, rowOfId }
}

const FUNC = { fieldMax: 5, messageField: 0, table: 'function' }

export function decodeFuncs(
  reader: WireReader,
  { bounds, length }: MessageRanges,
  stringCount: number,
): DecodedTable<FuncTable> {
  const name = uint32(length)
  const systemName = uint32(length)
  const file = uint32(length)
  const startLine = new Float64Array(length)
  const rowOfId = new IdMap(length)
  const { numberLo, numberHi } = reader
  for (let row = 0; row < length; row++) {
    reader.readNumbers(bounds[2 * row], bounds[2 * row + 1], FUNC, row)
    addId(reader, bounds[2 * row], rowOfId, 'function', row)
    name[row] = stringIndexAt(reader, 2, stringCount, 'function', row)
    systemName[row] = stringIndexAt(reader, 3, stringCount, 'function', row)
    file[row] = stringIndexAt(reader, 4, stringCount, 'function', row)
    startLine[row] = double(numberLo[5], numberHi[5])
  }
  return { table: { length, name, systemName, file, startLine }, rowOfId }
}

const LOCATION = { fieldMax: 5, messageField: 4, table: 'location' }

export function decodeLocations(
  reader: WireReader,
  { bounds, length }: MessageRanges,
  mappingOfId: IdMap,
  funcOfId: IdMap,
): { readonly locations: LocationTable; readonly frames: FrameTable; readonly rowOfId: IdMap } {
  const mapping = new Int32Array(length)
  /** Addresses as halves: making a bigint of each would cost more than all the rest. */
  const address = uint32(length * 2)
  const isFolded = new Uint8Array(length)
  const frameStart = uint32(length + 1)
  const rowOfId = new IdMap(length)
  const frames = new FrameList(length + (length >> 1))
  const { numberLo, numberHi, messages } = reader
  for (let row = 0; row < length; row++) {
    reader.readNumbers(bounds[2 * row], bounds[2 * row + 1], LOCATION, row)
    addId(reader, bounds[2 * row], rowOfId, 'location', row)
    // An unknown mapping means none, as in pprof.
    mapping[row] = mappingOfId.rowOf(numberLo[2], numberHi[2])
    address[2 * row] = numberLo[3]
    address[2 * row + 1] = numberHi[3]
    isFolded[row] = numberLo[5] === 0 && numberHi[5] === 0 ? 0 : 1
    const lineCount = messages.length / 2
    if (lineCount === 0) frames.add(row, NONE, 0, 0)
    else if (lineCount === 1) decodeLine(reader, messages[0], messages[1], frames, row, funcOfId)
    else {
      const lines = messages.slice()
      for (let line = 2 * lineCount - 2; line >= 0; line -= 2) {
        decodeLine(reader, lines[line], lines[line + 1], frames, row, funcOfId)
      }
    }
    frameStart[row + 1] = frames.length
  }
  const locations = {
    length,
    mapping,
    address: new BigUint64Array(address.buffer),
    isFolded,
    frameStart,
  }
  return { locations, frames: frames.finish(), rowOfId }
}

const LINE = { fieldMax: 3, messageField: 0, table: 'a line of location' }

function decodeLine(
  reader: WireReader,
  start: number,
  end: number,
  frames: FrameList,
  location: number,
  funcOfId: IdMap,
): void {
  reader.readNumbers(start, end, LINE, location)
  const { numberLo, numberHi } = reader
  const func = funcOfId.rowOf(numberLo[1], numberHi[1])
  if (func === NONE) {
    const id = wide(numberLo[1], numberHi[1])
    const message = `a line of location ${location}: there is no function with id ${id}`
    throw reader.error('function_id', message, start)
  }
  frames.add(location, func, double(numberLo[2], numberHi[2]), double(numberLo[3], numberHi[3]))
}

class FrameList {
  length = 0
  #location: Uint32Array<ArrayBuffer>
  #func: Int32Array<ArrayBuffer>
  #line: Float64Array<ArrayBuffer>
  #column: Float64Array<ArrayBuffer>

  constructor(sizeHint: number) {
    const size = sizeHint + 16
    this.#location = uint32(size)
    this.#func = new Int32Array(size)
    this.#line = new Float64Array(size)
    this.#column = new Float64Array(size)
  }

  add(location: number, func: number, line: number, column: number): void {
    const row = this.length++
    if (row >= this.#location.length) {
      this.#location = grown(this.#location, uint32)
      this.#func = grown(this.#func, (length) => new Int32Array(length))
      this.#line = grown(this.#line, (length) => new Float64Array(length))
      this.#column = grown(this.#column, (length) => new Float64Array(length))
    }
    this.#location[row] = location
    this.#func[row] = func
    this.#line[row] = line
    this.#column[row] = column
  }

  finish(): FrameTable {
    const { length } = this
    return {
      length,
      location: this.#location.slice(0, length),
      func: this.#func.slice(0, length),
      line: this.#line.slice(0, length),
      column: this.#column.slice(0, length),
    }
  }
}

/** Takes the id that `readNumbers` has found in field 1. */
function addId(
  reader: WireReader,
  start: number,
  rowOfId: IdMap,
  table: string,
  row: number,
): void {
  const lo = reader.numberLo[1]
  const hi = reader.numberHi[1]
  if (lo === 0 && hi === 0) {
    throw reader.error('reserved_id', `${table} ${row} has the reserved id 0`, start)
  }
  if (rowOfId.add(lo, hi, row)) return
  const message = `${table} ${row} has the id ${wide(lo, hi)} of another ${table}`
  throw reader.error('duplicate_id', message, start)
}

function wide(lo: number, hi: number): bigint {
  return (BigInt(hi) << 32n) | BigInt(lo)
}

/** As a signed number: exact up to 2^53, rounded above. */
function double(lo: number, hi: number): number {
  return (hi | 0) * 4294967296 + lo
}
