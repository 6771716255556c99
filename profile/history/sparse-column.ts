import { ByteWriter } from '../codec/byte-writer.ts'
import { ProfileFormatError } from '../profile-format-error.ts'
import { grown, uint32 } from '../columns/growing-column.ts'
import type { ValueColumn } from '../types.ts'
import { divisorOf } from '../columns/value-column.ts'

/**
 * The values of one profile, as bytes: the count, the rows in rising order as differences, then the values of each sample
 * type in one of these forms.
 */
const WHOLE = 0
/** As 64 bits each. */
const WIDE = 1
/** Those of an earlier sample type times a whole number: CPU time is samples times the period. */
const MULTIPLE = 2
/** From here on a value with its sign is more than a double holds. */
const SIGNED_MAX = 2 ** 52

export interface SparseValues {
  /** Rising. */
  readonly rows: Uint32Array
  /** A column for each sample type. */
  readonly values: readonly ValueColumn[]
}

export function encodeSparse({ rows, values }: SparseValues): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(16 + 5 * rows.length)
  writer.varint(rows.length)
  const steps = new Uint32Array(rows.length)
  for (let index = 0; index < rows.length; index++) {
    steps[index] = index === 0 ? rows[0] : rows[index] - rows[index - 1]
  }
  writer.varints(steps, steps.length)
  values.forEach((column, type) => writeValues(writer, column, values.slice(0, type)))
  return writer.finish()
}

function writeValues(
  writer: ByteWriter,
  column: ValueColumn,
  earlier: readonly ValueColumn[],
): void {
  if (column instanceof BigInt64Array || isSignedWide(column)) {
    writer.byte(WIDE)
    for (const value of column) writer.wideVarint(BigInt(value))
    return
  }
  for (const [type, other] of earlier.entries()) {
    const ratio = ratioOf(column, other)
    if (ratio === 0) continue
    writer.byte(MULTIPLE)
    writer.varint(type)
    writer.varint(ratio)
    return
  }
  writer.byte(WHOLE)
  const divisor = divisorOf(column)
  writer.varint(divisor)
  if (divisor === 0) return
  for (let index = 0; index < column.length; index++) writer.signedVarint(column[index] / divisor)
}

function isSignedWide(column: Float64Array): boolean {
  for (let index = 0; index < column.length; index++) {
    if (Math.abs(column[index]) >= SIGNED_MAX) return true
  }
  return false
}

/** The positive whole number that each value is of the other column's; 0 where there is none. */
function ratioOf(column: Float64Array, other: ValueColumn): number {
  if (other instanceof BigInt64Array) return 0
  const first = other.findIndex((value) => value !== 0)
  if (first === -1) return 0
  const ratio = column[first] / other[first]
  if (!Number.isSafeInteger(ratio) || ratio <= 0) return 0
  for (let index = 0; index < column.length; index++) {
    if (column[index] !== other[index] * ratio) return 0
  }
  return ratio
}

/** Reads columns one after the other into the same memory. */
export class SparseReader {
  count = 0
  /** The first `count` are valid until the next read. */
  rows = uint32(1024)
  /** Of each sample type, as `rows`. */
  values: ValueColumn[] = []
  readonly #doubles: Float64Array<ArrayBuffer>[] = []
  #bytes: Uint8Array = new Uint8Array()
  #at = 0

  /** Throws a ProfileFormatError `columns` where the bytes are none, or name a row that is not below `rowCount`. */
  read(bytes: Uint8Array, typeCount: number, rowCount: number): void {
    this.#bytes = bytes
    this.#at = 0
    this.count = this.#varint()
    if (this.count > bytes.length) fail('a column is longer than its bytes')
    while (this.count > this.rows.length) this.rows = grown(this.rows, uint32)
    this.#readRows(rowCount)
    this.values = []
    for (let type = 0; type < typeCount; type++) this.values.push(this.#readValues(type))
    if (this.#at !== bytes.length) fail('a column ends early')
  }

  #readRows(rowCount: number): void {
    const { rows, count } = this
    const bytes = this.#bytes
    let at = this.#at
    let row = 0
    for (let index = 0; index < count; index++) {
      let byte = bytes[at++]
      let step = byte & 0x7f
      for (let shift = 7; byte >= 0x80; shift += 7) {
        byte = bytes[at++]
        step |= (byte & 0x7f) << shift
      }
      row += step >>> 0
      rows[index] = row
    }
    if (count > 0 && !(row < rowCount)) fail('a row is not in the block')
    this.#at = at
  }

  #readValues(type: number): ValueColumn {
    const form = this.#bytes[this.#at++]
    if (form === WIDE) return this.#readWide()
    const column = this.#columnOf(type)
    const { count } = this
    if (form === MULTIPLE) {
      const source = this.values[this.#varint()]
      const ratio = this.#varint()
      if (!(source instanceof Float64Array)) fail('a column is a multiple of none')
      for (let index = 0; index < count; index++) column[index] = source[index] * ratio
      return column
    }
    if (form !== WHOLE) fail('a column has an unknown form')
    const divisor = this.#varint()
    if (divisor === 0) return column.fill(0, 0, count)
    this.#readWhole(column, divisor)
    return column
  }

  #readWhole(column: Float64Array, divisor: number): void {
    const { count } = this
    const bytes = this.#bytes
    let at = this.#at
    for (let index = 0; index < count; index++) {
      let byte = bytes[at++]
      if (byte < 0x80) {
        column[index] = ((byte >>> 1) ^ -(byte & 1)) * divisor
        continue
      }
      let folded = byte & 0x7f
      for (let factor = 0x80; byte >= 0x80; factor *= 0x80) {
        byte = bytes[at++]
        folded += (byte & 0x7f) * factor
      }
      column[index] = (folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2) * divisor
    }
    this.#at = at
  }

  #readWide(): BigInt64Array {
    const column = new BigInt64Array(this.count)
    for (let index = 0; index < column.length; index++) {
      let value = 0n
      for (let shift = 0n; ; shift += 7n) {
        const byte = this.#bytes[this.#at++] ?? fail('a column ends early')
        value |= BigInt(byte & 0x7f) << shift
        if (byte < 0x80) break
      }
      column[index] = BigInt.asIntN(64, value)
    }
    return column
  }

  #columnOf(type: number): Float64Array<ArrayBuffer> {
    const known = this.#doubles[type]
    if (known !== undefined && known.length >= this.count) return known
    return (this.#doubles[type] = new Float64Array(this.rows.length))
  }

  #varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.#bytes[this.#at++] ?? fail('a column ends early')
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }
}

function fail(message: string): never {
  throw new ProfileFormatError('columns', message)
}
