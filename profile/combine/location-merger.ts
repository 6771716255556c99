import { int32 } from '../columns/growing-column.ts'
import { type FrameTable, type LocationTable, NONE } from '../types.ts'

/** Locations of several profiles, by mapping, address within it and lines, in order of first use. */
export class LocationMerger {
  /** The growing `frameStart` column of the merged locations. */
  readonly frameStart = [0]
  /** For frames of the source: the merged function, or NONE. To be set before `rowOf`. */
  funcOf = int32(0)
  readonly #mapping: number[] = []
  readonly #isFolded: number[] = []
  /** Addresses relative to their mapping, as halves: a bigint for each would cost more than all the rest. */
  readonly #addressLo: number[] = []
  readonly #addressHi: number[] = []
  readonly #func: number[] = []
  readonly #line: number[] = []
  readonly #column: number[] = []
  readonly #hashOfRow: number[] = []
  /** Open addressing: a location, plus one; 0 is free. */
  #slots = int32(2048)
  /** Columns of the source; addresses as halves. */
  #sourceAddress: Uint32Array = new Uint32Array()
  #sourceIsFolded: Uint8Array = new Uint8Array()
  #sourceStart: Uint32Array = new Uint32Array()
  #sourceLine: Float64Array = new Float64Array()
  #sourceColumn: Float64Array = new Float64Array()

  /** The profile whose locations are given from now on. */
  enter(locations: LocationTable, frames: FrameTable): void {
    const { buffer, byteOffset, length } = locations.address
    this.#sourceAddress = new Uint32Array(buffer, byteOffset, length * 2)
    this.#sourceIsFolded = locations.isFolded
    this.#sourceStart = locations.frameStart
    this.#sourceLine = frames.line
    this.#sourceColumn = frames.column
    this.funcOf = int32(frames.length)
  }

  /** `startLo` and `startHi` are where the mapping starts in the source. */
  rowOf(index: number, mapping: number, startLo: number, startHi: number): number {
    const sourceLo = this.#sourceAddress[2 * index]
    const lo = (sourceLo - startLo) >>> 0
    const hi = (this.#sourceAddress[2 * index + 1] - startHi - (sourceLo < startLo ? 1 : 0)) >>> 0
    const hash = this.#hash(index, mapping, lo, hi)
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (let known = this.#slots[slot]; known !== 0; known = this.#slots[slot]) {
      const row = known - 1
      if (
        this.#hashOfRow[row] === hash &&
        this.#addressLo[row] === lo &&
        this.#addressHi[row] === hi &&
        this.#mapping[row] === mapping &&
        this.#isSame(row, index)
      ) {
        return row
      }
      slot = (slot + 1) & mask
    }
    this.#hashOfRow.push(hash)
    this.#mapping.push(mapping)
    this.#addressLo.push(lo)
    this.#addressHi.push(hi)
    this.#addLines(index)
    const length = this.#isFolded.push(this.#sourceIsFolded[index])
    this.#slots[slot] = length
    if (length * 2 > this.#slots.length) this.#rehash()
    return length - 1
  }

  /** `mappingStart` is where the merged mappings start. */
  finish(mappingStart: BigUint64Array): {
    readonly locations: LocationTable
    readonly frames: FrameTable
  } {
    const length = this.#func.length
    const location = new Uint32Array(length)
    const address = new BigUint64Array(this.#mapping.length)
    for (const [row, mapping] of this.#mapping.entries()) {
      location.fill(row, this.frameStart[row], this.frameStart[row + 1])
      const relative = (BigInt(this.#addressHi[row]) << 32n) | BigInt(this.#addressLo[row])
      address[row] = relative + (mapping === NONE ? 0n : mappingStart[mapping])
    }
    return {
      locations: {
        length: this.#mapping.length,
        mapping: Int32Array.from(this.#mapping),
        address,
        isFolded: Uint8Array.from(this.#isFolded),
        frameStart: Uint32Array.from(this.frameStart),
      },
      frames: {
        length,
        location,
        func: Int32Array.from(this.#func),
        line: Float64Array.from(this.#line),
        column: Float64Array.from(this.#column),
      },
    }
  }

  #addLines(index: number): void {
    for (let frame = this.#sourceStart[index]; frame < this.#sourceStart[index + 1]; frame++) {
      this.#func.push(this.funcOf[frame])
      this.#line.push(this.#sourceLine[frame])
      this.#column.push(this.#sourceColumn[frame])
    }
    this.frameStart.push(this.#func.length)
  }

  /** Whether the merged location has the lines of the source's. */
  #isSame(row: number, index: number): boolean {
    const start = this.#sourceStart[index]
    const ownStart = this.frameStart[row]
    const count = this.#sourceStart[index + 1] - start
    if (this.frameStart[row + 1] - ownStart !== count) return false
    for (let at = 0; at < count; at++) {
      if (
        this.#func[ownStart + at] !== this.funcOf[start + at] ||
        this.#line[ownStart + at] !== this.#sourceLine[start + at] ||
        this.#column[ownStart + at] !== this.#sourceColumn[start + at]
      ) {
        return false
      }
    }
    return this.#isFolded[row] === this.#sourceIsFolded[index]
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
    this.#slots = int32(this.#slots.length * 2)
    const mask = this.#slots.length - 1
    for (let row = 0; row < this.#hashOfRow.length; row++) {
      let slot = this.#hashOfRow[row] & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = row + 1
    }
  }
}
