import { grown, int32 } from '../columns/growing-column.ts'
import { type FrameTable, type LocationTable, NONE } from '../types.ts'

/**
 * Columns of a merged location, side by side: finding one among ten thousand is a matter of how many places in memory
 * are looked at. Addresses are relative to their mapping, as halves: a bigint for each would cost more than all the rest.
 */
const ROW = { hash: 0, mapping: 1, addressLo: 2, addressHi: 3, isFolded: 4, lineCount: 5 } as const
const ROW_SIZE = 6

/** Locations of several profiles, by mapping, address within it and lines, in order of first use. */
export class LocationMerger {
  /** The growing `frameStart` column of the merged locations. */
  readonly frameStart = [0]
  /** For frames of the source: the merged function, or NONE. To be set before `rowOf`. */
  funcOf = int32(0)
  #rows = int32(ROW_SIZE * 1024)
  #length = 0
  readonly #func: number[] = []
  readonly #line: number[] = []
  readonly #column: number[] = []
  /** Open addressing: a location, plus one; 0 is free. */
  #slots = int32(2048)
  /** Columns of the source; addresses as halves. */
  #sourceAddress: Int32Array = int32(0)
  #sourceIsFolded: Uint8Array = new Uint8Array()
  #sourceStart: Uint32Array = new Uint32Array()
  #sourceLine: Float64Array = new Float64Array()
  #sourceColumn: Float64Array = new Float64Array()

  /** The profile whose locations are given from now on. */
  enter(locations: LocationTable, frames: FrameTable): void {
    const { buffer, byteOffset, length } = locations.address
    this.#sourceAddress = new Int32Array(buffer, byteOffset, length * 2)
    this.#sourceIsFolded = locations.isFolded
    this.#sourceStart = locations.frameStart
    this.#sourceLine = frames.line
    this.#sourceColumn = frames.column
    if (this.funcOf.length < frames.length) this.funcOf = int32(frames.length * 2)
  }

  /** `startLo` and `startHi` are where the mapping starts in the source. */
  rowOf(index: number, mapping: number, startLo: number, startHi: number): number {
    const sourceLo = this.#sourceAddress[2 * index]
    const borrow = sourceLo >>> 0 < startLo ? 1 : 0
    const lo = (sourceLo - startLo) | 0
    const hi = (this.#sourceAddress[2 * index + 1] - startHi - borrow) | 0
    const hash = this.#hash(index, mapping, lo, hi)
    const rows = this.#rows
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (let known = this.#slots[slot]; known !== 0; known = this.#slots[slot]) {
      const at = (known - 1) * ROW_SIZE
      if (
        rows[at] === hash &&
        rows[at + ROW.mapping] === mapping &&
        rows[at + ROW.addressLo] === lo &&
        rows[at + ROW.addressHi] === hi &&
        this.#hasLinesOf(known - 1, index)
      ) {
        return known - 1
      }
      slot = (slot + 1) & mask
    }
    this.#slots[slot] = this.#length + 1
    this.#add(index, hash, mapping, lo, hi)
    if (this.#length * 2 > this.#slots.length) this.#rehash()
    return this.#length - 1
  }

  /** `mappingStart` is where the merged mappings start. */
  finish(mappingStart: BigUint64Array): {
    readonly locations: LocationTable
    readonly frames: FrameTable
  } {
    const length = this.#length
    const rows = this.#rows
    const location = new Uint32Array(this.#func.length)
    const address = new BigUint64Array(length)
    const mapping = int32(length)
    const isFolded = new Uint8Array(length)
    for (let row = 0; row < length; row++) {
      const at = row * ROW_SIZE
      location.fill(row, this.frameStart[row], this.frameStart[row + 1])
      mapping[row] = rows[at + ROW.mapping]
      isFolded[row] = rows[at + ROW.isFolded]
      const relative =
        (BigInt(rows[at + ROW.addressHi] >>> 0) << 32n) | BigInt(rows[at + ROW.addressLo] >>> 0)
      address[row] = relative + (mapping[row] === NONE ? 0n : mappingStart[mapping[row]])
    }
    const frameStart = Uint32Array.from(this.frameStart)
    return {
      locations: { length, mapping, address, isFolded, frameStart },
      frames: {
        length: this.#func.length,
        location,
        func: Int32Array.from(this.#func),
        line: Float64Array.from(this.#line),
        column: Float64Array.from(this.#column),
      },
    }
  }

  #add(index: number, hash: number, mapping: number, lo: number, hi: number): void {
    const at = this.#length++ * ROW_SIZE
    if (at + ROW_SIZE > this.#rows.length) this.#rows = grown(this.#rows, int32)
    const end = this.#sourceStart[index + 1]
    for (let frame = this.#sourceStart[index]; frame < end; frame++) {
      this.#func.push(this.funcOf[frame])
      this.#line.push(this.#sourceLine[frame])
      this.#column.push(this.#sourceColumn[frame])
    }
    this.frameStart.push(this.#func.length)
    this.#rows[at] = hash
    this.#rows[at + ROW.mapping] = mapping
    this.#rows[at + ROW.addressLo] = lo
    this.#rows[at + ROW.addressHi] = hi
    this.#rows[at + ROW.isFolded] = this.#sourceIsFolded[index]
    this.#rows[at + ROW.lineCount] = end - this.#sourceStart[index]
  }

  /** Whether a merged location has the lines of one of the source. */
  #hasLinesOf(row: number, index: number): boolean {
    const at = row * ROW_SIZE
    const start = this.#sourceStart[index]
    const count = this.#sourceStart[index + 1] - start
    if (this.#rows[at + ROW.lineCount] !== count) return false
    if (this.#rows[at + ROW.isFolded] !== this.#sourceIsFolded[index]) return false
    const ownStart = this.frameStart[row]
    for (let line = 0; line < count; line++) {
      if (
        this.#func[ownStart + line] !== this.funcOf[start + line] ||
        this.#line[ownStart + line] !== this.#sourceLine[start + line] ||
        this.#column[ownStart + line] !== this.#sourceColumn[start + line]
      ) {
        return false
      }
    }
    return true
  }

  #hash(index: number, mapping: number, lo: number, hi: number): number {
    const end = this.#sourceStart[index + 1]
    let hash = Math.imul(lo ^ Math.imul(hi + mapping, 0x85ebca6b), 0x9e3779b1)
    for (let frame = this.#sourceStart[index]; frame < end; frame++) {
      hash = Math.imul(hash ^ this.funcOf[frame] ^ (hash >>> 15), 0x85ebca6b)
      hash = Math.imul(hash ^ this.#sourceLine[frame], 0x2c1b3c6d)
    }
    return hash ^ (hash >>> 13)
  }

  #rehash(): void {
    const slots = int32(this.#slots.length * 2)
    const rows = this.#rows
    const mask = slots.length - 1
    for (let row = 0; row < this.#length; row++) {
      let slot = rows[row * ROW_SIZE] & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = row + 1
    }
    this.#slots = slots
  }
}
