import { MARK_LEAF, MARK_STACK } from '../numbered/marks.ts'
import { BUCKET_MS, type Level } from '../numbered/questions.ts'
import type { HistoryOptions } from '../options.ts'

/**
 * Version 2 has the last frames of stacks, version 3 paths as text, version 4 lists of last frames. What an earlier kubeprof
 * inserts it refuses.
 */
export const SCHEMA_VERSION = 4

export type ClickhouseOptions = Pick<
  HistoryOptions,
  | 'clickhouseCluster'
  | 'clickhouseStoragePolicy'
  | 'clickhouseColdDays'
  | 'clickhouseFineDays'
  | 'retentionDays'
>

const BY_STACK = { key: 'stack', mark: MARK_STACK } as const
const BY_LEAF = { key: 'leaf', mark: MARK_LEAF } as const
const BY_BUCKET = { time: 'bucket', bucket: 'bucket', bucketMs: BUCKET_MS.fine } as const

/** Which table holds a sum of what time by what, which of these stands for marks, and by which column of time rows lie. */
export const LEVELS = {
  day: { table: 'samples_1d', time: 'day', bucket: 'day', bucketMs: BUCKET_MS.day, ...BY_STACK },
  hour: {
    table: 'samples_1h',
    time: 'hour',
    bucket: 'hour',
    bucketMs: BUCKET_MS.hour,
    ...BY_STACK,
  },
  fine: { table: 'samples_5m', ...BY_BUCKET, ...BY_STACK },
  leaves: { table: 'leaves_5m', ...BY_BUCKET, ...BY_LEAF },
} as const satisfies Readonly<Record<Level, object>>

/** Which last frames a day has, and maybe had. Whatever is in `leaves_5m` has been entered here before. */
export const LEAF_LIST = 'leaves_1d'

const VALUES = [0, 1, 2, 3, 4, 5, 6, 7]
const LINE = 'line UInt128'
const HOUR = "hour DateTime('UTC') CODEC(Delta, ZSTD(1))"
const DAY = "day DateTime('UTC') CODEC(Delta, ZSTD(1))"
const BUCKET = "bucket DateTime('UTC') CODEC(Delta, ZSTD(1))"
const STACK = 'stack UInt32 CODEC(Delta, ZSTD(1))'
const NUMBER = 'number UInt64 CODEC(Delta, ZSTD(1))'
/** The last frame of a stack; 0 in rows that are older than this column, and for a stack without frames. */
const LEAF = 'leaf UInt32 CODEC(ZSTD(1))'
/** The frames of a stack as text, a third of what the list takes; '' in rows that are older than this column. */
const PATH = 'path String CODEC(ZSTD(3))'
const COLUMNS = VALUES.map((value) => `v${value} Int64 CODEC(T64, ZSTD(1))`).join(', ')
/** Read by the million for values over time: with ZSTD ClickHouse took half as long again, for 4.0 MB in place of 7.1. */
const FINE_COLUMNS = [
  "bucket DateTime('UTC') CODEC(Delta, LZ4)",
  ...VALUES.map((value) => `v${value} Int64 CODEC(LZ4)`),
].join(', ')
const SUMS = VALUES.map((value) => `sum(v${value}) AS v${value}`).join(', ')

interface Table {
  readonly name: string
  readonly columns: string
  readonly engine: 'ReplacingMergeTree' | 'SummingMergeTree'
  readonly order: string
  /** How many rows are read at least; ClickHouse's own number without it. */
  readonly granule?: number
  /** What spreads rows over the shards of a cluster. */
  readonly shard: string
  /** The column of time, by which rows are parted and expire. */
  readonly time?: 'hour' | 'day' | 'bucket'
  /** After so many days they expire, where that is sooner than the history. */
  readonly days?: number
}

/** What rows of the other tables stand for. */
const DICTIONARIES: readonly Table[] = [
  {
    name: 'lines',
    columns: `series String, ${LINE}, body String CODEC(ZSTD(3))`,
    engine: 'ReplacingMergeTree',
    order: 'series, line',
    shard: 'sipHash64(series)',
  },
  {
    name: 'frames',
    columns: `number UInt32, hash UInt128, body String CODEC(ZSTD(3))`,
    engine: 'ReplacingMergeTree',
    order: 'number',
    shard: 'number',
  },
  {
    name: 'stacks',
    columns: `number UInt32, hash UInt128, frames Array(UInt32) CODEC(ZSTD(3)), labels String CODEC(ZSTD(3)), ${PATH}`,
    engine: 'ReplacingMergeTree',
    order: 'number',
    shard: 'number',
  },
  ...['frame_numbers', 'stack_numbers'].map((name): Table => ({
    name,
    columns: 'hash UInt128, number UInt32',
    engine: 'ReplacingMergeTree',
    order: 'hash, number',
    shard: 'number',
  })),
  {
    name: 'schema_versions',
    columns: 'version UInt32',
    engine: 'ReplacingMergeTree',
    order: 'version',
    shard: 'version',
  },
  {
    name: 'fallen',
    columns: 'previous UInt64, next UInt64, has_fallen UInt8',
    engine: 'ReplacingMergeTree',
    order: 'next, previous',
    shard: 'next',
  },
]

function tables({ clickhouseFineDays }: ClickhouseOptions): readonly Table[] {
  const timed = { shard: 'sipHash64(line)', time: 'hour' } as const
  return [
    ...DICTIONARIES,
    {
      name: 'profiles',
      columns: `${LINE}, ${HOUR}, ${NUMBER}, time_ns Int64, duration_ns Int64, sums Array(Int128), totals Array(Int128)`,
      engine: 'ReplacingMergeTree',
      order: 'line, hour, number',
      ...timed,
    },
    {
      name: 'samples',
      columns: `${LINE}, ${HOUR}, ${STACK}, ${BUCKET}, ${NUMBER}, ${COLUMNS}, ${LEAF}`,
      engine: 'ReplacingMergeTree',
      order: 'line, hour, stack, bucket, number',
      ...timed,
    },
    {
      name: 'samples_5m',
      columns: `${LINE}, ${HOUR}, stack UInt32 CODEC(Delta, LZ4), ${FINE_COLUMNS}`,
      engine: 'SummingMergeTree',
      // Series over time ask for some stacks of whole days.
      order: 'line, stack, bucket, hour',
      granule: 2048,
      shard: timed.shard,
      time: 'bucket',
      days: clickhouseFineDays,
    },
    {
      name: 'leaves_5m',
      columns: `${LINE}, ${HOUR}, leaf UInt32 CODEC(Delta, LZ4), ${FINE_COLUMNS}`,
      engine: 'SummingMergeTree',
      order: 'line, leaf, bucket, hour',
      granule: 2048,
      shard: timed.shard,
      time: 'bucket',
      days: clickhouseFineDays,
    },
    {
      name: 'samples_1h',
      columns: `${LINE}, ${HOUR}, ${STACK}, ${COLUMNS}`,
      engine: 'SummingMergeTree',
      order: 'line, hour, stack',
      ...timed,
    },
    {
      name: 'samples_1d',
      columns: `${LINE}, ${DAY}, ${STACK}, ${COLUMNS}`,
      engine: 'SummingMergeTree',
      order: 'line, day, stack',
      shard: timed.shard,
      time: 'day',
    },
    {
      // Kept for good, 3 KB a day: sums may be there for longer than they should, or be made again.
      name: LEAF_LIST,
      columns: `${LINE}, ${DAY}, leaf UInt32 CODEC(Delta, ZSTD(1))`,
      engine: 'ReplacingMergeTree',
      order: 'line, day, leaf',
      shard: timed.shard,
    },
  ]
}

/** Of rows that are older than the column it is not known. */
const HAS_LEAF = 'leaf != 0'
const IS_FRAME = `leaf NOT IN (0, ${MARK_LEAF})`
const LEAF_DAYS = 'SELECT DISTINCT line, toStartOfDay(hour) AS day, leaf FROM'

/** Sums of days are few, and asked for by the month. */
const PARTITIONS = { hour: 'toYYYYMMDD', bucket: 'toYYYYMMDD', day: 'toYYYYMM' } as const

const VIEWS = [
  ['frame_numbers', 'SELECT hash, number FROM', 'frames', ''],
  ['stack_numbers', 'SELECT hash, number FROM', 'stacks', ''],
  [
    'samples_5m',
    `SELECT line, hour, stack, bucket, ${SUMS} FROM`,
    'samples',
    ' GROUP BY line, hour, stack, bucket',
  ],
  [
    'leaves_5m',
    `SELECT line, hour, leaf, bucket, ${SUMS} FROM`,
    'samples',
    ` WHERE ${HAS_LEAF} GROUP BY line, hour, leaf, bucket`,
  ],
  [
    'samples_1h',
    `SELECT line, hour, stack, ${SUMS} FROM`,
    'samples',
    ' GROUP BY line, hour, stack',
  ],
  [
    'samples_1d',
    `SELECT line, toStartOfDay(hour) AS day, stack, ${SUMS} FROM`,
    'samples',
    ' GROUP BY line, day, stack',
  ],
  [LEAF_LIST, LEAF_DAYS, 'samples', ` WHERE ${IS_FRAME}`],
] as const

/** Roll-ups that are made of samples. */
export type SampleLevel = Exclude<Level, 'day'>

/**
 * Statements for the roll-up that the view of this table makes, of rows that a condition chooses. Rows that came twice count
 * once.
 */
export function rollUpSql(level: SampleLevel, where: string): readonly string[] {
  const { table, key } = LEVELS[level]
  const keys = level === 'hour' ? 'line, hour, stack' : `line, hour, ${key}, bucket`
  const condition = level === 'leaves' ? `${where} AND ${HAS_LEAF}` : where
  return [
    ...(level === 'leaves' ? [leafListSql('samples', where)] : []),
    `INSERT INTO ${table} SELECT ${keys}, ${SUMS} FROM samples FINAL WHERE ${condition} GROUP BY ${keys}`,
  ]
}

function leafListSql(source: string, where: string): string {
  return `INSERT INTO ${LEAF_LIST} ${LEAF_DAYS} ${source} WHERE ${where} AND ${IS_FRAME}`
}

/** Sums of days, of the sums of hours that a condition chooses. */
export function dayRollUpSql(where: string): string {
  return (
    `INSERT INTO ${LEVELS.day.table} SELECT line, toStartOfDay(hour) AS day, stack, ${SUMS} ` +
    `FROM ${LEVELS.hour.table} WHERE ${where} GROUP BY line, day, stack`
  )
}

/** The table that holds the rows of this server: of a cluster, the one behind the table that is spread over it. */
export function localName({ clickhouseCluster }: ClickhouseOptions, name: string): string {
  return clickhouseCluster === '' ? name : `${name}_local`
}

export function onCluster({ clickhouseCluster }: ClickhouseOptions): string {
  return clickhouseCluster === '' ? '' : ` ON CLUSTER '${clickhouseCluster}'`
}

/** Columns that later versions have added. */
const ADDED = [
  ['samples', LEAF],
  ['stacks', PATH],
] as const

/** The days for which `listedSql` enters what tables of an earlier version lack: one at a time takes a second. */
export const UNLISTED_SQL = `SELECT DISTINCT CAST(_partition_id, 'String') FROM ${LEVELS.leaves.table} FORMAT Native`

/** May run again. */
export function listedSql(day: string): string {
  return leafListSql(LEVELS.leaves.table, `_partition_id = '${day}'`)
}

/** The statements that make all tables; each may run again. */
export function schemaSql(options: ClickhouseOptions): readonly string[] {
  const { clickhouseCluster } = options
  const made = tables(options).flatMap((table) => [
    createSql(options, table),
    ...(clickhouseCluster === '' ? [] : [spreadSql(options, table)]),
    ...ttlSql(options, table),
  ])
  // Installations from before them have no such columns, until they have them behind all others.
  const added = ADDED.flatMap(([table, column]) =>
    [...new Set([localName(options, table), table])].map(
      (name) => `ALTER TABLE ${name}${onCluster(options)} ADD COLUMN IF NOT EXISTS ${column}`,
    ),
  )
  const views = VIEWS.map(
    ([name, select, source, group]) =>
      `CREATE MATERIALIZED VIEW IF NOT EXISTS ${name}_view${onCluster(options)} ` +
      `TO ${localName(options, name)} AS ${select} ${localName(options, source)}${group}`,
  )
  return [...made, ...added, ...views]
}

function createSql(options: ClickhouseOptions, table: Table): string {
  const { name, columns, engine, order, time, granule } = table
  const { clickhouseCluster, clickhouseStoragePolicy } = options
  const replicated = clickhouseCluster === '' ? '' : 'Replicated'
  const parted = time === undefined ? '' : ` PARTITION BY ${PARTITIONS[time]}(${time})`
  const settings = [
    ...(clickhouseStoragePolicy === '' ? [] : [`storage_policy = '${clickhouseStoragePolicy}'`]),
    ...(granule === undefined ? [] : [`index_granularity = ${granule}`]),
  ]
  return (
    `CREATE TABLE IF NOT EXISTS ${localName(options, name)}${onCluster(options)} (${columns}) ` +
    `ENGINE = ${replicated}${engine}${parted} ORDER BY (${order})${settings.length === 0 ? '' : ` SETTINGS ${settings.join(', ')}`}`
  )
}

function spreadSql(options: ClickhouseOptions, { name, shard }: Table): string {
  const cluster = options.clickhouseCluster
  const local = localName(options, name)
  return (
    `CREATE TABLE IF NOT EXISTS ${name}${onCluster(options)} AS ${local} ` +
    `ENGINE = Distributed('${cluster}', currentDatabase(), '${local}', ${shard})`
  )
}

/** Rows that expire, or move to the volume for old ones. */
function ttlSql(options: ClickhouseOptions, { name, time, days = 0 }: Table): readonly string[] {
  if (time === undefined) return []
  const { retentionDays, clickhouseColdDays } = options
  // Rows forget what is too old first, so that no range misses what ClickHouse has deleted.
  const kept = retentionDays === 0 ? 0 : retentionDays + 1
  const ages = [kept, days].filter((age) => age > 0)
  const rules = [
    ...(clickhouseColdDays > 0
      ? [`${time} + toIntervalDay(${clickhouseColdDays}) TO VOLUME 'cold'`]
      : []),
    ...(ages.length > 0 ? [`${time} + toIntervalDay(${Math.min(...ages)}) DELETE`] : []),
  ]
  if (rules.length === 0) return []
  const local = localName(options, name)
  return [`ALTER TABLE ${local}${onCluster(options)} MODIFY TTL ${rules.join(', ')}`]
}
