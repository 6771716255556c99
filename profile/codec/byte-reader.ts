import { ProfileFormatError } from '../profile-format-error.ts'
import { decodeUtf8Lenient } from '../columns/utf8.ts'

/** The text of UTF-8 bytes, U+FFFD for what is not valid. */
export type DecodeText = (bytes: Uint8Array, start: number, end: number) => string

/** Reads what a ByteWriter wrote. Throws a ProfileFormatError `columns` when the bytes end too early or make no sense. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #decodeText: DecodeText
  #offset = 0

  constructor(bytes: Uint8Array, decodeText: DecodeText = decodeUtf8Lenient) {
    // Of a Buffer, `slice` would share the memory instead of copying it.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#decodeText = decodeText
  }

  get offset(): number {
    return this.#offset
  }

  get leftBytes(): number {
    return this.#bytes.length - this.#offset
  }

  byte(): number {
    if (this.#offset >= this.#bytes.length) this.fail('the bytes end too early')
    return this.#bytes[this.#offset++]
  }

  varint(): number {
    const first = this.byte()
    if (first < 0x80) return first
    let value = first & 0x7f
    let factor = 0x80
    for (;;) {
      const byte = this.byte()
      value += (byte & 0x7f) * factor
      if (value > Number.MAX_SAFE_INTEGER) this.fail('a number is too large')
      if (byte < 0x80) return value
      factor *= 0x80
    }
  }

  wideVarint(): bigint {
    const small = this.smallVarint()
    if (small !== null) return BigInt(small)
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    return this.fail('a number is too long')
  }

  /** The next varint if it takes at most 49 bits; otherwise null, and it is still the next. */
  smallVarint(): number | null {
    const start = this.#offset
    let value = 0
    for (let factor = 1; factor < 2 ** 49; factor *= 0x80) {
      const byte = this.byte()
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
    this.#offset = start
    return null
  }

  /**
   * Fills the column: each row is a signed varint more than `base` of that row, or than the row before. In one loop,
   * because there are many.
   */
  steps(column: Int32Array, base?: Uint32Array): void {
    const bytes = this.#bytes
    let at = this.#offset
    let value = 0
    for (let row = 0; row < column.length; row++) {
      if (base !== undefined) value = base[row]
      const first = bytes[at]
      const second = bytes[at + 1]
      if (first < 0x80) {
        value += (first >>> 1) ^ -(first & 1)
        at++
      } else if (second < 0x80) {
        const folded = (first & 0x7f) | (second << 7)
        value += (folded >>> 1) ^ -(folded & 1)
        at += 2
      } else {
        this.#offset = at
        value += this.signedVarint()
        at = this.#offset
      }
      if (value < -1 || value > 0xffffffff) this.fail('an index is out of range')
      column[row] = value
    }
    this.#offset = at
  }

  signedVarint(): number {
    const value = this.varint()
    if (value < 2 ** 31) return (value >>> 1) ^ -(value & 1)
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  double(): number {
    const { buffer, byteOffset } = this.raw(8)
    return new DataView(buffer, byteOffset).getFloat64(0, true)
  }

  /** The next bytes, as a view. */
  raw(sizeBytes: number): Uint8Array {
    if (sizeBytes > this.leftBytes) this.fail('the bytes end too early')
    const start = this.#offset
    this.#offset += sizeBytes
    return this.#bytes.subarray(start, this.#offset)
  }

  text(): string {
    const sizeBytes = this.varint()
    if (sizeBytes > this.leftBytes) this.fail('the bytes end too early')
    const start = this.#offset
    this.#offset += sizeBytes
    return this.#decodeText(this.#bytes, start, this.#offset)
  }

  /** How many rows follow. Each takes a byte at least, so no column is made that the bytes could not fill. */
  rowCount(): number {
    const count = this.varint()
    if (count > this.leftBytes) this.fail('a table is longer than the bytes')
    return count
  }

  fail(message: string): never {
    throw new ProfileFormatError('columns', message, this.#offset)
  }
}
