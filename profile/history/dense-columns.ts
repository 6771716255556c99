import { gather } from '../columns/gather.ts'
import type { ValueColumn } from '../types.ts'

export interface DenseOptions {
  readonly typeCount: number
  readonly rowCount: number
  /** Whether values may need more than a double. */
  readonly isWide: boolean
}

interface SparseRows {
  readonly count: number
  readonly rows: Uint32Array
  readonly values: readonly ValueColumn[]
}

/** Adds up sparse columns by row, and knows which rows were touched. */
export class DenseColumns {
  readonly #sums: readonly ValueColumn[]
  readonly #isTouched: Uint8Array
  readonly #touched: Uint32Array
  #touchedCount = 0

  constructor({ typeCount, rowCount, isWide }: DenseOptions) {
    this.#sums = Array.from({ length: typeCount }, () =>
      isWide ? new BigInt64Array(rowCount) : new Float64Array(rowCount),
    )
    this.#isTouched = new Uint8Array(rowCount)
    this.#touched = new Uint32Array(rowCount)
  }

  add({ count, rows, values }: SparseRows, sign: 1 | -1): void {
    for (let index = 0; index < count; index++) {
      const row = rows[index]
      if (row >= this.#isTouched.length || this.#isTouched[row] === 1) continue
      this.#isTouched[row] = 1
      this.#touched[this.#touchedCount++] = row
    }
    for (const [type, sums] of this.#sums.entries())
      addColumn(sums, { count, rows }, values[type], sign)
  }

  /** Whether a sum of one of these types is below 0. */
  hasFallen(types: readonly boolean[]): boolean {
    return this.#sums.some((sums, type) => {
      if (!types[type]) return false
      for (let index = 0; index < this.#touchedCount; index++) {
        if (sums[this.#touched[index]] < 0) return true
      }
      return false
    })
  }

  /** The rows with a sum other than 0, rising, and their sums. */
  take(): SparseRows {
    const touched = this.#touched.subarray(0, this.#touchedCount)
    // oxlint-disable-next-line eqeqeq -- covers 0 and 0n
    const rows = touched.filter((row) => this.#sums.some((sums) => sums[row] != 0)).sort()
    return { count: rows.length, rows, values: this.#sums.map((sums) => gather(sums, rows)) }
  }

  clear(): void {
    for (let index = 0; index < this.#touchedCount; index++) {
      const row = this.#touched[index]
      this.#isTouched[row] = 0
      for (const sums of this.#sums) {
        if (sums instanceof Float64Array) sums[row] = 0
        else sums[row] = 0n
      }
    }
    this.#touchedCount = 0
  }
}

/** Adds each value, `weight` times, to the sum of its row. Rows that have no sum are passed over. */
export function addColumn(
  sums: ValueColumn,
  { count, rows }: Pick<SparseRows, 'count' | 'rows'>,
  values: ValueColumn,
  weight: number,
): void {
  const { length } = sums
  if (sums instanceof Float64Array && values instanceof Float64Array) {
    for (let index = 0; index < count; index++) {
      const row = rows[index]
      if (row < length) sums[row] += values[index] * weight
    }
    return
  }
  for (let index = 0; index < count; index++) {
    const row = rows[index]
    if (row >= length) continue
    if (sums instanceof Float64Array) sums[row] += Number(values[index]) * weight
    else sums[row] += BigInt(values[index]) * BigInt(weight)
  }
}
