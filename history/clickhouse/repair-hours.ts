import type { NumberedProfile } from '../../store/index.ts'
import type { Level } from '../numbered/questions.ts'
import type { ClickhouseConnection } from './connection.ts'
import { MARK_STACK, sumOfMarks } from '../numbered/marks.ts'
import { NativeColumns } from '../numbered/native-columns.ts'
import { DAY_MS } from '../tiers.ts'
import { lineList, numberList, seconds, texts } from './question-sql.ts'
import {
  type ClickhouseOptions,
  dayRollUpSql,
  LEVELS,
  localName,
  onCluster,
  rollUpSql,
  type SampleLevel,
} from './schema.ts'

export interface RepairedHours {
  readonly seriesIds: readonly string[]
  /** Milliseconds since the epoch. */
  readonly hours: readonly number[]
  /** All profiles that count in these hours. */
  readonly wanted: readonly Pick<NumberedProfile, 'number' | 'atMs'>[]
}

/**
 * Has ClickHouse hold in these hours the profiles that count, and no other: what was deleted, read again or left by a
 * worker that died goes; roll-ups that hold anything else are made again. Returns the wanted profiles it lacks.
 */
export async function repairHours(
  clickhouse: ClickhouseConnection,
  options: ClickhouseOptions,
  repaired: RepairedHours,
): Promise<readonly number[]> {
  const lines = await linesOf(clickhouse, repaired.seriesIds)
  if (lines.length === 0) return repaired.wanted.map(({ number }) => number)
  const where = `line IN (${lineList(lines)}) AND hour IN (${repaired.hours.map(seconds).join(',')})`
  const found = await marked(clickhouse, where)
  const wanted = new Map(repaired.wanted.map((profile) => [profile.number, profile]))
  const others = found.flatMap(({ number }) => (wanted.has(number) ? [] : [number]))
  if (others.length > 0) {
    const unwanted = `${where} AND has(${numberList(others)}, number)`
    for (const table of ['samples', 'profiles']) await remove(clickhouse, options, table, unwanted)
  }
  const kept = found.flatMap(({ number, line }) => {
    const profile = wanted.get(number)
    return profile === undefined ? [] : [{ ...profile, line }]
  })
  for (const level of ['fine', 'leaves', 'hour'] as const) {
    const bad = await badBuckets(clickhouse, level, { where, kept })
    if (bad === null) continue
    await remove(clickhouse, options, LEVELS[level].table, bad)
    for (const sql of rollUpSql(level, bad)) await clickhouse.run(sql)
  }
  await repairDays(clickhouse, options, { lines, hours: repaired.hours })
  const isThere = new Set(kept.map(({ number }) => number))
  return [...wanted.keys()].filter((number) => !isThere.has(number))
}

async function linesOf(
  clickhouse: ClickhouseConnection,
  seriesIds: readonly string[],
): Promise<readonly string[]> {
  const sql = `SELECT DISTINCT line FROM lines WHERE series IN (${texts(seriesIds)}) FORMAT Native`
  return new NativeColumns(await clickhouse.read(sql)).hashes(0)
}

async function marked(clickhouse: ClickhouseConnection, where: string) {
  const columns = new NativeColumns(
    await clickhouse.read(
      `SELECT DISTINCT line, number FROM samples WHERE ${where} AND stack = ${MARK_STACK} FORMAT Native`,
    ),
  )
  const lines = columns.hashes(0)
  return Array.from(columns.counts(1), (number, row) => ({ line: lines[row] ?? '', number }))
}

interface Kept {
  readonly line: string
  readonly number: number
  readonly atMs: number
}

/** A condition for the buckets whose roll-up does not hold what it should; null where all do. */
async function badBuckets(
  clickhouse: ClickhouseConnection,
  level: SampleLevel,
  { where, kept }: { readonly where: string; readonly kept: readonly Kept[] },
): Promise<string | null> {
  const { bucket, bucketMs } = LEVELS[level]
  const found = await marksOf(clickhouse, level, { bucket, where })
  const keyOf = ({ line, atMs }: Kept) =>
    `${line} ${(Math.floor(atMs / bucketMs) * bucketMs) / 1000}`
  const expected = Map.groupBy(kept, keyOf)
  const sums = new Map(
    [...expected].map(([key, own]) => [key, sumOfMarks(own.map(({ number }) => number))]),
  )
  const bad = differing(found, sums)
  return bad === null ? null : `${where} AND (line, ${bucket}) IN (${bad})`
}

/**
 * Makes the sums of days again that are not those of their hours. Where other hours of a day are wrong, so is the day,
 * until these are put right.
 */
async function repairDays(
  clickhouse: ClickhouseConnection,
  options: ClickhouseOptions,
  { lines, hours }: { readonly lines: readonly string[]; readonly hours: readonly number[] },
): Promise<void> {
  const days = new Set(hours.map((hourMs) => Math.floor(hourMs / DAY_MS) * DAY_MS))
  for (const dayMs of days) {
    const ofLines = `line IN (${lineList(lines)})`
    const inHours = `${ofLines} AND hour >= ${seconds(dayMs)} AND hour < ${seconds(dayMs + DAY_MS)}`
    const inDay = `${ofLines} AND day = ${seconds(dayMs)}`
    const expected = await marksOf(clickhouse, 'hour', {
      bucket: 'toStartOfDay(hour)',
      where: inHours,
    })
    const found = await marksOf(clickhouse, 'day', { bucket: 'day', where: inDay })
    const bad = differing(found, expected)
    if (bad === null) continue
    await remove(clickhouse, options, LEVELS.day.table, `${inDay} AND (line, day) IN (${bad})`)
    await clickhouse.run(dayRollUpSql(`${inHours} AND (line, toStartOfDay(hour)) IN (${bad})`))
  }
}

interface Marks {
  /** What starts of buckets are called. */
  readonly bucket: string
  readonly where: string
}

/** By line and start of the bucket in seconds. */
async function marksOf(
  clickhouse: ClickhouseConnection,
  level: Level,
  { bucket, where }: Marks,
): Promise<ReadonlyMap<string, bigint>> {
  const { table, key, mark } = LEVELS[level]
  const columns = new NativeColumns(
    await clickhouse.read(
      `SELECT line, toUInt32(${bucket}) AS start, sum(v0) FROM ${table} ` +
        `WHERE ${where} AND ${key} = ${mark} GROUP BY line, start FORMAT Native`,
    ),
  )
  const [starts, sums] = [columns.u32(1), columns.i64(2)]
  return new Map(
    columns.hashes(0).map((line, row) => [`${line} ${starts[row] ?? 0}`, sums[row] ?? 0n]),
  )
}

/** The buckets that differ, as pairs of line and start; null where none does. */
function differing(
  found: ReadonlyMap<string, bigint>,
  expected: ReadonlyMap<string, bigint>,
): string | null {
  const bad = [...new Set([...found.keys(), ...expected.keys()])].filter(
    (key) => (found.get(key) ?? 0n) !== (expected.get(key) ?? 0n),
  )
  if (bad.length === 0) return null
  const tuples = bad.map((key) => {
    const [line = '', start = ''] = key.split(' ')
    return `(${lineList([line])}, ${seconds(Number(start) * 1000)})`
  })
  return tuples.join(',')
}

async function remove(
  clickhouse: ClickhouseConnection,
  options: ClickhouseOptions,
  table: string,
  where: string,
): Promise<void> {
  await clickhouse.run(
    `ALTER TABLE ${localName(options, table)}${onCluster(options)} DELETE WHERE ${where} SETTINGS mutations_sync = 2`,
  )
}
