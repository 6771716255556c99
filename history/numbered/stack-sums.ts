import { AppError } from '../../api/index.ts'
import { ReportError } from '../../profile/index.ts'
import { MARK_STACK, markOf, sumOfMarks } from './marks.ts'
import {
  BUCKET_MS,
  type BucketList,
  type HistoryQuestion,
  type Level,
  type LineId,
} from './questions.ts'
import { RowBytes } from './row-bytes.ts'

/** Puts a question to ClickHouse, wherever its client runs. Throws HISTORY_UNAVAILABLE. */
export type Ask = (question: HistoryQuestion) => Promise<Uint8Array>

/** A profile to be added up. */
export interface Addend {
  readonly number: number
  /** Index of its line. */
  readonly line: number
  readonly atMs: number
  /** Which sum it belongs to. */
  readonly group: number
  readonly weight: number
}

export interface SumTask {
  readonly lines: readonly LineId[]
  readonly addends: readonly Addend[]
  /** Indexes of sample types. */
  readonly columns: readonly number[]
  /** What no sum of absolute values exceeds. */
  readonly bound: bigint
  /** So many profiles are read faster than roll-ups are chosen. */
  readonly fewMax: number
}

/** The sums of one group: of each stack one value for each column. */
export interface GroupSum {
  readonly stacks: number[]
  readonly values: bigint[][]
}

const TRIES_MAX = 3
const LARGEST = 2n ** 63n - 1n

/** Profiles came or went while they were added up. */
class Changed extends Error {}

/**
 * Adds profiles up by stack, in roll-ups where these hold the profiles and no other, else one by one. Exact: throws
 * HISTORY_INCOMPLETE where ClickHouse lacks any of them, and a ReportError where a sum needs more than 64 bits.
 */
export async function sumStacks(ask: Ask, task: SumTask): Promise<ReadonlyMap<number, GroupSum>> {
  for (let tryCount = 1; ; tryCount++) {
    try {
      return await sumOnce(ask, task)
    } catch (error) {
      if (!(error instanceof Changed)) throw error
      if (tryCount === TRIES_MAX) throw incomplete(task.addends.length)
    }
  }
}

export function incomplete(count: number): AppError {
  return new AppError('HISTORY_INCOMPLETE', {
    message:
      `ClickHouse lacks some of the ${count} profiles of the range. ` +
      '`kubeprof history rebuild` fills them from the stored files.',
  })
}

async function sumOnce(ask: Ask, task: SumTask): Promise<ReadonlyMap<number, GroupSum>> {
  const { lines, columns, bound } = task
  const sums = new Sums(columns.length)
  let left = task.addends
  // Sums of roll-ups have 64 bits, and the weights of profiles are not in them.
  if (bound <= LARGEST && left.every(({ weight }) => weight === 1)) {
    for (const level of ['hour', 'fine'] as const) {
      if (left.length <= task.fewMax) break
      const { covered, rest } = await coveredBy(ask, level, { ...task, addends: left })
      if (covered.length > 0) await addRolled(ask, sums, { ...task, addends: covered, level })
      left = rest
    }
  }
  if (left.length > 0) {
    const weights = left.map(({ weight }) => weight)
    const bytes = await ask({
      ask: 'samples',
      lines,
      ...spanOf(left),
      numbers: left.map(({ number }) => number),
      groups: left.map(({ group }) => group),
      columns,
      ...(weights.every((weight) => weight === 1) ? {} : { weights }),
    })
    sums.add(bytes, left, 'wide')
  }
  return sums.groups
}

/** The time of all profiles. */
export function spanOf(addends: readonly Pick<Addend, 'atMs'>[]) {
  let [fromMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { atMs } of addends) {
    fromMs = Math.min(fromMs, atMs)
    lastMs = Math.max(lastMs, atMs)
  }
  return { fromMs, toMs: lastMs + 1 }
}

/** Which profiles lie in buckets that hold these profiles and no other. */
async function coveredBy(ask: Ask, level: Level, { lines, addends }: SumTask) {
  const rows = new RowBytes(await ask({ ask: 'marks', level, lines, ...spanOf(addends) }))
  const found = new Map<string, bigint>(
    rows.rows(() => [`${rows.u32()} ${rows.u32() * 1000}`, rows.i64()]),
  )
  const covered: Addend[] = []
  const rest: Addend[] = []
  for (const [key, own] of Map.groupBy(addends, (addend) => bucketKey(addend, level))) {
    const isWhole = found.get(key) === sumOfMarks(own.map(({ number }) => number))
    const isOneGroup = own.every(({ group }) => group === own[0]?.group)
    const target = isWhole && isOneGroup ? covered : rest
    for (const addend of own) target.push(addend)
  }
  return { covered, rest }
}

function bucketKey({ line, atMs }: Addend, level: Level): string {
  return `${line} ${startOf(atMs, level)}`
}

function startOf(atMs: number, level: Level): number {
  return Math.floor(atMs / BUCKET_MS[level]) * BUCKET_MS[level]
}

async function addRolled(
  ask: Ask,
  sums: Sums,
  { lines, addends, columns, level }: SumTask & { readonly level: Level },
): Promise<void> {
  // A group that changes within a line would need its own question.
  for (const part of partsByLine(addends)) {
    const groups = lines.map(() => 0)
    for (const { line, group } of part) groups[line] = group
    const buckets = bucketsOf(part, level)
    const bytes = await ask({ ask: 'rolled', level, lines, groups, columns, buckets })
    sums.add(bytes, part, 'narrow')
  }
}

/** Parts in which each line is of one group. */
function partsByLine(addends: readonly Addend[]): readonly (readonly Addend[])[] {
  const rankOf = new Map<string, number>()
  const counts = new Map<number, number>()
  const parts = Map.groupBy(addends, ({ line, group }) => {
    const key = `${line} ${group}`
    const known = rankOf.get(key)
    if (known !== undefined) return known
    const rank = counts.get(line) ?? 0
    counts.set(line, rank + 1)
    rankOf.set(key, rank)
    return rank
  })
  return [...parts.values()]
}

function bucketsOf(addends: readonly Addend[], level: Level): BucketList[] {
  return [...Map.groupBy(addends, ({ line }) => line)].map(([line, own]) => {
    const starts = [...new Set(own.map(({ atMs }) => startOf(atMs, level)))].toSorted(
      (a, b) => a - b,
    )
    const spans: { fromMs: number; toMs: number }[] = []
    for (const fromMs of starts) {
      const last = spans.at(-1)
      const toMs = fromMs + BUCKET_MS[level]
      if (last?.toMs === fromMs) last.toMs = toMs
      else spans.push({ fromMs, toMs })
    }
    return { line, spans }
  })
}

/** Sums by group and stack, as answers come in. */
class Sums {
  readonly groups = new Map<number, GroupSum>()
  readonly #columnCount: number
  readonly #rowOf = new Map<number, Map<number, number>>()

  constructor(columnCount: number) {
    this.#columnCount = columnCount
  }

  /** Throws Changed where the answer is not about these profiles. */
  add(bytes: Uint8Array, addends: readonly Addend[], width: 'narrow' | 'wide'): void {
    const marks = new Map<number, bigint>()
    for (const { group, number, weight } of addends) {
      marks.set(group, (marks.get(group) ?? 0n) + BigInt(weight) * markOf(number))
    }
    const rows = new RowBytes(bytes)
    while (rows.hasMore) {
      const [group, stack] = [rows.u32(), rows.u32()]
      const values = Array.from({ length: this.#columnCount }, () =>
        width === 'wide' ? rows.i128() : rows.i64(),
      )
      if (stack === MARK_STACK) {
        const left = (marks.get(group) ?? 0n) - (values[0] ?? 0n)
        marks.set(group, BigInt.asIntN(64, left))
      } else this.#addRow(group, stack, values)
    }
    if ([...marks.values()].some((left) => left !== 0n)) throw new Changed()
  }

  #addRow(group: number, stack: number, values: readonly bigint[]): void {
    let sum = this.groups.get(group)
    let rowOf = this.#rowOf.get(group)
    if (sum === undefined || rowOf === undefined) {
      sum = { stacks: [], values: values.map(() => []) }
      rowOf = new Map()
      this.groups.set(group, sum)
      this.#rowOf.set(group, rowOf)
    }
    const row = rowOf.get(stack) ?? sum.stacks.push(stack) - 1
    rowOf.set(stack, row)
    for (const [index, value] of values.entries()) {
      const column = sum.values[index]
      if (column === undefined) continue
      const total = (column[row] ?? 0n) + value
      if (total > LARGEST || total < -LARGEST) {
        throw new ReportError('a value of the range needs more than 64 bits')
      }
      column[row] = total
    }
  }
}
