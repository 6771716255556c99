import { type Block, type BlockMember, profileCountOf } from './block.ts'
import { type Change, ChangeReader, holdsChange } from './change-reader.ts'
import { rowNumbers } from '../columns/gather.ts'
import { grownMsOf, levelLinks, type Link } from './chains.ts'
import { CheckedSums, refuseWide } from './checked-sums.ts'
import type { SampleKind } from '../origin/sample-kind.ts'
import type { ValueColumn } from '../types.ts'
import type { UnifiedRows } from './unify-rows.ts'

export interface SumOptions {
  /** The sample types of this kind are summed, in the one way that means something. */
  readonly kind: SampleKind
  /** False for profiles that were deleted. */
  readonly isKept: (member: BlockMember, block: number) => boolean
  /** True for profiles of the range; others say what came before these. */
  readonly isSelected: (member: BlockMember) => boolean
}

export interface AdderOptions extends Pick<SumOptions, 'kind' | 'isSelected'> {
  /** All that `add` will be given. */
  readonly chains: readonly (readonly Link[])[]
  /** Rows of the sample types to sum, all of the kind. */
  readonly types: readonly number[]
  /** For what is kept and not shown: sums may wrap, and their totals say so to who reads them. */
  readonly mayWrap?: boolean
}

/** Sums the profiles of one process after the other by unified row. */
export class RangeAdder {
  restartCount = 0
  readonly #options: AdderOptions
  readonly #reader: ChangeReader
  readonly #rowCount: number
  /** Of each of the sample types. */
  readonly #bounds: readonly number[]
  readonly #sums: readonly CheckedSums[]
  #allRows: Uint32Array | null = null

  constructor(blocks: readonly Block[], unified: UnifiedRows, options: AdderOptions) {
    this.#options = options
    this.#reader = new ChangeReader(blocks, unified, options.kind === 'cumulative')
    this.#rowCount = unified.tables.samples.length
    this.#bounds = options.types.map((type) => boundOf(type, options))
    this.#sums = this.#emptySums()
  }

  /** One column for each of the sample types. */
  get sums(): readonly ValueColumn[] {
    return this.#sums.map(({ column }) => column)
  }

  /** Throws a ReportError where a sum does not fit into 64 bits. */
  check(): void {
    for (const sums of this.#sums) sums.check()
  }

  #emptySums(): readonly CheckedSums[] {
    return this.#bounds.map((bound) => new CheckedSums(bound, this.#rowCount))
  }

  add(chain: readonly Link[]): void {
    const { kind } = this.#options
    if (kind === 'interval') this.#addIntervals(chain)
    else if (kind === 'cumulative') this.#addGrowth(chain)
    else this.#addAverage(chain)
  }

  #addIntervals(chain: readonly Link[]): void {
    for (const link of chain) {
      if (!this.#isSelected(link)) continue
      this.#addChange(this.#sums, this.#reader.read(null, link.place), 1)
    }
  }

  #addGrowth(chain: readonly Link[]): void {
    for (const link of chain) {
      if (!this.#isSelected(link)) continue
      const { place, previous } = link
      if (grownMsOf(link) !== null) {
        const change = this.#reader.read(previous, place)
        if (change.hasRestarted) this.restartCount++
        this.#addChange(this.#sums, change, 1)
      }
      const { rolled } = place.member
      if (rolled === null) continue
      this.restartCount += rolled.restartCount
      this.#addChange(this.#sums, this.#reader.read(null, place), 1)
    }
  }

  /** Snapshots are not averaged: the sum of a process is what its profiles have together. */
  addSnapshots(chain: readonly Link[]): void {
    this.#addLevels(this.#sums, levelLinks(chain))
  }

  #addAverage(chain: readonly Link[]): void {
    const own = this.#emptySums()
    this.#addLevels(own, levelLinks(chain))
    const count = chain
      .filter((link) => this.#isSelected(link))
      .reduce((sum, { place }) => sum + profileCountOf(place.member), 0)
    for (const [index, sums] of own.entries()) {
      if (this.#options.mayWrap !== true) sums.check()
      this.#addShares(index, quotientsOf(sums.column, count))
    }
  }

  /** A change is part of all profiles that follow, so it counts once for each of these that is selected. */
  #addLevels(sums: readonly CheckedSums[], chain: readonly Link[]): void {
    const weights = weightsOf(chain, this.#options.isSelected)
    for (const [index, { place, previous }] of chain.entries()) {
      if (weights[index] === 0) continue
      this.#addChange(sums, this.#reader.read(previous, place), weights[index])
    }
  }

  #addChange(sums: readonly CheckedSums[], change: Change, weight: number): void {
    for (const [index, type] of this.#options.types.entries()) {
      sums[index].add(change, change.values[type], weight)
    }
  }

  /** A value for each row. */
  #addShares(index: number, values: ValueColumn): void {
    this.#allRows ??= rowNumbers(this.#rowCount)
    this.#sums[index].add({ count: this.#rowCount, rows: this.#allRows }, values, 1)
  }

  #isSelected({ place }: Link): boolean {
    return this.#options.isSelected(place.member)
  }
}

/** How many selected profiles each change is part of: those from it up to the next that holds all of a profile. */
function weightsOf(chain: readonly Link[], isSelected: AdderOptions['isSelected']): number[] {
  const weights = chain.map(() => 0)
  let count = 0
  for (let index = chain.length - 1; index >= 0; index--) {
    const { place, previous } = chain[index]
    if (isSelected(place.member)) count++
    weights[index] = count
    if (previous === null || (holdsChange(previous, place) && !place.member.isDelta)) count = 0
  }
  return weights
}

const WIDEST = 2n ** 63n

/**
 * What no sum of absolute values exceeds on the way. Throws a ReportError for sums of hours and days that may have
 * needed more than 64 bits themselves.
 */
function boundOf(type: number, { chains, kind, isSelected, mayWrap }: AdderOptions): number {
  let bound = 0
  for (const whole of chains) {
    const chain = kind === 'snapshot' ? levelLinks(whole) : whole
    const weights = kind === 'snapshot' ? weightsOf(chain, isSelected) : null
    for (const [index, { place, previous }] of chain.entries()) {
      const weight = weights?.[index] ?? (isSelected(place.member) ? 1 : 0)
      if (weight === 0) continue
      const { rolled, totals } = place.member
      if (mayWrap !== true && rolled !== null && totals[type] >= WIDEST) refuseWide()
      bound += weight * magnitudeOfChange(previous, place, type)
      if (previous !== null && rolled !== null) bound += place.member.magnitudes[type]
    }
  }
  // The additions above are rounded.
  return bound * (1 + 1e-9)
}

function magnitudeOfChange(previous: Link['previous'], place: Link['place'], type: number): number {
  if (holdsChange(previous, place)) return place.member.magnitudes[type]
  return (
    (previous === null ? 0 : magnitudeOfEnd(previous.member, type)) +
    magnitudeOfEnd(place.member, type)
  )
}

/** What the values of a profile, or of the first or last that a member stands for, do not exceed. */
function magnitudeOfEnd({ rolled, totals, magnitudes }: BlockMember, type: number): number {
  if (rolled === null) return Number(totals[type])
  return magnitudes.slice(totals.length).reduce((sum, one) => sum + one, magnitudes[type])
}

/**
 * Each value divided by `divisor`, so that every sum from the first row on is the rounded quotient of the sum: many small
 * rows keep their total.
 */
function quotientsOf(values: ValueColumn, divisor: number): ValueColumn {
  if (values instanceof Float64Array) {
    let sum = 0
    let given = 0
    return values.map((value) => {
      sum += value
      const before = given
      given = roundedQuotient(sum, divisor)
      return given - before
    })
  }
  const wide = BigInt(divisor)
  let sum = 0n
  let given = 0n
  return values.map((value) => {
    sum += value
    const sign = sum < 0n ? -1n : 1n
    const before = given
    given = sign * ((2n * sum * sign + wide) / (2n * wide))
    return given - before
  })
}

/** Of whole numbers, exactly; halves away from zero. */
function roundedQuotient(value: number, divisor: number): number {
  const size = Math.abs(value)
  const rest = size % divisor
  const whole = (size - rest) / divisor
  return Math.sign(value) * (2 * rest >= divisor ? whole + 1 : whole)
}
