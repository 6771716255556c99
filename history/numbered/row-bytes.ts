/** Reads rows of ClickHouse's format RowBinary: fields one after the other, numbers with the lowest byte first. */
export class RowBytes {
  readonly #view: DataView
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    // Slices of a Buffer would share its memory.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get hasMore(): boolean {
    return this.#at < this.#bytes.length
  }

  u8(): number {
    return this.#view.getUint8(this.#moved(1))
  }

  u32(): number {
    return this.#view.getUint32(this.#moved(4), true)
  }

  i64(): bigint {
    return this.#view.getBigInt64(this.#moved(8), true)
  }

  /** A number below 2^53. */
  count(): number {
    return Number(this.i64())
  }

  i128(): bigint {
    const low = this.#view.getBigUint64(this.#moved(8), true)
    return low + (this.i64() << 64n)
  }

  /** An unsigned number of 128 bits, as a decimal number. */
  hash(): string {
    return BigInt.asUintN(128, this.i128()).toString()
  }

  length(): number {
    let value = 0
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.u8()
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }

  text(): string {
    const length = this.length()
    const start = this.#moved(length)
    return DECODER.decode(this.#bytes.subarray(start, start + length))
  }

  /** A list of u32. */
  u32s(): Uint32Array {
    const byteCount = 4 * this.length()
    const start = this.#moved(byteCount)
    return new Uint32Array(this.#bytes.slice(start, start + byteCount).buffer)
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: this.length() }, read)
  }

  rows<T>(read: () => T): T[] {
    const rows: T[] = []
    while (this.hasMore) rows.push(read())
    return rows
  }

  #moved(count: number): number {
    const at = this.#at
    this.#at += count
    return at
  }
}

const DECODER = new TextDecoder()
