import { AppError } from '../../api/index.ts'
import { refuseWide, type ValueColumn } from '../../profile/index.ts'
import { MARK_STACK, markOf, sumOfMarks } from './marks.ts'
import {
  BUCKET_MS,
  type BucketList,
  type HistoryQuestion,
  type Level,
  type LineId,
} from './questions.ts'
import { NativeColumns, type WideColumn } from './native-columns.ts'

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

/** Sums of one group: stacks, and for each column a value of each. A stack may come in several parts. */
export interface SumPart {
  readonly stacks: Uint32Array
  /** Doubles where all sums are below 2^53. */
  readonly values: readonly ValueColumn[]
}

/** By group. */
export type GroupSums = ReadonlyMap<number, readonly SumPart[]>

const TRIES_MAX = 3
export const LARGEST = 2n ** 63n - 1n

/** Profiles came or went while they were added up. */
class Changed extends Error {}

/**
 * Adds profiles up by stack, in roll-ups where these hold the profiles and no other, else one by one. Exact: throws
 * HISTORY_INCOMPLETE where ClickHouse lacks any of them, and a ReportError where a sum needs more than 64 bits.
 */
export async function sumStacks(ask: Ask, task: SumTask): Promise<GroupSums> {
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

async function sumOnce(ask: Ask, task: SumTask): Promise<GroupSums> {
  const { lines, columns, bound } = task
  const sums = new Sums(task)
  let left = task.addends
  // Sums of roll-ups have 64 bits, and the weights of profiles are not in them.
  if (bound <= LARGEST && left.every(({ weight }) => weight === 1)) {
    for (const level of ['day', 'hour'] as const) {
      if (left.length <= task.fewMax) break
      const { covered, rest } = await coveredBy(ask, level, { ...task, addends: left })
      if (covered.length > 0) await addRolled(ask, sums, { ...task, addends: covered, level })
      left = rest
    }
  }
  if (left.length > 0) {
    const isWide = bound > LARGEST
    const weights = left.map(({ weight }) => weight)
    const bytes = await ask({
      ask: 'samples',
      lines,
      ...spanOf(left),
      numbers: left.map(({ number }) => number),
      groups: left.map(({ group }) => group),
      columns,
      isWide,
      ...(weights.every((weight) => weight === 1) ? {} : { weights }),
    })
    sums.add(bytes, left, { isWide })
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
  const answer = new NativeColumns(await ask({ ask: 'marks', level, lines, ...spanOf(addends) }))
  const [starts, marks] = [answer.u32(1), answer.i64(2)]
  const found = new Map(
    Array.from(answer.u32(0), (line, row) => [
      `${line} ${(starts[row] ?? 0) * 1000}`,
      marks[row] ?? 0n,
    ]),
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
  { lines, addends, columns, level }: SumTask & { readonly level: 'day' | 'hour' },
): Promise<void> {
  // A group that changes within a line would need its own question.
  for (const part of partsByLine(addends)) {
    const groups = lines.map(() => 0)
    for (const { line, group } of part) groups[line] = group
    const buckets = bucketsOf(part, level)
    const bytes = await ask({ ask: 'rolled', level, lines, groups, columns, buckets })
    sums.add(bytes, part, { isWide: false })
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
  readonly groups = new Map<number, SumPart[]>()
  readonly #columnCount: number
  readonly #isSafe: boolean

  constructor({ columns, bound }: Pick<SumTask, 'columns' | 'bound'>) {
    this.#columnCount = columns.length
    this.#isSafe = bound <= Number.MAX_SAFE_INTEGER
  }

  /** Throws Changed where the answer is not about these profiles. */
  add(bytes: Uint8Array, addends: readonly Addend[], { isWide }: { readonly isWide: boolean }) {
    const answer = new NativeColumns(bytes)
    const [groups, stacks] = [answer.u32(0), answer.u32(1)]
    const rowsOf = new Map<number, number[]>()
    const marks = isWide ? answer.i128(2).low : answer.i64(2)
    const missing = new Map<number, bigint>()
    for (const { group, number, weight } of addends) {
      missing.set(group, (missing.get(group) ?? 0n) + BigInt(weight) * markOf(number))
    }
    for (let row = 0; row < stacks.length; row++) {
      const group = groups[row] ?? 0
      if (stacks[row] === MARK_STACK) {
        missing.set(group, (missing.get(group) ?? 0n) - (marks[row] ?? 0n))
        continue
      }
      const rows = rowsOf.get(group)
      if (rows === undefined) rowsOf.set(group, [row])
      else rows.push(row)
    }
    if ([...missing.values()].some((left) => BigInt.asIntN(64, left) !== 0n)) throw new Changed()
    const columns = Array.from({ length: this.#columnCount }, (_, column) =>
      this.#columnOf(answer, 2 + column, isWide),
    )
    for (const [group, rows] of rowsOf) {
      const values = columns.map((column) => chosen(column, rows))
      const parts = this.groups.get(group) ?? []
      parts.push({ stacks: chosenStacks(stacks, rows), values })
      this.groups.set(group, parts)
    }
  }

  #columnOf(answer: NativeColumns, index: number, isWide: boolean): ValueColumn {
    if (isWide) return fittingColumn(answer.i128(index), answer.u32(1))
    return this.#isSafe ? answer.doubles(index) : answer.i64(index)
  }
}

function chosenStacks(stacks: Uint32Array, rows: readonly number[]): Uint32Array {
  const own = new Uint32Array(rows.length)
  for (let at = 0; at < own.length; at++) own[at] = stacks[rows[at] ?? 0] ?? 0
  return own
}

function chosen(column: ValueColumn, rows: readonly number[]): ValueColumn {
  if (column instanceof Float64Array) {
    const own = new Float64Array(rows.length)
    for (let at = 0; at < own.length; at++) own[at] = column[rows[at] ?? 0] ?? 0
    return own
  }
  const own = new BigInt64Array(rows.length)
  for (let at = 0; at < own.length; at++) own[at] = column[rows[at] ?? 0] ?? 0n
  return own
}

/** Marks count modulo 2^64; throws a ReportError where another value needs more. */
function fittingColumn({ low, high }: WideColumn, stacks: Uint32Array): BigInt64Array {
  for (const [row, value] of low.entries()) {
    if (stacks[row] !== MARK_STACK && high[row] !== value >> 63n) {
      refuseWide()
    }
  }
  return low
}

export function wideValue(low = 0n, high = 0n): bigint {
  return (high << 64n) + BigInt.asUintN(64, low)
}

/** The stacks of parts, one part behind the other. */
export function stacksOf(parts: readonly SumPart[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, { stacks }) => sum + stacks.length, 0))
  let at = 0
  for (const { stacks } of parts) {
    all.set(stacks, at)
    at += stacks.length
  }
  return all
}

export function distinctStacks(parts: readonly SumPart[]): Uint32Array {
  const sorted = stacksOf(parts).sort()
  let length = 0
  for (let at = 0; at < sorted.length; at++) {
    const stack = sorted[at] ?? 0
    if (at === 0 || stack !== sorted[length - 1]) sorted[length++] = stack
  }
  return sorted.subarray(0, length)
}

/** A column of all parts, as `stacksOf` has them, each times the sign of its list. */
export function joinedColumn(
  lists: readonly (readonly SumPart[])[],
  index: number,
  signs: readonly number[],
): ValueColumn {
  const columns = lists.flatMap((parts, list) =>
    parts.map(({ values }) => ({ column: values[index] ?? [], sign: signs[list] ?? 0 })),
  )
  const length = columns.reduce((sum, { column }) => sum + column.length, 0)
  if (columns.some(({ column }) => column instanceof BigInt64Array)) {
    const joined = new BigInt64Array(length)
    let at = 0
    for (const { column, sign } of columns) {
      for (const value of column) joined[at++] = BigInt(value) * BigInt(sign)
    }
    return joined
  }
  const joined = new Float64Array(length)
  let at = 0
  for (const { column, sign } of columns) {
    // Not times 0, which would make -0 of a negative one.
    for (let row = 0; row < column.length; row++) {
      joined[at++] = sign === 0 ? 0 : Number(column[row]) * sign
    }
  }
  return joined
}
