import {
  type Block,
  type BlockMember,
  chainsOf,
  grownMsOf,
  type Link,
  type MemberValue,
  memberValues,
  type Profile,
  unifyRows,
  wholeBlock,
} from '../../profile/index.ts'
import type { SeriesOptions, ShapeValues } from '../ranges/series-of-range.ts'
import { chooseType, sumRange } from '../ranges/sum-range.ts'
import { fallenNumbers } from './fallen-numbers.ts'
import type { NumberedShape } from './load-numbered.ts'
import { RowBytes } from './row-bytes.ts'
import { spanOf, sumStacks } from './stack-sums.ts'
import { type SumNeeds, summedBlocks } from './summed-blocks.ts'

const NS_PER_SECOND = 1e9

/** What each profile of a range has of a function, or in total. */
export async function numberedValues(
  needs: SumNeeds,
  shape: NumberedShape,
  options: SeriesOptions,
): Promise<ShapeValues> {
  const { block, pending } = shape
  const { type, kind } = chooseType([block], options.sampleIndex)
  const { sampleTypes } = block.shape
  const column = sampleTypes.findIndex((one) => one.type === type)
  const counted = await countedStacks(needs, shape, options)
  const valueOf = await countedValues(needs, { shape, counted, column })
  const chains = chainsOf([block, ...pending], () => true)
  const links = chains.flat().filter(({ place }) => shape.isSelected(place.member))
  const isStored = ({ place, previous }: Link) =>
    place.block === 0 && (kind !== 'cumulative' || previous === null || previous.block === 0)
  const stored = links.filter(isStored)
  const fallen =
    kind === 'cumulative' ? await fallenNumbers(needs.ask, shape, stored) : new Set<number>()
  const values = stored.map((link) =>
    kind === 'cumulative'
      ? growthOf(link, { shape, column, valueOf, fallen })
      : levelOf(link.place.member, { column, valueOf, isTimed: kind === 'interval' }),
  )
  const others = links.filter((link) => !isStored(link))
  const rest =
    others.length === 0 ? [] : await readValues(needs, { shape, counted, column, others })
  return { type, kind, unit: sampleTypes[column]?.unit ?? '', values: [...values, ...rest] }
}

/** The stacks that count for a function, as ClickHouse has them and as rows of the sum over the range. */
interface Counted {
  readonly numbers: readonly number[]
  readonly tables: Profile
  readonly isCounted: Uint8Array
}

/** Null where all stacks count. */
async function countedStacks(
  needs: SumNeeds,
  shape: NumberedShape,
  { choice, sampleIndex }: SeriesOptions,
): Promise<Counted | null> {
  if (choice === null) return null
  const { kind } = chooseType([shape.block], sampleIndex)
  const { loaded, numbers } = await summedBlocks(needs, shape, kind)
  const { profile } = sumRange([loaded], sampleIndex)
  const isCounted = choice.of(profile)
  const [first] = loaded.blocks
  const rows =
    numbers.length === 0 || first === undefined ? null : unifyRows(loaded.blocks).rowsOf[0]
  const own = numbers.filter((_, row) => isCounted[rows?.[row] ?? row] === 1)
  return { numbers: own, tables: profile, isCounted }
}

interface ColumnOf {
  readonly shape: NumberedShape
  readonly counted: Counted | null
  readonly column: number
}

type ValueOf = (member: BlockMember) => bigint | null

/** What a profile in ClickHouse has of the stacks that count; null where all do. */
async function countedValues(
  { ask }: SumNeeds,
  { shape, counted, column }: ColumnOf,
): Promise<ValueOf> {
  if (counted === null) return () => null
  const { lines, block, factOf } = shape
  if (counted.numbers.length === 0 || block.members.length === 0) return () => 0n
  const stacks = counted.numbers
  const rows = new RowBytes(
    await ask({ ask: 'values', lines, ...spanOf(block.members), column, stacks }),
  )
  const values = new Map(rows.rows(() => [rows.count(), rows.i128()] as const))
  return (member) => values.get(factOf(member).number) ?? 0n
}

interface LevelOptions {
  readonly column: number
  readonly valueOf: ValueOf
  readonly isTimed: boolean
}

function levelOf(member: BlockMember, { column, valueOf, isTimed }: LevelOptions): MemberValue {
  const total = Number(member.totals[column] ?? 0n)
  const value = valueOf(member)
  const seconds = isTimed ? Number(member.durationNs) / NS_PER_SECOND : 0
  return { member, value: value === null ? total : Number(value), total, seconds, restartCount: 0 }
}

interface GrowthOptions {
  readonly shape: NumberedShape
  readonly column: number
  readonly valueOf: ValueOf
  readonly fallen: ReadonlySet<number>
}

function growthOf(
  link: Link,
  { shape: { factOf }, column, valueOf, fallen }: GrowthOptions,
): MemberValue {
  const { member } = link.place
  const grownMs = grownMsOf(link)
  const before = link.previous?.member
  if (grownMs === null || before === undefined) {
    return { member, value: null, total: null, seconds: 0, restartCount: 0 }
  }
  const hasFallen = fallen.has(factOf(member).number)
  const sumOf = (one: BlockMember) => factOf(one).sums[column] ?? 0n
  const total = sumOf(member) - (hasFallen ? 0n : sumOf(before))
  const value = valueOf(member)
  const grown = value === null ? total : value - (hasFallen ? 0n : (valueOf(before) ?? 0n))
  return {
    member,
    value: Number(grown),
    total: Number(total),
    seconds: grownMs / 1000,
    restartCount: hasFallen ? 1 : 0,
  }
}

interface Others extends ColumnOf {
  readonly others: readonly Link[]
}

/** The same of profiles that are not in ClickHouse yet, and of those that grew since one of these. */
async function readValues(
  needs: SumNeeds,
  { shape, counted, column, others }: Others,
): Promise<readonly MemberValue[]> {
  const places = others.flatMap(({ place, previous }) =>
    previous === null ? [place] : [place, previous],
  )
  const neighbours = [
    ...new Set(places.flatMap(({ block, member }) => (block === 0 ? [member] : []))),
  ]
  const blocks: Block[] = [...shape.pending]
  if (neighbours.length > 0) blocks.push(await neighbourBlock(needs, shape, neighbours))
  const chosen = new Set(others.map(({ place }) => place.member.profileId))
  const unified = counted === null ? unifyRows(blocks) : withSum(counted, blocks)
  return memberValues(blocks, {
    type: column,
    unified,
    isCounted: counted?.isCounted ?? null,
    isKept: () => true,
    isSelected: ({ profileId }) => chosen.has(profileId),
  })
}

/** The rows of blocks as those of the sum that says which count. All that they have is in it. */
function withSum({ tables }: Counted, blocks: readonly Block[]) {
  const [first] = blocks
  if (first === undefined) return unifyRows(blocks)
  const { rowsOf, tables: all } = unifyRows([{ ...first, tables }, ...blocks])
  return { tables: all, rowsOf: rowsOf.slice(1) }
}

/** Profiles of ClickHouse as they are. */
async function neighbourBlock(
  { ask, book, fewMax }: SumNeeds,
  { block, lines, mainMapping, factOf }: NumberedShape,
  members: readonly BlockMember[],
): Promise<Block> {
  const columns = block.shape.sampleTypes.map((_, type) => type)
  const addends = members.map((member, group) => {
    const { number, line } = factOf(member)
    return { number, line, atMs: member.atMs, group, weight: 1 }
  })
  const bound = members.reduce(
    (sum, { totals }) => totals.reduce((all, total) => all + total, sum),
    0n,
  )
  const sums = await sumStacks(ask, { lines, addends, columns, bound, fewMax })
  const stacks = new Set([...sums.values()].flatMap((sum) => sum.stacks))
  const numbers = [...stacks].toSorted((a, b) => a - b)
  const rowOf = new Map(numbers.map((number, row) => [number, row]))
  return wholeBlock({
    ...block,
    tables: await book.tables(ask, numbers, mainMapping),
    columns: members.map((member, group) => {
      const sum = sums.get(group)
      return {
        member,
        rows: Uint32Array.from(sum?.stacks ?? [], (stack) => rowOf.get(stack) ?? 0),
        values: columns.map((type) => sum?.values[type] ?? []),
      }
    }),
  })
}
