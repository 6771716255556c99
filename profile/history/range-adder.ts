import { type Block, type BlockMember, profileCountOf } from './block.ts'
import { type Change, ChangeReader, holdsChange } from './change-reader.ts'
import { grownMsOf, levelLinks, type Link } from './chains.ts'
import { addColumn } from './dense-columns.ts'
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
}

/** Sums the profiles of one process after the other by unified row. */
export class RangeAdder {
  /** One column for each of the sample types. */
  readonly sums: readonly ValueColumn[]
  restartCount = 0
  readonly #options: AdderOptions
  readonly #reader: ChangeReader

  constructor(blocks: readonly Block[], unified: UnifiedRows, options: AdderOptions) {
    this.#options = options
    this.#reader = new ChangeReader(blocks, unified, options.kind === 'cumulative')
    const rowCount = unified.tables.samples.length
    this.sums = options.types.map((type) =>
      boundOf(type, options) > Number.MAX_SAFE_INTEGER
        ? new BigInt64Array(rowCount)
        : new Float64Array(rowCount),
    )
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
      this.#addChange(this.sums, this.#reader.read(null, link.place), 1)
    }
  }

  #addGrowth(chain: readonly Link[]): void {
    for (const link of chain) {
      if (!this.#isSelected(link)) continue
      const { place, previous } = link
      if (grownMsOf(link) !== null) {
        const change = this.#reader.read(previous, place)
        if (change.hasRestarted) this.restartCount++
        this.#addChange(this.sums, change, 1)
      }
      const { rolled } = place.member
      if (rolled === null) continue
      this.restartCount += rolled.restartCount
      this.#addChange(this.sums, this.#reader.read(null, place), 1)
    }
  }

  /** Snapshots are not averaged: the sum of a process is what its profiles have together. */
  addSnapshots(chain: readonly Link[]): void {
    this.#addLevels(this.sums, levelLinks(chain))
  }

  #addAverage(chain: readonly Link[]): void {
    const own = this.sums.map((column) => emptyLike(column))
    this.#addLevels(own, levelLinks(chain))
    const count = chain
      .filter((link) => this.#isSelected(link))
      .reduce((sum, { place }) => sum + profileCountOf(place.member), 0)
    for (const [index, column] of own.entries()) addQuotients(this.sums[index], column, count)
  }

  /** A change is part of all profiles that follow, so it counts once for each of these that is selected. */
  #addLevels(sums: readonly ValueColumn[], chain: readonly Link[]): void {
    const weights = weightsOf(chain, this.#options.isSelected)
    for (const [index, { place, previous }] of chain.entries()) {
      if (weights[index] === 0) continue
      this.#addChange(sums, this.#reader.read(previous, place), weights[index])
    }
  }

  #addChange(sums: readonly ValueColumn[], change: Change, weight: number): void {
    for (const [index, type] of this.#options.types.entries()) {
      addColumn(sums[index], change, change.values[type], weight)
    }
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

/** What no sum of absolute values exceeds on the way. */
function boundOf(type: number, { chains, kind, isSelected }: AdderOptions): number {
  let bound = 0
  for (const whole of chains) {
    const chain = kind === 'snapshot' ? levelLinks(whole) : whole
    const weights = kind === 'snapshot' ? weightsOf(chain, isSelected) : null
    for (const [index, { place, previous }] of chain.entries()) {
      const weight = weights?.[index] ?? (isSelected(place.member) ? 1 : 0)
      if (weight === 0) continue
      bound += weight * magnitudeOfChange(previous, place, type)
      if (previous !== null && place.member.rolled !== null) bound += place.member.magnitudes[type]
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

function emptyLike(column: ValueColumn): ValueColumn {
  const { length } = column
  return column instanceof Float64Array ? new Float64Array(length) : new BigInt64Array(length)
}

/**
 * Adds each value divided by `divisor`, so that every sum from the first row on is the rounded quotient of the sum: many
 * small rows keep their total.
 */
function addQuotients(sums: ValueColumn, values: ValueColumn, divisor: number): void {
  if (sums instanceof Float64Array && values instanceof Float64Array) {
    let sum = 0
    let given = 0
    for (let row = 0; row < values.length; row++) {
      if (values[row] === 0) continue
      sum += values[row]
      const quotient = roundedQuotient(sum, divisor)
      sums[row] += quotient - given
      given = quotient
    }
    return
  }
  const wide = BigInt(divisor)
  let sum = 0n
  let given = 0n
  for (let row = 0; row < values.length; row++) {
    sum += BigInt(values[row])
    const sign = sum < 0n ? -1n : 1n
    const quotient = sign * ((2n * sum * sign + wide) / (2n * wide))
    const share = quotient - given
    if (sums instanceof Float64Array) sums[row] += Number(share)
    else sums[row] += share
    given = quotient
  }
}

/** Of whole numbers, exactly; halves away from zero. */
function roundedQuotient(value: number, divisor: number): number {
  const size = Math.abs(value)
  const rest = size % divisor
  const whole = (size - rest) / divisor
  return Math.sign(value) * (2 * rest >= divisor ? whole + 1 : whole)
}
