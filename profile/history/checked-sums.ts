import { ReportError } from '../report-error.ts'
import type { ValueColumn } from '../types.ts'
import { addColumn } from './dense-columns.ts'

/** A sum beyond this is refused. It may fit: as a double it is rounded, by less than what this lacks to 2^63. */
export const FITTING_MAX = 2 ** 63 - 2 ** 44

interface SummedRows {
  readonly count: number
  readonly rows: Uint32Array
}

/**
 * A column of sums that is exact, or refused. 64-bit numbers wrap on the way, and are right again where the sum fits; where
 * it might not, a sum of doubles beside each says whether it does.
 */
export class CheckedSums {
  readonly column: ValueColumn
  readonly #rough: Float64Array | null

  /** `bound`: what the absolute values add up to at most. */
  constructor(bound: number, rowCount: number) {
    this.column =
      bound > Number.MAX_SAFE_INTEGER ? new BigInt64Array(rowCount) : new Float64Array(rowCount)
    this.#rough = bound > FITTING_MAX ? new Float64Array(rowCount) : null
  }

  /** Adds each value, `weight` times, to the sum of its row. */
  add(rows: SummedRows, values: ValueColumn, weight: number): void {
    addColumn(this.column, rows, values, weight)
    if (this.#rough !== null) addColumn(this.#rough, rows, values, weight)
  }

  /** Throws a ReportError where a sum does not fit into 64 bits. */
  check(): void {
    if (this.#rough?.some((sum) => Math.abs(sum) > FITTING_MAX) === true) refuseWide()
  }
}

export function refuseWide(): never {
  throw new ReportError('a value of the range needs more than 64 bits: choose a shorter one')
}
