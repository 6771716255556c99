import { type Block, type BlockMember, kindsOf } from './block.ts'
import { chainsOf, hasGrowth, type Link } from './chains.ts'
import { type Change, ChangeReader } from './change-reader.ts'
import type { SumOptions } from './range-adder.ts'
import type { UnifiedRows } from './unify-rows.ts'

/** What was measured in one profile. */
export interface MemberValue {
  readonly member: BlockMember
  /** Of the rows that count. Null where nothing is known: cumulative types of the first profile, or after a gap. */
  readonly value: number | null
  readonly total: number | null
  /** In how many seconds, 0 for a snapshot. */
  readonly seconds: number
  readonly hasRestarted: boolean
}

export interface ValueOptions extends Pick<SumOptions, 'isKept' | 'isSelected'> {
  /** Row of a sample type. */
  readonly type: number
  readonly unified: UnifiedRows
  /** 1 for each unified row that counts; null for all. */
  readonly isCounted: Uint8Array | null
}

const NS_PER_SECOND = 1e9

/** What each selected profile has, in order of process and time. Sums are exact, and rounded to a double at the end. */
export function memberValues(
  blocks: readonly Block[],
  options: ValueOptions,
): readonly MemberValue[] {
  const kind = kindsOf(blocks[0].shape)[options.type]
  const reader = new ChangeReader(blocks, options.unified, kind === 'cumulative')
  const chains = chainsOf(blocks, options.isKept)
  return chains.flatMap((chain) => {
    if (kind === 'cumulative') return growths(chain, reader, options)
    return kind === 'snapshot' ? levels(chain, reader, options) : works(chain, reader, options)
  })
}

function works(
  chain: readonly Link[],
  reader: ChangeReader,
  { type, isCounted, isSelected }: ValueOptions,
): MemberValue[] {
  return chain
    .filter(({ place }) => isSelected(place.member))
    .map(({ place }) => {
      const { member } = place
      const total = Number(member.totals[type])
      const value =
        isCounted === null ? total : Number(sumOf(reader.read(null, place), type, isCounted))
      const seconds = Number(member.durationNs) / NS_PER_SECOND
      return { member, value, total, seconds, hasRestarted: false }
    })
}

function levels(
  chain: readonly Link[],
  reader: ChangeReader,
  { type, isCounted, isSelected }: ValueOptions,
): MemberValue[] {
  let level = 0n
  return chain.flatMap(({ place, previous }) => {
    const { member } = place
    if (isCounted !== null) {
      const change = reader.read(previous, place)
      level = (change.isDelta ? level : 0n) + sumOf(change, type, isCounted)
    }
    if (!isSelected(member)) return []
    const total = Number(member.totals[type])
    const value = isCounted === null ? total : Number(level)
    return [{ member, value, total, seconds: 0, hasRestarted: false }]
  })
}

function growths(
  chain: readonly Link[],
  reader: ChangeReader,
  { type, isCounted, isSelected }: ValueOptions,
): MemberValue[] {
  const unknown = { value: null, total: null, seconds: 0, hasRestarted: false }
  return chain
    .filter(({ place }) => isSelected(place.member))
    .map((link) => {
      const { place, previous } = link
      const { member } = place
      if (previous === null || !hasGrowth(link)) return { member, ...unknown }
      const change = reader.read(previous, place)
      const total = Number(sumOf(change, type, null))
      const value = isCounted === null ? total : Number(sumOf(change, type, isCounted))
      const seconds = (member.atMs - previous.member.atMs) / 1000
      return { member, value, total, seconds, hasRestarted: change.hasRestarted }
    })
}

function sumOf(
  { count, rows, values }: Change,
  type: number,
  isCounted: Uint8Array | null,
): bigint {
  const column = values[type]
  if (column instanceof BigInt64Array) {
    let sum = 0n
    for (let index = 0; index < count; index++) {
      if (isCounted === null || isCounted[rows[index]] === 1) sum += column[index]
    }
    return sum
  }
  let sum = 0
  for (let index = 0; index < count; index++) {
    if (isCounted === null || isCounted[rows[index]] === 1) sum += column[index]
  }
  return BigInt(sum)
}
