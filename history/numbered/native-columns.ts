/** Values of 128 bits, as their lower and upper halves. */
export interface WideColumn {
  readonly low: BigInt64Array
  readonly high: BigInt64Array
}

/** A list of numbers for each row. */
export interface ListColumn {
  /** Of each row, where its list begins in `values`; one more for the end of the last. */
  readonly starts: Uint32Array
  readonly values: Uint32Array
}

/** Texts as they lie in an answer: that of each row from `bounds[2 * row]` to `bounds[2 * row + 1]`. */
export interface TextBounds {
  readonly bytes: Uint8Array
  readonly bounds: Uint32Array
}

/** What one block of an answer has of a column. */
interface Part {
  readonly rowCount: number
  readonly start: number
}

interface Column {
  readonly type: string
  readonly parts: Part[]
}

const ROW_BYTES: Readonly<Record<string, number>> = {
  UInt8: 1,
  UInt32: 4,
  UInt64: 8,
  Int64: 8,
  UInt128: 16,
  Int128: 16,
}
const LIST = /^Array\((\w+)\)$/
const OFFSET_BYTES = 8
const [OPENING = 0, COMMA = 0, CLOSING = 0] = Buffer.from('[,]')

/**
 * Reads an answer in ClickHouse's format Native: blocks of rows, column by column, numbers with the lowest byte first.
 * Columns are asked for by index; each function takes the type that it names, and throws a RangeError for another.
 * https://clickhouse.com/docs/interfaces/formats/Native
 */
export class NativeColumns {
  rowCount = 0
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #columns: Column[] = []
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    while (this.#at < bytes.length) this.#enterBlock()
  }

  /** UInt8. */
  u8(index: number): Uint8Array {
    return new Uint8Array(this.#fixed(index, 'UInt8'))
  }

  /** UInt32. */
  u32(index: number): Uint32Array {
    return new Uint32Array(this.#fixed(index, 'UInt32'))
  }

  /** UInt64 below 2^53. */
  counts(index: number): Float64Array {
    return Float64Array.from(new BigUint64Array(this.#fixed(index, 'UInt64')), Number)
  }

  /** Int64. */
  i64(index: number): BigInt64Array {
    return new BigInt64Array(this.#fixed(index, 'Int64'))
  }

  /** Int64 of which none is beyond 2^53. */
  doubles(index: number): Float64Array {
    const halves = new Int32Array(this.#fixed(index, 'Int64'))
    const doubles = new Float64Array(this.rowCount)
    for (let row = 0; row < doubles.length; row++) {
      doubles[row] = (halves[2 * row + 1] ?? 0) * 2 ** 32 + ((halves[2 * row] ?? 0) >>> 0)
    }
    return doubles
  }

  /** Int128. */
  i128(index: number): WideColumn {
    const halves = new BigInt64Array(this.#fixed(index, 'Int128'))
    const low = new BigInt64Array(this.rowCount)
    const high = new BigInt64Array(this.rowCount)
    for (let row = 0; row < low.length; row++) {
      low[row] = halves[2 * row] ?? 0n
      high[row] = halves[2 * row + 1] ?? 0n
    }
    return { low, high }
  }

  /** UInt128, as decimal numbers. */
  hashes(index: number): string[] {
    const halves = new BigUint64Array(this.#fixed(index, 'UInt128'))
    return Array.from({ length: this.rowCount }, (_, row) =>
      (((halves[2 * row + 1] ?? 0n) << 64n) | (halves[2 * row] ?? 0n)).toString(),
    )
  }

  /** String. */
  texts(index: number): string[] {
    const { bytes, bounds } = this.bounds(index)
    const texts: string[] = []
    for (let at = 0; at < bounds.length; at += 2) {
      const [start, end] = [bounds[at], bounds[at + 1]]
      // Most labels are empty: a view for each would take longer than all the rest.
      texts.push(start === end ? '' : DECODER.decode(bytes.subarray(start, end)))
    }
    return texts
  }

  /** String, each a value in JSON: decoded and parsed at once, in a third of the time that each alone takes. */
  json(index: number): unknown {
    const { bytes, bounds } = this.bounds(index)
    const list = new Uint8Array(2 + bytes.length)
    let length = 0
    for (let row = 0; row < this.rowCount; row++) {
      const text = bytes.subarray(bounds[2 * row], bounds[2 * row + 1])
      list[length++] = row === 0 ? OPENING : COMMA
      list.set(text, length)
      length += text.length
    }
    if (length === 0) return []
    list[length++] = CLOSING
    return JSON.parse(DECODER.decode(list.subarray(0, length)))
  }

  /** String. */
  bounds(index: number): TextBounds {
    const bounds = new Uint32Array(2 * this.rowCount)
    let count = 0
    for (const { rowCount, start } of this.#column(index, 'String')) {
      this.#at = start
      for (let row = 0; row < rowCount; row++) {
        const length = this.#varint()
        bounds[count++] = this.#at
        this.#at += length
        bounds[count++] = this.#at
      }
    }
    return { bytes: this.#bytes, bounds }
  }

  /** Array(UInt32). */
  u32Lists(index: number): ListColumn {
    const { starts, bytes } = this.#lists(index, 'Array(UInt32)', 4)
    return { starts, values: new Uint32Array(bytes) }
  }

  /** Array(Int128). */
  i128Lists(index: number): bigint[][] {
    const { starts, bytes } = this.#lists(index, 'Array(Int128)', 16)
    const halves = new BigInt64Array(bytes)
    return Array.from({ length: this.rowCount }, (_, row) => {
      const list: bigint[] = []
      for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at++) {
        const low = BigInt.asUintN(64, halves[2 * at] ?? 0n)
        list.push(((halves[2 * at + 1] ?? 0n) << 64n) + low)
      }
      return list
    })
  }

  /** Finds where the columns of a block lie. */
  #enterBlock(): void {
    const columnCount = this.#varint()
    const rowCount = this.#varint()
    for (let index = 0; index < columnCount; index++) {
      this.#text()
      const type = this.#text()
      const column = (this.#columns[index] ??= { type, parts: [] })
      column.parts.push({ rowCount, start: this.#at })
      this.#pass(type, rowCount)
    }
    this.rowCount += rowCount
  }

  /** Goes to the end of a column. */
  #pass(type: string, rowCount: number): void {
    const item = LIST.exec(type)?.[1]
    if (type === 'String') {
      for (let row = 0; row < rowCount; row++) {
        const length = this.#varint()
        this.#at += length
      }
    } else if (item === undefined) {
      this.#at += rowCount * bytesOf(type)
    } else {
      const itemCount = this.#endOf(this.#at, rowCount)
      this.#at += rowCount * OFFSET_BYTES + itemCount * bytesOf(item)
    }
  }

  /** How many values the first `count` lists have. */
  #endOf(start: number, count: number): number {
    if (count === 0) return 0
    const at = start + (count - 1) * OFFSET_BYTES
    return this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * 2 ** 32
  }

  #column(index: number, type: string): readonly Part[] {
    const column = this.#columns[index]
    // An answer without rows may have no columns.
    if (column === undefined) return []
    if (column.type !== type) throw new RangeError(`a column of ClickHouse is ${column.type}`)
    return column.parts
  }

  /** The bytes of a column, one block behind the other. */
  #fixed(index: number, type: string): ArrayBuffer {
    const size = bytesOf(type)
    const parts = this.#column(index, type)
    return this.#joined(parts.map(({ rowCount, start }) => ({ start, byteCount: rowCount * size })))
  }

  #lists(index: number, type: string, itemBytes: number) {
    const starts = new Uint32Array(this.rowCount + 1)
    let row = 0
    const parts = this.#column(index, type).map(({ rowCount, start }) => {
      const before = starts[row] ?? 0
      for (let own = 1; own <= rowCount; own++) starts[++row] = before + this.#endOf(start, own)
      return {
        start: start + rowCount * OFFSET_BYTES,
        byteCount: this.#endOf(start, rowCount) * itemBytes,
      }
    })
    return { starts, bytes: this.#joined(parts) }
  }

  #joined(parts: readonly { readonly start: number; readonly byteCount: number }[]): ArrayBuffer {
    const joined = new Uint8Array(parts.reduce((sum, { byteCount }) => sum + byteCount, 0))
    let at = 0
    for (const { start, byteCount } of parts) {
      joined.set(this.#bytes.subarray(start, start + byteCount), at)
      at += byteCount
    }
    return joined.buffer
  }

  #text(): string {
    const length = this.#varint()
    this.#at += length
    return DECODER.decode(this.#bytes.subarray(this.#at - length, this.#at))
  }

  #varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.#view.getUint8(this.#at++)
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }
}

function bytesOf(type: string): number {
  const size = ROW_BYTES[type]
  if (size === undefined) throw new RangeError(`a column of ClickHouse is ${type}`)
  return size
}

const DECODER = new TextDecoder()
