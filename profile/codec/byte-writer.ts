import { grown, uint8 } from '../columns/growing-column.ts'
import { encodeUtf8 } from '../columns/utf8.ts'

const SHORT_BYTES = 128
/** There is room made for so many steps at once. */
const STEPS_ROOM = 256

/** Bytes that grow as varints, texts and messages are written behind each other. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>
  #length = 0

  /** `sizeHint` is about how many bytes there will be. */
  constructor(sizeHint = 1024) {
    this.#bytes = uint8(sizeHint)
  }

  get length(): number {
    return this.#length
  }

  byte(value: number): void {
    this.#room(1)
    this.#bytes[this.#length++] = value
  }

  /** A whole number from 0 up to 2^53. */
  varint(value: number): void {
    this.#room(10)
    const bytes = this.#bytes
    let length = this.#length
    let rest = value
    while (rest >= 0x80000000) {
      bytes[length++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    while (rest >= 0x80) {
      bytes[length++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    bytes[length++] = rest
    this.#length = length
  }

  /** The first `count` of these numbers, in one call because there are many. */
  varints(values: Uint32Array, count: number): void {
    this.#room(5 * count)
    const bytes = this.#bytes
    let length = this.#length
    for (let index = 0; index < count; index++) {
      let rest = values[index]
      while (rest >= 0x80) {
        bytes[length++] = (rest & 0x7f) | 0x80
        rest >>>= 7
      }
      bytes[length++] = rest
    }
    this.#length = length
  }

  /** How much each row is more than `base` of that row, or than the row before, as signed varints in one call. */
  steps(column: Int32Array | Uint32Array, base?: Uint32Array): void {
    let before = 0
    for (let row = 0; row < column.length; row++) {
      if (row % STEPS_ROOM === 0) this.#room(10 * STEPS_ROOM)
      const step = column[row] - (base === undefined ? before : base[row])
      before = column[row]
      const folded = step < 0 ? -step * 2 - 1 : step * 2
      if (folded < 0x80) this.#bytes[this.#length++] = folded
      else this.varint(folded)
    }
  }

  /** Any 64-bit number, signed or not, as its bits. */
  wideVarint(value: bigint): void {
    const number = Number(value)
    if (number >= 0 && number <= Number.MAX_SAFE_INTEGER) {
      this.varint(number)
      return
    }
    this.#room(10)
    let rest = BigInt.asUintN(64, value)
    while (rest >= 0x80n) {
      this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80
      rest >>= 7n
    }
    this.#bytes[this.#length++] = Number(rest)
  }

  /** A whole number of either sign within 2^52, small ones in few bytes. */
  signedVarint(value: number): void {
    this.varint(value < 0 ? -value * 2 - 1 : value * 2)
  }

  double(value: number): void {
    this.raw(new Uint8Array(new Float64Array([value]).buffer))
  }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** What was written to another writer, with its length before it. */
  message(writer: ByteWriter): void {
    const { length } = writer
    this.varint(length)
    this.#room(length)
    const bytes = this.#bytes
    const source = writer.#bytes
    const start = this.#length
    // A loop, because a view and a call take longer than most messages.
    if (length > SHORT_BYTES) bytes.set(writer.view(), start)
    else for (let at = 0; at < length; at++) bytes[start + at] = source[at]
    this.#length = start + length
  }

  /** Its length in bytes, then UTF-8. */
  text(text: string): void {
    if (this.#ascii(text)) return
    const bytes = encodeUtf8(text)
    this.varint(bytes.length)
    this.raw(bytes)
  }

  /** Writes ASCII in place, in a third of the time of a call into the engine's encoder; false, and nothing, for other text. */
  #ascii(text: string): boolean {
    const start = this.#length
    this.varint(text.length)
    this.#room(text.length)
    const bytes = this.#bytes
    const at = this.#length
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (code >= 0x80) {
        this.#length = start
        return false
      }
      bytes[at + index] = code
    }
    this.#length = at + text.length
    return true
  }

  /** Forgets all that was written, so that the buffer serves again. */
  clear(): void {
    this.#length = 0
  }

  /** A view of what was written, valid until more is. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length)
  }

  #room(sizeBytes: number): void {
    while (this.#length + sizeBytes > this.#bytes.length) {
      this.#bytes = grown(this.#bytes, uint8)
    }
  }
}
