import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { ValueColumn } from '../types.ts'
import { divisorOf } from '../columns/value-column.ts'

/** Columns as bytes: `write...` and `read...` of one name are each other's inverse. */

type IndexColumn = Int32Array | Uint32Array

/** Each row as its difference from `base`, or from the row before. */
export function writeIndexes(writer: ByteWriter, column: IndexColumn, base?: Uint32Array): void {
  writer.steps(column, base)
}

/** The rows as 32 bits, to be seen as Int32Array or Uint32Array. */
export function readIndexes(reader: ByteReader, length: number, base?: Uint32Array): ArrayBuffer {
  const column = new Int32Array(length)
  reader.steps(column, base)
  return column.buffer
}

/** Of a column of starts, how many rows each owns. */
export function writeStarts(writer: ByteWriter, starts: Uint32Array): void {
  for (let row = 1; row < starts.length; row++) writer.varint(starts[row] - starts[row - 1])
}

export function readStarts(reader: ByteReader, length: number): Uint32Array {
  const starts = new Uint32Array(length + 1)
  let start = 0
  for (let row = 1; row <= length; row++) {
    start += reader.varint()
    if (start > 0xffffffff) reader.fail('a start is out of range')
    starts[row] = start
  }
  return starts
}

export function writeWide(writer: ByteWriter, column: BigUint64Array | BigInt64Array): void {
  // Lower and upper half of each row in turn, as in `readWide`.
  const halves = new Uint32Array(column.buffer, column.byteOffset, 2 * column.length)
  let [lo, hi] = [0, 0]
  for (let row = 0; row < column.length; row++) {
    const [nextLo, nextHi] = [halves[2 * row], halves[2 * row + 1]]
    const upper = (nextHi - hi - (nextLo < lo ? 1 : 0)) | 0
    const difference = upper * WORD + ((nextLo - lo) >>> 0)
    if (Math.abs(difference) < SIGNED_MAX) writer.signedVarint(difference)
    else writeWideStep(writer, BigInt(upper) * BigInt(WORD) + BigInt((nextLo - lo) >>> 0))
    lo = nextLo
    hi = nextHi
  }
}

function writeWideStep(writer: ByteWriter, difference: bigint): void {
  writer.wideVarint(difference < 0n ? -difference * 2n - 1n : difference * 2n)
}

/** The rows as 64 bits, to be seen as BigInt64Array or BigUint64Array. */
export function readWide(reader: ByteReader, length: number): ArrayBuffer {
  /** Lower and upper half of each row in turn: an integer of any size for each takes most of the time. */
  const halves = new Uint32Array(2 * length)
  let [lo, hi] = [0, 0]
  for (let row = 0; row < length; row++) {
    const folded = reader.smallVarint()
    if (folded === null) [lo, hi] = halvesOfSum(lo, hi, reader.wideVarint())
    else {
      const sum = lo + (folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2)
      lo = sum >>> 0
      hi = (hi + Math.floor(sum / WORD)) >>> 0
    }
    halves[2 * row] = lo
    halves[2 * row + 1] = hi
  }
  return halves.buffer
}

/** How many numbers half of a row holds. */
const WORD = 2 ** 32

function halvesOfSum(lo: number, hi: number, folded: bigint): [number, number] {
  const difference = (folded & 1n) === 0n ? folded >> 1n : -((folded + 1n) >> 1n)
  const sum = BigInt.asUintN(64, ((BigInt(hi) << 32n) | BigInt(lo)) + difference)
  return [Number(sum & 0xffffffffn), Number(sum >> 32n)]
}

const ALL_ZERO = 0
const WHOLE = 1
const DOUBLE = 2

/** Lines and columns: whole numbers in practice, but doubles when a file has them beyond 2^52. */
export function writeDoubles(writer: ByteWriter, column: Float64Array): void {
  const form = formOf(column)
  writer.byte(form)
  if (form === ALL_ZERO) return
  for (const value of column) {
    if (form === WHOLE) writer.signedVarint(value)
    else writer.double(value)
  }
}

export function readDoubles(reader: ByteReader, length: number): Float64Array {
  const column = new Float64Array(length)
  const form = reader.byte()
  if (form === ALL_ZERO) return column
  for (let row = 0; row < length; row++) {
    column[row] = form === WHOLE ? reader.signedVarint() : reader.double()
  }
  return column
}

const SIGNED_MAX = 2 ** 52

function formOf(column: Float64Array): number {
  if (column.every((value) => value === 0)) return ALL_ZERO
  return column.every((value) => Math.abs(value) < SIGNED_MAX) ? WHOLE : DOUBLE
}

const EXACT = 0
const WIDE = 1

/** Values are often multiples of one number, the sampling period: only the factors are written. */
export function writeValues(writer: ByteWriter, column: ValueColumn): void {
  if (column instanceof BigInt64Array || formOf(column) === DOUBLE) {
    writer.byte(WIDE)
    writer.byte(column instanceof BigInt64Array ? 1 : 0)
    for (const value of column) writer.wideVarint(BigInt(value))
    return
  }
  writer.byte(EXACT)
  const divisor = divisorOf(column)
  writer.varint(divisor)
  for (const value of column) writer.signedVarint(divisor === 0 ? 0 : value / divisor)
}

export function readValues(reader: ByteReader, length: number): ValueColumn {
  if (reader.byte() === EXACT) {
    const divisor = reader.varint()
    const column = new Float64Array(length)
    for (let row = 0; row < length; row++) column[row] = reader.signedVarint() * divisor
    return column
  }
  const isWide = reader.byte() === 1
  const column = new BigInt64Array(length)
  for (let row = 0; row < length; row++) column[row] = BigInt.asIntN(64, reader.wideVarint())
  return isWide ? column : Float64Array.from(column, Number)
}
