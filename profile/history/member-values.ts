import { type Block, type BlockMember, kindsOf } from './block.ts'
import { chainsOf, grownMsOf, levelLinks, type Link } from './chains.ts'
import { type Change, ChangeReader } from './change-reader.ts'
import type { SumOptions } from './range-adder.ts'
import type { UnifiedRows } from './unify-rows.ts'

/** What was measured in one profile, or in all that a member stands for. */
export interface MemberValue {
  readonly member: BlockMember
  /** Of the rows that count. Null where nothing is known: cumulative types of the first profile, or after a gap. */
  readonly value: number | null
  readonly total: number | null
  /** In how many seconds, 0 for a snapshot. */
  readonly seconds: number
  readonly restartCount: number
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
      return { member, value, total, seconds, restartCount: 0 }
    })
}

function levels(
  chain: readonly Link[],
  reader: ChangeReader,
  { type, isCounted, isSelected }: ValueOptions,
): MemberValue[] {
  let level = 0n
  return levelLinks(chain).flatMap(({ place, previous }) => {
    const { member } = place
    if (isCounted !== null) {
      const change = reader.read(previous, place)
      level = (change.isDelta ? level : 0n) + sumOf(change, type, isCounted)
    }
    if (!isSelected(member)) return []
    const total = Number(member.totals[type])
    const value = isCounted === null ? total : Number(level)
    return [{ member, value, total, seconds: 0, restartCount: 0 }]
  })
}

function growths(
  chain: readonly Link[],
  reader: ChangeReader,
  { type, isCounted, isSelected }: ValueOptions,
): MemberValue[] {
  return chain
    .filter(({ place }) => isSelected(place.member))
    .map((link) => {
      const { place, previous } = link
      const { member } = place
      const { rolled } = member
      const sinceMs = grownMsOf(link)
      const grownMs = (sinceMs ?? 0) + (rolled?.grownMs ?? 0)
      // A single profile says nothing about growth, whether or not it was packed with others.
      if (sinceMs === null && (rolled?.profileCount ?? 1) === 1) {
        return { member, value: null, total: null, seconds: 0, restartCount: 0 }
      }
      let [value, total, restartCount] = [0n, 0n, rolled?.restartCount ?? 0]
      const add = (change: Change) => {
        const sum = sumOf(change, type, null)
        total += sum
        value += isCounted === null ? sum : sumOf(change, type, isCounted)
        if (change.hasRestarted) restartCount++
      }
      if (sinceMs !== null) add(reader.read(previous, place))
      if (rolled !== null) add(reader.read(null, place))
      return {
        member,
        value: Number(value),
        total: Number(total),
        seconds: grownMs / 1000,
        restartCount,
      }
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
