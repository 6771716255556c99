import {
  type Block,
  blockOfRuns,
  type BlockMember,
  chainsOf,
  cumulativeTypes,
  grownMsOf,
  type Link,
  type Profile,
  refuseWide,
  type SampleKind,
  sortedValues,
  type SummedRun,
  totalOf,
  typesOfKind,
} from '../../profile/index.ts'
import type { LoadedBlocks } from '../ranges/load-range.ts'
import { fallenNumbers } from './fallen-numbers.ts'
import type { NumberedShape } from './load-numbered.ts'
import type { StackBook } from './stack-book.ts'
import {
  type Addend,
  type Ask,
  type GroupSums,
  distinctStacks,
  joinedColumn,
  LARGEST,
  stacksOf,
  type SumPart,
  sumStacks,
} from './stack-sums.ts'

/** Profiles that follow each other, in ClickHouse. */
interface Run {
  readonly links: readonly Link[]
}

export interface SumNeeds {
  readonly ask: Ask
  readonly book: StackBook
  /** Of the last frames of stacks. */
  readonly leafBook: StackBook
  readonly fewMax: number
}

export interface SummedBlocks {
  readonly loaded: LoadedBlocks
  /** The stacks of the first block; null where nothing is in ClickHouse. */
  readonly stacks: SummedStacks | null
}

export interface SummedStacks {
  readonly numbers: Uint32Array
  /** Rows of the block's tables. */
  readonly rowOf: (stack: number) => number
}

/** A shape whose sums of each kind are made once. */
export interface SummableShape {
  readonly shape: NumberedShape
  readonly sum: (kind: SampleKind) => Promise<SummedBlocks>
  /** The sum for a sample type, as one profile. */
  readonly profile: (sampleIndex: string) => Promise<Profile>
}

/**
 * Has ClickHouse add up what a range needs for one kind of sample types, and gives it as blocks: a member stands for all
 * profiles of a process and set of labels; what is not in ClickHouse yet comes as it is.
 */
export async function summedBlocks(
  needs: SumNeeds,
  shape: NumberedShape,
  kind: SampleKind,
): Promise<SummedBlocks> {
  const { block, pending, isSelected } = shape
  const runs =
    kind === 'cumulative'
      ? cumulativeRuns(shape)
      : [...Map.groupBy(block.members.filter(isSelected), ({ series }) => series).values()].map(
          (members) => ({ links: members.map((member) => linkOf(member)) }),
        )
  const types = typesOfKind([block], kind)
  const summed = runs.length === 0 ? null : await sumRuns(needs, { shape, kind, runs, types })
  const blocks = summed === null ? pending : [summed.block, ...pending]
  return { loaded: { blocks, isKept: () => true, isSelected }, stacks: summed?.stacks ?? null }
}

function linkOf(member: BlockMember): Link {
  return { place: { block: 0, index: 0, member }, previous: null }
}

/** Runs between profiles that are not in ClickHouse yet, of processes with profiles of the range. */
function cumulativeRuns({ block, pending, isSelected }: NumberedShape): readonly Run[] {
  const chains = chainsOf([block, ...pending], () => true).filter((chain) =>
    chain.some(({ place }) => isSelected(place.member)),
  )
  return chains.flatMap((chain) => {
    const runs: Link[][] = []
    let last: Link | null = null
    for (const link of chain) {
      const { block: holder, member } = link.place
      const continues =
        last !== null &&
        last.place.block === 0 &&
        last.place.member.series === member.series &&
        isSelected(last.place.member) === isSelected(member)
      if (holder === 0 && continues) runs.at(-1)?.push(link)
      else if (holder === 0) runs.push([{ place: link.place, previous: null }])
      last = link
    }
    return runs.map((links) => ({ links }))
  })
}

interface RunsToSum {
  readonly shape: NumberedShape
  readonly kind: SampleKind
  readonly runs: readonly Run[]
  /** The sample types of the kind. */
  readonly types: readonly number[]
}

async function sumRuns(
  { ask, book, fewMax }: SumNeeds,
  task: RunsToSum,
): Promise<{ readonly block: Block; readonly stacks: SummedStacks }> {
  const { shape, kind, runs, types } = task
  const { block, mainMapping, lines } = shape
  const isCumulative = kind === 'cumulative'
  const links = runs.flatMap((run) => run.links)
  const fallen = isCumulative ? await fallenNumbers(ask, shape, links) : new Set<number>()
  const [added, ends] = [sumsOf(task, fallen), isCumulative ? endsOf(task) : []]
  const options = { lines, columns: types, bound: boundOf(task, [...added, ...ends]), fewMax }
  const growth = await sumStacks(ask, { ...options, addends: added })
  const limits: GroupSums =
    ends.length === 0 ? new Map() : await sumStacks(ask, { ...options, addends: ends })
  const parts = [...growth.values(), ...limits.values()].flat()
  const numbers = distinctStacks(parts)
  const { tables, rowOf } = await book.tables(ask, numbers, mainMapping)
  const summed = runs.map((run, index): SummedRun => {
    const first = limits.get(2 * index) ?? []
    const last = limits.get(2 * index + 1) ?? first
    return runOf(task, { run, sums: growth.get(index) ?? [], first, last, fallen, rowOf })
  })
  return {
    block: blockOfRuns({ ...block, tables, runs: summed }),
    stacks: { numbers, rowOf },
  }
}

/** What no sum of absolute values exceeds, of growth and ends together. */
function boundOf({ shape, types }: RunsToSum, addends: readonly Addend[]): bigint {
  const largest = new Map(
    shape.block.members.map((member) => [
      shape.factOf(member).number,
      types.reduce((most, type) => {
        const total = member.totals[type] ?? 0n
        return total > most ? total : most
      }, 0n),
    ]),
  )
  return addends.reduce(
    (sum, { number, weight }) => sum + (largest.get(number) ?? 0n) * BigInt(Math.abs(weight)),
    0n,
  )
}

/** What is added up for each run: growth is the sum of differences, in which most profiles cancel out. */
function sumsOf({ shape, kind, runs }: RunsToSum, fallen: ReadonlySet<number>): readonly Addend[] {
  return runs.flatMap(({ links }, group) => {
    const addends = links.map(({ place: { member } }) => addendOf(shape, member, group))
    if (kind !== 'cumulative') return addends
    const weights = links.map(() => 0)
    links.forEach((link, index) => {
      if (grownMsOf(link) === null) return
      weights[index] = (weights[index] ?? 0) + 1
      const hasFallen = fallen.has(shape.factOf(link.place.member).number)
      if (!hasFallen) weights[index - 1] = (weights[index - 1] ?? 0) - 1
    })
    return addends
      .map((addend, index) => ({ ...addend, weight: weights[index] ?? 0 }))
      .filter(({ weight }) => weight !== 0)
  })
}

/** The first and the last profile of each run, each as a group of its own. */
function endsOf({ shape, runs }: RunsToSum): readonly Addend[] {
  return runs.flatMap(({ links }, index) => {
    const ends = [links.at(0), links.length > 1 ? links.at(-1) : undefined]
    return ends.flatMap((link, end) =>
      link === undefined ? [] : addendOf(shape, link.place.member, 2 * index + end),
    )
  })
}

function addendOf({ factOf }: NumberedShape, member: BlockMember, group: number): Addend {
  const { number, line } = factOf(member)
  return { number, line, atMs: member.atMs, group, weight: 1 }
}

interface RunParts {
  readonly run: Run
  readonly sums: readonly SumPart[]
  readonly first: readonly SumPart[]
  readonly last: readonly SumPart[]
  readonly fallen: ReadonlySet<number>
  readonly rowOf: (stack: number) => number
}

function runOf(
  { shape, types }: RunsToSum,
  { run: { links }, sums, first, last, fallen, rowOf }: RunParts,
): SummedRun {
  const parts = [sums, first, last]
  const stacks = stacksOf(parts.flat())
  /** `signs`: how often the sums, the first and the last profile count. */
  const columnOf = (type: number, signs: readonly number[]) =>
    types.includes(type)
      ? joinedColumn(parts, types.indexOf(type), signs)
      : new Float64Array(stacks.length)
  const { sampleTypes } = shape.block.shape
  const growths = sampleTypes.map((_, type) => columnOf(type, [1, 0, 0]))
  // The rows of tables stand for stacks that have several numbers too, so that sums could exceed 64 bits here.
  if (growths.some((column) => totalOf(column) > LARGEST)) refuseWide()
  const cumulative = cumulativeTypes(shape.block.shape)
  const { rows, values } = sortedValues({
    count: stacks.length,
    rows: stacks.map((stack) => rowOf(stack)),
    values: [
      ...growths,
      ...cumulative.map((type) => columnOf(type, [0, 1, 0])),
      ...cumulative.map((type) => columnOf(type, [-1, -1, 1])),
    ],
  })
  const firstsAt = sampleTypes.length
  const restsAt = firstsAt + cumulative.length
  const counted = links.filter((link) => grownMsOf(link) !== null)
  return {
    members: links.map(({ place }) => place.member),
    rows,
    sums: values.slice(0, firstsAt),
    firsts: values.slice(firstsAt, restsAt),
    rests: values.slice(restsAt),
    restartCount: counted.filter(({ place }) => fallen.has(shape.factOf(place.member).number))
      .length,
    grownMs: links.reduce((sum, link) => sum + (grownMsOf(link) ?? 0), 0),
  }
}
