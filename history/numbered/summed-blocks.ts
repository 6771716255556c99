import {
  type Block,
  blockOfRuns,
  type BlockMember,
  chainsOf,
  cumulativeTypes,
  grownMsOf,
  type Link,
  type SampleKind,
  type SummedRun,
  typesOfKind,
  type ValueColumn,
} from '../../profile/index.ts'
import type { LoadedBlocks } from '../ranges/load-range.ts'
import { fallenNumbers } from './fallen-numbers.ts'
import type { NumberedShape } from './load-numbered.ts'
import type { StackBook } from './stack-book.ts'
import { type Addend, type Ask, type GroupSum, sumStacks } from './stack-sums.ts'

/** Profiles that follow each other, in ClickHouse. */
interface Run {
  readonly links: readonly Link[]
}

export interface SumNeeds {
  readonly ask: Ask
  readonly book: StackBook
  readonly fewMax: number
}

export interface SummedBlocks {
  readonly loaded: LoadedBlocks
  /** The stacks that are the rows of the first block; empty where nothing is in ClickHouse. */
  readonly numbers: readonly number[]
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
  return { loaded: { blocks, isKept: () => true, isSelected }, numbers: summed?.numbers ?? [] }
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
): Promise<{ readonly block: Block; readonly numbers: readonly number[] }> {
  const { shape, kind, runs } = task
  const { block, mainMapping } = shape
  const fallen =
    kind === 'cumulative'
      ? await fallenNumbers(
          ask,
          shape,
          runs.flatMap(({ links }) => links),
        )
      : new Set<number>()
  const growth = await sumStacks(ask, { ...sumTask(task, sumsOf(task, fallen)), fewMax })
  const ends =
    kind === 'cumulative'
      ? await sumStacks(ask, { ...sumTask(task, endsOf(task)), fewMax })
      : new Map<number, GroupSum>()
  const used = new Set([...growth.values(), ...ends.values()].flatMap(({ stacks }) => stacks))
  const numbers = Array.from(used).toSorted((a, b) => a - b)
  const tables = await book.tables(ask, numbers, mainMapping)
  const rowOf = new Map(numbers.map((number, row) => [number, row]))
  const summed = runs.map((run, index): SummedRun => {
    const sums = denseOf(growth.get(index), rowOf, task.types.length)
    const first = denseOf(ends.get(2 * index), rowOf, task.types.length)
    const last = denseOf(ends.get(2 * index + 1) ?? ends.get(2 * index), rowOf, task.types.length)
    return runOf(task, { run, sums, first, last, fallen })
  })
  return { block: blockOfRuns({ ...block, tables, runs: summed }), numbers }
}

function sumTask({ shape, types }: RunsToSum, addends: readonly Addend[]) {
  let bound = 0n
  const members = new Map(
    shape.block.members.map((member) => [shape.factOf(member).number, member]),
  )
  for (const { number, weight } of addends) {
    const totals = members.get(number)?.totals ?? []
    const largest = types.reduce((most, type) => {
      const total = totals[type] ?? 0n
      return total > most ? total : most
    }, 0n)
    bound += largest * BigInt(Math.abs(weight))
  }
  return { lines: shape.lines, addends, columns: types, bound }
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

/** Values by row, a column for each type. */
type Dense = readonly bigint[][]

function denseOf(
  sum: GroupSum | undefined,
  rowOf: ReadonlyMap<number, number>,
  typeCount: number,
): Dense {
  return Array.from({ length: typeCount }, (_, type) => {
    const column: bigint[] = []
    sum?.stacks.forEach((stack, index) => {
      column[rowOf.get(stack) ?? 0] = sum.values[type]?.[index] ?? 0n
    })
    return column
  })
}

/** The rows in which there is a value, rising. */
function usedRows(dense: readonly Dense[]): Uint32Array {
  const columns = dense.flat()
  const length = columns.reduce((most, column) => Math.max(most, column.length), 0)
  return Uint32Array.from({ length }, (_, row) => row).filter((row) =>
    columns.some((column) => column[row] !== undefined),
  )
}

interface RunParts {
  readonly run: Run
  readonly sums: Dense
  readonly first: Dense
  readonly last: Dense
  readonly fallen: ReadonlySet<number>
}

function runOf(
  { shape, kind, types }: RunsToSum,
  { run: { links }, sums, first, last, fallen }: RunParts,
): SummedRun {
  const rows = usedRows([sums, first, last])
  const columnOf = (dense: Dense, type: number): ValueColumn => {
    const column = dense[types.indexOf(type)]
    return valueColumn(rows, (row) => column?.[row] ?? 0n)
  }
  const restOf = (type: number): ValueColumn => {
    const [own, before, after] = [sums, first, last].map((dense) => dense[types.indexOf(type)])
    return valueColumn(
      rows,
      (row) => (after?.[row] ?? 0n) - (before?.[row] ?? 0n) - (own?.[row] ?? 0n),
    )
  }
  const all = shape.block.shape.sampleTypes.map((_, type) => columnOf(sums, type))
  const cumulative = cumulativeTypes(shape.block.shape)
  const counted = links.filter((link) => grownMsOf(link) !== null)
  return {
    members: links.map(({ place }) => place.member),
    rows,
    sums: all,
    firsts: cumulative.map((type) => columnOf(first, type)),
    rests: cumulative.map((type) => (kind === 'cumulative' ? restOf(type) : columnOf(last, type))),
    restartCount: counted.filter(({ place }) => fallen.has(shape.factOf(place.member).number))
      .length,
    grownMs: links.reduce((sum, link) => sum + (grownMsOf(link) ?? 0), 0),
  }
}

const SAFE = BigInt(Number.MAX_SAFE_INTEGER)

function valueColumn(rows: Uint32Array, valueOf: (row: number) => bigint): ValueColumn {
  let sum = 0n
  const values = Array.from(rows, (row) => {
    const value = valueOf(row)
    sum += value < 0n ? -value : value
    return value
  })
  return sum <= SAFE ? Float64Array.from(values, Number) : BigInt64Array.from(values)
}
