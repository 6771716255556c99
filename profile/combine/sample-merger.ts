import { grown, int32 } from '../columns/growing-column.ts'
import { NONE, type SampleTable, type ValueColumn } from '../types.ts'
import { PairIndex } from '../columns/pair-index.ts'
import { valueColumnOf } from '../columns/value-column.ts'

/** Adds up the values of equal samples: those of one path and one set of labels. */
export class SampleMerger {
  /** Paths, moved up by one for NONE, and sets of labels. */
  readonly #rows = new PairIndex()
  readonly #sums: SumColumn[] = []

  /** `path` may be NONE. */
  rowOf(path: number, labelSet: number): number {
    return this.#rows.idOf(path + 1, labelSet)
  }

  /** Adds the values of each sample that is used to the row it belongs to. */
  add(
    { values }: Pick<SampleTable, 'values'>,
    isUsed: Uint8Array,
    rowOf: (sample: number) => number,
  ): void {
    const rows = int32(isUsed.length)
    for (let sample = 0; sample < rows.length; sample++) {
      rows[sample] = isUsed[sample] === 0 ? NONE : rowOf(sample)
    }
    for (const [type, column] of values.entries()) {
      const sums = (this.#sums[type] ??= new SumColumn())
      sums.add(rows, column, this.#rows.length)
    }
  }

  /** `paths` are to be replaced by the stacks they end at. */
  finish(): Omit<SampleTable, 'stack' | 'inferredDepth'> & { readonly paths: Int32Array } {
    const { length } = this.#rows
    const { first, second } = this.#rows.finish()
    return {
      length,
      paths: first.map((path) => path - 1),
      labelSet: Uint32Array.from(second),
      values: this.#sums.map((sums) => sums.finish(length)),
    }
  }
}

/** Sums as doubles while that proves exact, then as 64-bit integers, which wrap as pprof's do. */
class SumColumn {
  #sums: Float64Array<ArrayBuffer> | BigInt64Array<ArrayBuffer> = new Float64Array(1024)
  /** The sum of all absolute values so far. */
  #bound = 0

  /** There are `length` rows now. */
  add(rows: Int32Array, values: ValueColumn, length: number): void {
    const sums = this.#grown(values, length)
    if (sums instanceof Float64Array) {
      for (let sample = 0; sample < rows.length; sample++) {
        if (rows[sample] !== NONE) sums[rows[sample]] += Number(values[sample])
      }
      return
    }
    for (let sample = 0; sample < rows.length; sample++) {
      if (rows[sample] !== NONE) sums[rows[sample]] += BigInt(values[sample])
    }
  }

  finish(length: number): ValueColumn {
    const sums = this.#sums.slice(0, length)
    return sums instanceof Float64Array ? sums : valueColumnOf([...sums])
  }

  /** The sums as what holds these values too. */
  #grown(values: ValueColumn, length: number): Float64Array | BigInt64Array {
    let sums = this.#sums
    if (sums instanceof Float64Array && !this.#isExactWith(values)) {
      sums = BigInt64Array.from(sums, (sum) => BigInt(sum))
    }
    while (length > sums.length) {
      sums =
        sums instanceof Float64Array
          ? grown(sums, (size) => new Float64Array(size))
          : grown(sums, (size) => new BigInt64Array(size))
    }
    this.#sums = sums
    return sums
  }

  #isExactWith(values: ValueColumn): boolean {
    if (values instanceof BigInt64Array) return false
    for (const value of values) this.#bound += Math.abs(value)
    return this.#bound <= Number.MAX_SAFE_INTEGER
  }
}

/** 1 for each sample with a value other than 0. */
export function samplesInUse({
  labelSet,
  values,
}: Pick<SampleTable, 'labelSet' | 'values'>): Uint8Array {
  const isUsed = new Uint8Array(labelSet.length)
  for (const column of values) {
    for (let sample = 0; sample < column.length; sample++) {
      // oxlint-disable-next-line eqeqeq -- covers 0 and 0n
      if (column[sample] != 0) isUsed[sample] = 1
    }
  }
  return isUsed
}
