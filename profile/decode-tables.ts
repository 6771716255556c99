import { readStringIndex } from './decode-strings.ts'
import { doubled, uint32 } from './growing-column.ts'
import { IdMap } from './id-map.ts'
import type { MessageRanges } from './scan-profile.ts'
import {
  type FrameTable,
  type FuncTable,
  type LocationTable,
  type MappingTable,
  NONE,
  type ValueType,
} from './types.ts'
import { WIRE_BYTES, WIRE_VARINT, type WireReader } from './wire-reader.ts'

export interface DecodedTable<T> {
  readonly table: T
  readonly rowOfId: IdMap
}

export function decodeValueTypes(
  reader: WireReader,
  ranges: MessageRanges,
  strings: readonly string[],
  name: string,
): ValueType[] {
  const types: ValueType[] = []
  for (let row = 0; row < ranges.length; row++) {
    let type = 0
    let unit = 0
    enterRow(reader, ranges, row)
    while (reader.next()) {
      if (reader.field === 1) {
        type = readStringIndex(reader, strings.length, name, row)
      } else if (reader.field === 2) {
        unit = readStringIndex(reader, strings.length, name, row)
      }
    }
    types.push({ type: strings[type], unit: strings[unit] })
  }
  return types
}

export function decodeMappings(
  reader: WireReader,
  ranges: MessageRanges,
  stringCount: number,
): DecodedTable<MappingTable> {
  const { length } = ranges
  const start = new BigUint64Array(length)
  const limit = new BigUint64Array(length)
  const offset = new BigUint64Array(length)
  const file = uint32(length)
  const buildId = uint32(length)
  const flags = new Uint8Array(length)
  const rowOfId = new IdMap(length)
  const id = { lo: 0, hi: 0 }
  for (let row = 0; row < length; row++) {
    id.lo = 0
    id.hi = 0
    enterRow(reader, ranges, row)
    while (reader.next()) {
      const { field } = reader
      if (field < 1 || field > 10) continue
      reader.expect(WIRE_VARINT, 'mapping', row)
      if (field === 1) setId(id, reader)
      else if (field === 2) start[row] = reader.unsigned()
      else if (field === 3) limit[row] = reader.unsigned()
      else if (field === 4) offset[row] = reader.unsigned()
      else if (field === 5) file[row] = readStringIndex(reader, stringCount, 'mapping', row)
      else if (field === 6) buildId[row] = readStringIndex(reader, stringCount, 'mapping', row)
      else {
        const bit = 1 << (field - 7)
        const isSet = (reader.lo | reader.hi) !== 0
        flags[row] = isSet ? flags[row] | bit : flags[row] & ~bit
      }
    }
    addId(reader, ranges, rowOfId, id, 'mapping', row)
  }
  return { table: { length, start, limit, offset, file, buildId, flags }, rowOfId }
}

export function decodeFuncs(
  reader: WireReader,
  ranges: MessageRanges,
  stringCount: number,
): DecodedTable<FuncTable> {
  const { length } = ranges
  const columns = [uint32(length), uint32(length), uint32(length)]
  const startLine = new Float64Array(length)
  const rowOfId = new IdMap(length)
  const id = { lo: 0, hi: 0 }
  for (let row = 0; row < length; row++) {
    id.lo = 0
    id.hi = 0
    enterRow(reader, ranges, row)
    while (reader.next()) {
      const { field } = reader
      if (field < 1 || field > 5) continue
      reader.expect(WIRE_VARINT, 'function', row)
      if (field === 1) setId(id, reader)
      else if (field === 5) startLine[row] = reader.double()
      else columns[field - 2][row] = readStringIndex(reader, stringCount, 'function', row)
    }
    addId(reader, ranges, rowOfId, id, 'function', row)
  }
  const [name, systemName, file] = columns
  return { table: { length, name, systemName, file, startLine }, rowOfId }
}

export function decodeLocations(
  reader: WireReader,
  ranges: MessageRanges,
  mappingOfId: IdMap,
  funcOfId: IdMap,
): { readonly locations: LocationTable; readonly frames: FrameTable; readonly rowOfId: IdMap } {
  const { length } = ranges
  const mapping = new Int32Array(length).fill(NONE)
  /** Addresses as halves: making a bigint of each would cost more than all the rest. */
  const address = uint32(length * 2)
  const isFolded = new Uint8Array(length)
  const frameStart = uint32(length + 1)
  const rowOfId = new IdMap(length)
  const id = { lo: 0, hi: 0 }
  const frames = new FrameList(length + (length >> 1))
  /** Where this location's lines lie; the file lists them innermost first. */
  const lines: number[] = []
  for (let row = 0; row < length; row++) {
    id.lo = 0
    id.hi = 0
    lines.length = 0
    enterRow(reader, ranges, row)
    while (reader.next()) {
      const { field } = reader
      if (field < 1 || field > 5) continue
      reader.expect(field === 4 ? WIRE_BYTES : WIRE_VARINT, 'location', row)
      if (field === 1) setId(id, reader)
      // An unknown mapping means none, as in pprof.
      else if (field === 2) mapping[row] = mappingOfId.rowOf(reader.lo, reader.hi)
      else if (field === 3) {
        address[2 * row] = reader.lo
        address[2 * row + 1] = reader.hi
      } else if (field === 4) lines.push(reader.dataStart, reader.dataEnd)
      else isFolded[row] = (reader.lo | reader.hi) === 0 ? 0 : 1
    }
    addId(reader, ranges, rowOfId, id, 'location', row)
    for (let index = lines.length - 2; index >= 0; index -= 2) {
      reader.enter(lines[index], lines[index + 1])
      decodeLine(reader, frames, row, index / 2, funcOfId)
    }
    if (lines.length === 0) frames.add(row, NONE, 0, 0)
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

function decodeLine(
  reader: WireReader,
  frames: FrameList,
  location: number,
  index: number,
  funcOfId: IdMap,
): void {
  const { offset: start } = reader
  let func = NONE
  let id = 0n
  let line = 0
  let column = 0
  while (reader.next()) {
    const { field } = reader
    if (field < 1 || field > 3) continue
    reader.expect(WIRE_VARINT, 'a line of location', location)
    if (field === 2) line = reader.double()
    else if (field === 3) column = reader.double()
    else {
      func = funcOfId.rowOf(reader.lo, reader.hi)
      if (func === NONE) id = reader.unsigned()
    }
  }
  if (func === NONE) {
    const what = `location ${location}, line ${index}`
    throw reader.error('function_id', `${what}: there is no function with id ${id}`, start)
  }
  frames.add(location, func, line, column)
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
      this.#location = doubled(this.#location, uint32)
      this.#func = doubled(this.#func, (length) => new Int32Array(length))
      this.#line = doubled(this.#line, (length) => new Float64Array(length))
      this.#column = doubled(this.#column, (length) => new Float64Array(length))
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

interface WireId {
  lo: number
  hi: number
}

function setId(id: WireId, reader: WireReader): void {
  id.lo = reader.lo
  id.hi = reader.hi
}

function addId(
  reader: WireReader,
  ranges: MessageRanges,
  rowOfId: IdMap,
  id: WireId,
  name: string,
  row: number,
): void {
  const { lo, hi } = id
  const start = ranges.bounds[2 * row]
  if (lo === 0 && hi === 0) {
    throw reader.error('reserved_id', `${name} ${row} has the reserved id 0`, start)
  }
  if (rowOfId.add(lo, hi, row)) return
  const wide = (BigInt(hi) << 32n) | BigInt(lo)
  throw reader.error('duplicate_id', `${name} ${row} has the id ${wide} of another ${name}`, start)
}

function enterRow(reader: WireReader, { bounds }: MessageRanges, row: number): void {
  reader.enter(bounds[2 * row], bounds[2 * row + 1])
}
