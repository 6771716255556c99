import { int32 } from './growing-column.ts'
import { NONE } from '../types.ts'

/**
 * Which row an id of the file stands for. Ids are any unsigned 64-bit numbers and come as two halves; small ones are
 * looked up in an array, the others by bigint, so that no two ids are mistaken for each other.
 */
export class IdMap {
  /** The rows of small ids, or NONE, for loops that look them up in place. */
  readonly dense: Int32Array
  readonly #sparse = new Map<bigint, number>()

  constructor(rowCount: number) {
    this.dense = int32(rowCount * 2 + 16).fill(NONE)
  }

  /** False when the id is taken. */
  add(lo: number, hi: number, row: number): boolean {
    if (this.rowOf(lo, hi) !== NONE) return false
    if (hi === 0 && lo < this.dense.length) this.dense[lo] = row
    else this.#sparse.set(wide(lo, hi), row)
    return true
  }

  /** The row, or NONE. */
  rowOf(lo: number, hi: number): number {
    if (hi === 0 && lo < this.dense.length) return this.dense[lo]
    return this.#sparse.get(wide(lo, hi)) ?? NONE
  }
}

function wide(lo: number, hi: number): bigint {
  return (BigInt(hi) << 32n) | BigInt(lo)
}
