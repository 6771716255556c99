import {
  type Block,
  type BlockMember,
  chainsOf,
  grownMsOf,
  type Link,
  type MemberValue,
  memberValues,
  type Profile,
  type SampleKind,
  type UnifiedRows,
  unifyRows,
  type ValueOptions,
  wholeBlock,
} from '../../profile/index.ts'
import type { SampleChoice, SeriesOptions, ShapeValues } from '../ranges/series-of-range.ts'
import { chooseType } from '../ranges/sum-range.ts'
import { countedValues } from './counted-values.ts'
import { fallenNumbers } from './fallen-numbers.ts'
import { findLeaves, leafValues } from './leaf-values.ts'
import type { NumberedShape } from './load-numbered.ts'
import { BUCKET_MS, type Level } from './questions.ts'
import { distinctStacks, joinedColumn, stacksOf, sumStacks } from './stack-sums.ts'
import type { SummableShape, SumNeeds } from './summed-blocks.ts'

const NS_PER_SECOND = 1e9

export interface NumberedSeriesOptions extends SeriesOptions {
  /** What `findLeaves` finds for the time of the range; null where nobody has begun to. */
  readonly leaves: Promise<Uint32Array> | null
}

/** What each profile of a range has of a function, or in total. */
export async function numberedValues(
  needs: SumNeeds,
  summable: SummableShape,
  options: NumberedSeriesOptions,
): Promise<ShapeValues> {
  const { shape } = summable
  const { block, pending } = shape
  const { type, kind } = chooseType([block], options.sampleIndex)
  const { sampleTypes } = block.shape
  const column = sampleTypes.findIndex((one) => one.type === type)
  const counted = await countedSamples(needs, summable, { ...options, column, kind })
  const valueOf = (member: BlockMember) =>
    counted === null ? null : (counted.values.get(shape.factOf(member).number) ?? 0n)
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

/** The samples that count. */
interface Counted {
  /** What profiles in ClickHouse have of them, by number. */
  readonly values: ReadonlyMap<number, bigint>
  /** The rows of other blocks, and which of these count. */
  readonly rowsIn: (blocks: readonly Block[]) => CountedRows
}

type CountedRows = Pick<ValueOptions, 'unified' | 'isCounted'>

interface CountedOptions extends NumberedSeriesOptions {
  readonly column: number
  readonly kind: SampleKind
}

/** Null where all samples count. */
async function countedSamples(
  needs: SumNeeds,
  summable: SummableShape,
  options: CountedOptions,
): Promise<Counted | null> {
  const { shape } = summable
  const { choice, column, kind } = options
  if (choice === null) return null
  const { ofLeaves } = choice
  const levels = levelsOf(options, kind)
  // Growth is counted from profiles before the range.
  const members = shape.block.members.filter(
    (one) => kind === 'cumulative' || shape.isSelected(one),
  )
  if (ofLeaves !== null && levels.length > 0 && members.length > 0) {
    const leaves = await (options.leaves ?? findLeaves(needs, shape.lines, members))
    const values = await leafValues(needs, { shape, members, ofLeaves, column, leaves })
    if (values !== null) return { values, rowsIn: (blocks) => countedIn(ofLeaves, blocks) }
  }
  const { numbers, rowsIn } = await countedStacks(summable, { ...options, choice })
  const counted = { shape, members, stacks: numbers, column, levels }
  return { values: await countedValues(needs, counted), rowsIn }
}

function countedIn(of: SampleChoice['of'], blocks: readonly Block[]): CountedRows {
  const unified = unifyRows(blocks)
  return { unified, isCounted: of(unified.tables) }
}

/** Stacks that count, as ClickHouse has them. */
interface CountedStacks extends Pick<Counted, 'rowsIn'> {
  readonly numbers: readonly number[]
}

/** The sum over the range says which count. */
async function countedStacks(
  summable: SummableShape,
  { choice, kind, sampleIndex }: CountedOptions & { readonly choice: SampleChoice },
): Promise<CountedStacks> {
  const { loaded, stacks } = await summable.sum(kind)
  const tables = await summable.profile(sampleIndex)
  const isCounted = choice.of(tables)
  const rowsIn = (blocks: readonly Block[]) => ({ unified: withSum(tables, blocks), isCounted })
  if (stacks === null) return { numbers: [], rowsIn }
  const rows = unifyRows(loaded.blocks).rowsOf[0]
  const numbers = [...stacks.numbers].filter((number) => {
    const row = stacks.rowOf(number)
    return isCounted[rows?.[row] ?? row] === 1
  })
  return { numbers, rowsIn }
}

type ValueOf = (member: BlockMember) => bigint | null

/** Whether last frames are looked up, whatever they come to. */
export function asksForLeaves(options: SeriesOptions, kind: SampleKind): boolean {
  const { choice } = options
  return choice !== null && choice.ofLeaves !== null && levelsOf(options, kind).length > 0
}

/** Roll-ups that lie in one step each. Requests are counted profile by profile. */
function levelsOf({ stepMs, rateOf }: SeriesOptions, kind: SampleKind): readonly Level[] {
  if (stepMs === null || rateOf !== null || kind === 'cumulative') return []
  return (['day', 'hour', 'fine'] as const).filter((level) => stepMs % BUCKET_MS[level] === 0)
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

interface Others {
  readonly shape: NumberedShape
  readonly counted: Counted | null
  readonly column: number
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
  return memberValues(blocks, {
    type: column,
    ...(counted?.rowsIn(blocks) ?? { unified: unifyRows(blocks), isCounted: null }),
    isKept: () => true,
    isSelected: ({ profileId }) => chosen.has(profileId),
  })
}

/** The rows of blocks as those of the sum that says which count. All that they have is in it. */
function withSum(tables: Profile, blocks: readonly Block[]): UnifiedRows {
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
  const stacks = distinctStacks([...sums.values()].flat())
  const { tables, rowOf } = await book.tables(ask, stacks, mainMapping)
  return wholeBlock({
    ...block,
    tables,
    columns: members.map((member, group) => {
      const parts = sums.get(group) ?? []
      const rows = stacksOf(parts).map((stack) => rowOf(stack))
      return { member, rows, values: columns.map((type) => joinedColumn([parts], type, [1])) }
    }),
  })
}
