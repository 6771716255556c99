import { addColumn } from './dense-columns.ts'
import { combineHeaders, type CompleteHeader } from '../combine/combine-headers.ts'
import { FITTING_MAX, refuseWide } from './checked-sums.ts'
import { float64, grown, int64 } from '../columns/growing-column.ts'
import type { RangeSum } from './sum-blocks.ts'
import { RowMerger } from './unify-rows.ts'
import { totalOf } from './totals.ts'
import type { ValueColumn } from '../types.ts'

export type PartSum = Omit<RangeSum, 'unified'>

/**
 * Adds up sums of one kind and shape, each over processes of its own: what `sumBlocks` makes of all their blocks together.
 */
export class SumAdder {
  readonly #holdsFirst: boolean
  #first: PartSum | null = null
  #all: Merged | null = null

  /** `holdsFirst`: the first sum stays as it is, tables and all, until there is another. */
  constructor(holdsFirst: boolean) {
    this.#holdsFirst = holdsFirst
  }

  /** The row of the sum for each of its rows; null where they are the same. */
  add(sum: PartSum): Int32Array | null {
    if (this.#all !== null) return this.#all.add(sum)
    if (this.#first !== null) {
      this.#all = new Merged(this.#first)
      return this.#all.add(sum)
    }
    if (this.#holdsFirst) this.#first = sum
    else this.#all = new Merged(sum)
    return null
  }

  /** Null where nothing was added. Throws a ReportError where a sum does not fit into 64 bits. */
  finish(): PartSum | null {
    return this.#all?.finish() ?? this.#first
  }
}

class Merged {
  readonly #merger = new RowMerger()
  readonly #sums: readonly GrowingSums[]
  #header: CompleteHeader
  #counts: PartSum

  constructor(first: PartSum) {
    this.#sums = first.profile.sampleTypes.map(() => new GrowingSums())
    this.#header = combineHeaders([first.profile])
    this.#counts = { ...first, profileCount: 0, processCount: 0, restartCount: 0 }
    this.#addRows(first)
  }

  add(sum: PartSum): Int32Array {
    this.#header = combineHeaders([this.#header, sum.profile])
    return this.#addRows(sum)
  }

  #addRows({ profile, profileCount, processCount, restartCount }: PartSum): Int32Array {
    const { length, values } = profile.samples
    // All of them, so that the rows of the first stay what they are.
    const rows = this.#merger.add(profile, new Uint8Array(length).fill(1))
    for (const [type, sums] of this.#sums.entries()) {
      sums.add(Uint32Array.from(rows), values[type], this.#merger.length)
    }
    const before = this.#counts
    this.#counts = {
      ...before,
      profileCount: before.profileCount + profileCount,
      processCount: before.processCount + processCount,
      restartCount: before.restartCount + restartCount,
    }
    return rows
  }

  finish(): PartSum {
    const tables = this.#merger.finish()
    const { length } = tables.samples
    const values = this.#sums.map((sums) => sums.finish(length))
    const profile = { ...tables, ...this.#header, samples: { ...tables.samples, values } }
    return { ...this.#counts, profile }
  }
}

/** Sums by row, of rows that become more; 64-bit numbers from where doubles might not be exact, checked as `CheckedSums`. */
class GrowingSums {
  #column: Float64Array<ArrayBuffer> | BigInt64Array<ArrayBuffer> = float64(1024)
  #rough: Float64Array<ArrayBuffer> | null = null
  #bound = 0n

  add(rows: Uint32Array, values: ValueColumn, rowCount: number): void {
    this.#bound += totalOf(values)
    if (this.#column instanceof Float64Array && this.#bound > MAX_SAFE) {
      this.#column = BigInt64Array.from(this.#column, BigInt)
    }
    if (this.#rough === null && this.#bound > FITTING_MAX) {
      this.#rough = Float64Array.from(this.#column, Number)
    }
    while (this.#column.length < rowCount) {
      this.#column =
        this.#column instanceof Float64Array
          ? grown(this.#column, float64)
          : grown(this.#column, int64)
    }
    while (this.#rough !== null && this.#rough.length < rowCount) {
      this.#rough = grown(this.#rough, float64)
    }
    const added = { count: values.length, rows }
    addColumn(this.#column, added, values, 1)
    if (this.#rough !== null) addColumn(this.#rough, added, values, 1)
  }

  finish(rowCount: number): ValueColumn {
    if (this.#rough?.some((sum) => Math.abs(sum) > FITTING_MAX) === true) refuseWide()
    return this.#column.slice(0, rowCount)
  }
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER)
