import { MARK_STACK } from '../numbered/marks.ts'
import type {
  FallenQuestion,
  HistoryQuestion,
  HourSpan,
  LeafValuesQuestion,
  LineId,
  MarksQuestion,
  RolledQuestion,
  RolledValuesQuestion,
  SamplesQuestion,
  ValuesQuestion,
} from '../numbered/questions.ts'
import { DAY_MS, FINE_MS, HOUR_MS } from '../tiers.ts'
import { LEAF_LIST, LEVELS } from './schema.ts'

type Asked = Exclude<HistoryQuestion, FallenQuestion>

/** The statement that answers a question, but for `fallen`. All that it is made of are numbers and hashes. */
export function questionSql(question: Asked): string {
  return `${selectOf(question)} FORMAT Native`
}

function selectOf(question: Asked): string {
  if (question.ask === 'lines') {
    return `SELECT line, series, body FROM lines FINAL WHERE series IN (${texts(question.seriesIds)}) ORDER BY series, line`
  }
  if (question.ask === 'profiles') {
    const facts = 'time_ns, duration_ns, sums, totals'
    return `SELECT number, ${lineIndex(question.lines)}, ${facts} FROM profiles FINAL WHERE ${linesAndTimes(question, 'hour')}`
  }
  if (question.ask === 'stacks') {
    return `SELECT number, frames, labels, path FROM stacks FINAL WHERE ${numbersIn(question.numbers)}`
  }
  if (question.ask === 'frames') {
    return `SELECT number, body FROM frames FINAL WHERE ${numbersIn(question.numbers)}`
  }
  if (question.ask === 'leaves') {
    return `SELECT DISTINCT leaf FROM ${LEAF_LIST} WHERE ${linesAndTimes(question, 'day')}`
  }
  return sumOf(question)
}

function sumOf(
  question:
    | LeafValuesQuestion
    | MarksQuestion
    | RolledQuestion
    | RolledValuesQuestion
    | SamplesQuestion
    | ValuesQuestion,
): string {
  if (question.ask === 'marks') {
    const { key, mark } = LEVELS[question.level]
    return bucketsSql(question, 'sum(v0)', `${key} = ${mark}`)
  }
  if (question.ask === 'rolledValues') {
    const value = `v${whole(question.column)}`
    const { key, mark } = LEVELS[question.level]
    const sums = `sumIf(${value}, ${key} != ${mark}), sumIf(${value}, ${key} = ${mark})`
    return bucketsSql(question, sums, `${key} IN ${numberSet([mark, ...question.numbers])}`)
  }
  if (question.ask === 'values') {
    return (
      `SELECT number, sum(toInt128(v${whole(question.column)})) FROM samples FINAL ` +
      `WHERE ${linesAndTimes(question, 'hour')} AND stack IN ${numberSet(question.stacks)} GROUP BY number`
    )
  }
  if (question.ask === 'leafValues') {
    return (
      `SELECT number, leaf, sum(toInt128(v${whole(question.column)})) FROM samples FINAL ` +
      `WHERE ${linesAndTimes(question, 'hour')} AND number IN ${numberSet(question.numbers)} GROUP BY number, leaf`
    )
  }
  if (question.ask === 'rolled') {
    const group = groupOf('line', `[${lineList(question.lines)}]`, question.groups)
    const sums = question.columns.map((column) => `sum(v${whole(column)})`).join(', ')
    return (
      `SELECT ${group} AS grp, stack, ${sums} FROM ${LEVELS[question.level].table} ` +
      `WHERE ${bucketsOf(question)} GROUP BY grp, stack`
    )
  }
  const own = numberList(question.numbers)
  return (
    `SELECT ${groupOf('number', own, question.groups)} AS grp, stack, ${weighted(question)} FROM samples FINAL ` +
    `WHERE ${linesAndTimes(question, 'hour')} AND number IN ${numberSet(question.numbers)} GROUP BY grp, stack`
  )
}

/** Sums by line and bucket, of stacks that a condition chooses. */
function bucketsSql(
  question: MarksQuestion | RolledValuesQuestion,
  sums: string,
  where: string,
): string {
  const { table, bucket, time } = LEVELS[question.level]
  // A key of one column is looked up faster than one of two, whatever the other is.
  const keys = question.lines.length === 1 ? bucket : `at, ${bucket}`
  return (
    `SELECT ${lineIndex(question.lines)} AS at, toUInt32(${bucket}) AS start, ${sums} FROM ${table} ` +
    `WHERE ${linesAndTimes(question, time)} AND ${where} GROUP BY ${keys}`
  )
}

/** Which of these pairs are known. Columns: previous UInt64, next UInt64. */
export function knownPairsSql({ pairs }: FallenQuestion): string {
  const nexts = numberSet(pairs.map(([, next]) => next))
  return `SELECT previous, next FROM fallen FINAL WHERE next IN ${nexts} FORMAT Native`
}

/** Columns: number of the later one UInt64, 1 or 0 UInt8. */
export function pairsSql({ pairs }: FallenQuestion): string {
  const tuples = pairs.map(([previous, next]) => `(${whole(previous)},${whole(next)})`).join(',')
  return `SELECT next, has_fallen FROM fallen FINAL WHERE (previous, next) IN (${tuples}) FORMAT Native`
}

/** Compares the profiles of pairs, stack by stack, and keeps what came out. */
export function comparePairsSql(question: FallenQuestion): string {
  const { columns, pairs } = question
  // Each profile takes part as the later one of a pair and as the earlier one of another.
  const signs = pairs.flatMap(([previous, next], pair) => [
    [previous, pair, -1],
    [next, pair, 1],
  ])
  const involved = numberSet(signs.map(([number = 0]) => number))
  const roles = [1, -1].map((sign) => {
    const own = signs.filter(([, , other]) => other === sign)
    const from = numberList(own.map(([number = 0]) => number))
    const to = numberList(own.map(([, pair = 0]) => pair + 1))
    return `(transform(number, ${from}, ${to}, 0), ${sign})`
  })
  const differences = columns.map(
    (column) => `sum(toInt128(v${whole(column)}) * role.2) AS d${column}`,
  )
  const fell = columns.map((column) => `min(d${column}) < 0`).join(' OR ')
  const previous = numberList(pairs.map(([number]) => number))
  const next = numberList(pairs.map(([, number]) => number))
  return (
    `INSERT INTO fallen SELECT ${previous}[pair], ${next}[pair], ${fell} FROM (` +
    `SELECT toUInt32(role.1) AS pair, ${differences.join(', ')} FROM samples FINAL ARRAY JOIN [${roles.join(', ')}] AS role ` +
    `WHERE ${linesAndTimes(question, 'hour')} AND number IN ${involved} AND stack != ${MARK_STACK} AND role.1 > 0 ` +
    `GROUP BY pair, stack) GROUP BY pair`
  )
}

const TIME_MS = { bucket: FINE_MS, hour: HOUR_MS, day: DAY_MS } as const

/** The 5 minutes, hours or whole days that have any of the time. */
function linesAndTimes(
  { lines, fromMs, toMs }: HourSpan & { readonly lines: readonly LineId[] },
  time: keyof typeof TIME_MS,
): string {
  const bucketMs = TIME_MS[time]
  const from = seconds(Math.floor(fromMs / bucketMs) * bucketMs)
  // Rounded up: an end within the first second of an hour is after the hour's start.
  const to = seconds(Math.ceil(toMs / bucketMs) * bucketMs)
  return `line IN (${lineList(lines)}) AND ${time} >= ${from} AND ${time} < ${to}`
}

function bucketsOf({ level, lines, buckets }: RolledQuestion): string {
  const { bucket } = LEVELS[level]
  const parts = buckets.map(({ line, spans }) => {
    const times = spans.map(
      ({ fromMs, toMs }) => `(${bucket} >= ${seconds(fromMs)} AND ${bucket} < ${seconds(toMs)})`,
    )
    return `(line = ${lineList([lines[line] ?? ''])} AND (${times.join(' OR ')}))`
  })
  return parts.join(' OR ')
}

function weighted({ columns, numbers, weights, isWide }: SamplesQuestion): string {
  const weight =
    weights === undefined
      ? ''
      : ` * transform(number, ${numberList(numbers)}, ${numberList(weights, 'Int64')}, toInt64(0))`
  return columns
    .map((column) => `v${whole(column)}`)
    .map((value) => `sum(${isWide ? `toInt128(${value})` : value}${weight})`)
    .join(', ')
}

function groupOf(key: string, keys: string, groups: readonly number[]): string {
  if (groups.every((group) => group === groups[0])) return `toUInt32(${whole(groups[0] ?? 0)})`
  return `toUInt32(transform(${key}, ${keys}, ${numberList(groups)}, 0))`
}

function lineIndex(lines: readonly LineId[]): string {
  if (lines.length === 1) return 'toUInt32(0)'
  return `toUInt32(indexOf([${lineList(lines)}], line) - 1)`
}

const DIGITS = /^\d+$/
const HASH = /^[0-9a-zA-Z]+$/

export function lineList(lines: readonly LineId[]): string {
  return lines.map((line) => `toUInt128('${matching(line, DIGITS)}')`).join(',')
}

/** An array. As a text it is read many times faster than as an expression. */
export function numberList(values: readonly number[], type = 'UInt64'): string {
  return `CAST('[${values.map(whole).join(',')}]', 'Array(${type})')`
}

/** A number is written in seven letters, where a bit is a quarter of one. */
const BITS_MAX = 24

/**
 * Stacks and frames are numbered one after the other, so that those of a range are a good part of all between the first and
 * the last: a bit for each of these. To make and search a set of 30,000 numbers took ClickHouse half as long again.
 */
function numbersIn(numbers: readonly number[]): string {
  const first = numbers.reduce((least, number) => Math.min(least, number), Number.MAX_SAFE_INTEGER)
  const last = numbers.reduce((most, number) => Math.max(most, number), 0)
  const isSparse = numbers.length === 0 || last - first > BITS_MAX * numbers.length
  if (isSparse) return `number IN ${numberSet(numbers)}`
  const firstByte = Math.floor(first / 8)
  const bits = Buffer.alloc(Math.floor(last / 8) - firstByte + 1)
  for (const number of numbers) {
    const byte = Math.floor(number / 8) - firstByte
    bits[byte] = (bits[byte] ?? 0) | (1 << (number % 8))
  }
  const own = `substring(unhex('${bits.toString('hex')}'), 1 + intDiv(number, 8) - ${whole(firstByte)}, 1)`
  return `number BETWEEN ${whole(first)} AND ${whole(last)} AND bitTest(reinterpretAsUInt8(${own}), number % 8)`
}

/** A query within the statement takes ClickHouse some 2 ms, as long as so many numbers that it parses one by one. */
const LITERALS_MAX = 256

/** What stands behind IN. */
function numberSet(values: readonly number[]): string {
  if (values.length > 0 && values.length <= LITERALS_MAX) return `(${values.map(whole).join(',')})`
  return `(SELECT arrayJoin(${numberList(values)}))`
}

export function texts(values: readonly string[]): string {
  return values.map((value) => `'${matching(value, HASH)}'`).join(',')
}

export function seconds(timeMs: number): string {
  return `toDateTime(${whole(Math.floor(timeMs / 1000))}, 'UTC')`
}

function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError('not a whole number')
  return String(value)
}

function matching(text: string, pattern: RegExp): string {
  if (!pattern.test(text)) throw new RangeError('not a number or a hash')
  return text
}
