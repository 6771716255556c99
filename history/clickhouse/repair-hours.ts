import type { NumberedProfile } from '../../store/index.ts'
import type { Level } from '../numbered/questions.ts'
import type { ClickhouseConnection } from './connection.ts'
import { MARK_STACK, sumOfMarks } from '../numbered/marks.ts'
import { lineList, numbers, seconds, texts } from './question-sql.ts'
import { RowBytes } from '../numbered/row-bytes.ts'
import { type ClickhouseOptions, LEVELS, localName, onCluster, rollUpSql } from './schema.ts'

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
    const unwanted = `${where} AND number IN (${numbers(others)})`
    for (const table of ['samples', 'profiles']) await remove(clickhouse, options, table, unwanted)
  }
  const kept = found.flatMap(({ number, line }) => {
    const profile = wanted.get(number)
    return profile === undefined ? [] : [{ ...profile, line }]
  })
  for (const level of ['fine', 'hour'] as const) {
    const bad = await badBuckets(clickhouse, level, { where, kept })
    if (bad === null) continue
    await remove(clickhouse, options, LEVELS[level].table, bad)
    await clickhouse.run(rollUpSql(level, bad))
  }
  const isThere = new Set(kept.map(({ number }) => number))
  return [...wanted.keys()].filter((number) => !isThere.has(number))
}

async function linesOf(
  clickhouse: ClickhouseConnection,
  seriesIds: readonly string[],
): Promise<readonly string[]> {
  const sql = `SELECT DISTINCT line FROM lines WHERE series IN (${texts(seriesIds)}) FORMAT RowBinary`
  const rows = new RowBytes(await clickhouse.read(sql))
  return rows.rows(() => rows.hash())
}

async function marked(clickhouse: ClickhouseConnection, where: string) {
  const rows = new RowBytes(
    await clickhouse.read(
      `SELECT DISTINCT line, number FROM samples WHERE ${where} AND stack = ${MARK_STACK} FORMAT RowBinary`,
    ),
  )
  return rows.rows(() => ({ line: rows.hash(), number: rows.count() }))
}

interface Kept {
  readonly line: string
  readonly number: number
  readonly atMs: number
}

/** A condition for the buckets whose roll-up does not hold what it should; null where all do. */
async function badBuckets(
  clickhouse: ClickhouseConnection,
  level: Level,
  { where, kept }: { readonly where: string; readonly kept: readonly Kept[] },
): Promise<string | null> {
  const { table, bucket, bucketMs } = LEVELS[level]
  const rows = new RowBytes(
    await clickhouse.read(
      `SELECT line, toUInt32(${bucket}), sum(v0) FROM ${table} WHERE ${where} AND stack = ${MARK_STACK} ` +
        `GROUP BY line, ${bucket} FORMAT RowBinary`,
    ),
  )
  const found = new Map<string, bigint>(
    rows.rows(() => [`${rows.hash()} ${rows.u32()}`, rows.i64()]),
  )
  const keyOf = ({ line, atMs }: Kept) =>
    `${line} ${(Math.floor(atMs / bucketMs) * bucketMs) / 1000}`
  const expected = Map.groupBy(kept, keyOf)
  const bad = [...new Set([...found.keys(), ...expected.keys()])].filter((key) => {
    const sum = sumOfMarks((expected.get(key) ?? []).map(({ number }) => number))
    return (found.get(key) ?? 0n) !== sum
  })
  if (bad.length === 0) return null
  const tuples = bad.map((key) => {
    const [line = '', start = ''] = key.split(' ')
    return `(${lineList([line])}, ${seconds(Number(start) * 1000)})`
  })
  return `${where} AND (line, ${bucket}) IN (${tuples.join(',')})`
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
