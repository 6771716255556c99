import type { BlockMember } from '../../profile/index.ts'
import { DAY_MS } from '../tiers.ts'
import type { NumberedShape } from './load-numbered.ts'
import { sumOfMarks } from './marks.ts'
import { NativeColumns } from './native-columns.ts'
import { BUCKET_MS, type Level } from './questions.ts'
import { spanOf, wideValue } from './stack-sums.ts'
import type { SumNeeds } from './summed-blocks.ts'

/** What of profiles is asked for. */
export interface CountedStacks {
  readonly shape: NumberedShape
  readonly members: readonly BlockMember[]
  /** The stacks that count. */
  readonly stacks: readonly number[]
  /** Index of the sample type. */
  readonly column: number
  /** Roll-ups that hold nothing but what may be added up, the longest first. */
  readonly levels: readonly Level[]
}

type Needs = Pick<SumNeeds, 'ask' | 'fewMax'>

/**
 * What profiles in ClickHouse have of some stacks, by number, without those that have nothing. Where a roll-up holds
 * profiles of the range and no other, its sum stands at one of these.
 */
export async function countedValues(
  { ask, fewMax }: Needs,
  counted: CountedStacks,
): Promise<ReadonlyMap<number, bigint>> {
  const { shape, stacks, column } = counted
  const values = new Map<number, bigint>()
  if (stacks.length === 0) return values
  let left = counted.members
  for (const level of isSafe(counted) ? counted.levels : []) {
    if (left.length <= fewMax) break
    left = await addRolled(ask, { shape, column, numbers: stacks, level, members: left }, values)
  }
  for (const run of runsOf(left)) {
    const { lines } = shape
    const question = { lines, ...spanOf(run), column, stacks } as const
    const answer = new NativeColumns(await ask({ ask: 'values', ...question }))
    const { low, high } = answer.i128(1)
    const own = new Set(run.map((member) => shape.factOf(member).number))
    for (const [row, number] of answer.counts(0).entries()) {
      if (own.has(number)) values.set(number, wideValue(low[row], high[row]))
    }
  }
  return values
}

/** Sums of roll-ups have 64 bits, and a line over time adds up doubles. */
export function isSafe({ shape, column }: Pick<CountedStacks, 'shape' | 'column'>): boolean {
  const total = shape.block.members.reduce((sum, { totals }) => sum + (totals[column] ?? 0n), 0n)
  return total <= BigInt(Number.MAX_SAFE_INTEGER)
}

interface AtLevel extends Pick<CountedStacks, 'shape' | 'column'> {
  readonly level: Level
  /** The stacks, or last frames, that count. */
  readonly numbers: readonly number[]
  readonly members: readonly BlockMember[]
}

/** Enters what roll-ups have; returns the profiles of which none can be used. */
async function addRolled(
  ask: Needs['ask'],
  { members, ...at }: AtLevel,
  values: Map<number, bigint>,
): Promise<readonly BlockMember[]> {
  const rest: BlockMember[] = []
  for (const run of runsOf(members)) {
    rest.push(...(await addRun(ask, { ...at, members: run }, values)))
  }
  return rest
}

/** The same of one stretch of time. */
export async function addRun(
  ask: Needs['ask'],
  { shape, numbers: counted, column, level, members }: AtLevel,
  values: Map<number, bigint>,
): Promise<readonly BlockMember[]> {
  const { lines } = shape
  const question = { level, lines, ...spanOf(members), column, numbers: counted } as const
  const answer = new NativeColumns(await ask({ ask: 'rolledValues', ...question }))
  const [starts, sums, marks] = [answer.u32(1), answer.i64(2), answer.i64(3)]
  const rowOf = new Map(
    Array.from(answer.u32(0), (line, row) => [`${line} ${(starts[row] ?? 0) * 1000}`, row]),
  )
  const bucketMs = BUCKET_MS[level]
  const keyOf = (member: BlockMember) =>
    `${shape.factOf(member).line} ${Math.floor(member.atMs / bucketMs) * bucketMs}`
  const rest: BlockMember[] = []
  for (const [key, own] of Map.groupBy(members, keyOf)) {
    const numbers = own.map((member) => shape.factOf(member).number)
    const row = rowOf.get(key) ?? -1
    if (marks[row] === sumOfMarks(numbers)) values.set(numbers[0] ?? 0, sums[row] ?? 0n)
    else rest.push(...own)
  }
  return rest
}

/** Stretches of time between which there is nothing for a day. */
export function runsOf(members: readonly BlockMember[]): readonly (readonly BlockMember[])[] {
  const runs: BlockMember[][] = []
  let lastMs = Number.NEGATIVE_INFINITY
  for (const member of members.toSorted((a, b) => a.atMs - b.atMs)) {
    if (member.atMs - lastMs > DAY_MS) runs.push([])
    runs.at(-1)?.push(member)
    lastMs = member.atMs
  }
  return runs
}
