import { type ClickhouseDatabase, MARK_LEAF, markOf, sumOfMarks } from '../../history/index.ts'
import { DAY } from '../inputs/heavy-tail-day.ts'
import type { MemoryProfile } from './memory-rows.ts'

const HOUR_MS = 3600_000
const MINUTE_MS = 60_000
const DAY_MS = 24 * HOUR_MS
const HOURS = 24
const HOUR_PROFILES = 60
const VALUES = Array.from({ length: 8 }, (_, index) => `v${index}`)
/** Numbers of the profiles of a day begin here, those of the next day as much later. */
const NUMBERS = 1_000_000
const PERIOD_NS = 10_000_000
const { drawCount, skew } = DAY

/** The stacks of real profiles, the most frequent first, and their last frames. */
const RANKED =
  'SELECT groupArray(stack), groupArray(leaf) FROM (SELECT stack, any(leaf) AS leaf FROM samples ' +
  `WHERE stack != 0 AND number < ${NUMBERS} GROUP BY stack ORDER BY sum(v0) DESC, stack)`

type NumberedProfile = MemoryProfile & { readonly number: number }

/**
 * A day of profiles, one a minute, that ClickHouse draws itself from the stacks that it has: in the way of `heavyTailDay`,
 * and in seconds. Frequent stacks have the smaller numbers, as those that are met first have.
 */
export async function makeDay(
  database: ClickhouseDatabase,
  startMs: number,
): Promise<readonly NumberedProfile[]> {
  const clickhouse = await database.ready()
  const profiles = Array.from({ length: HOURS * HOUR_PROFILES }, (_, index) =>
    profileAt(startMs + index * MINUTE_MS, NUMBERS + index),
  )
  const line = '(SELECT any(line) FROM lines)'
  for (let hour = 0; hour < HOURS; hour++) {
    const own = profiles.slice(hour * HOUR_PROFILES, (hour + 1) * HOUR_PROFILES)
    const marks = own.map(({ number, atMs }) => `(${bucketOf(atMs)}, ${number}, ${markOf(number)})`)
    const start = secondsOf(startMs + hour * HOUR_MS)
    const first = own[0]?.number ?? 0
    await clickhouse.run(
      `INSERT INTO samples WITH (${RANKED}) AS ranked SELECT ${line}, ${start}, ` +
        `ranked.1[1 + toUInt32(length(ranked.1) * draw) AS rank] AS stack, ` +
        `${start} + intDiv(profile, 5) * 300, ${first} + profile, count() AS c, c * ${PERIOD_NS}, 0, 0, 0, 0, 0, 0, ranked.2[rank] ` +
        `FROM (SELECT intDiv(number, ${drawCount}) AS profile, pow(randCanonical(number), ${skew}) AS draw ` +
        `FROM numbers(${drawCount * HOUR_PROFILES})) GROUP BY profile, rank ` +
        `UNION ALL SELECT ${line}, ${start}, 0, mark.1, mark.2, ${VALUES.map(() => 'mark.3').join(', ')}, ${MARK_LEAF} ` +
        `FROM (SELECT arrayJoin([${marks.join(', ')}]) AS mark)`,
    )
  }
  const facts = `${DAY.startMs * 1_000_000}, 30000000000, [${drawCount}, ${drawCount * PERIOD_NS}] AS sums, sums`
  await clickhouse.run(
    `INSERT INTO profiles SELECT ${line}, toDateTime(intDiv(one.1, 3600000) * 3600, 'UTC'), one.2, ${facts} ` +
      `FROM (SELECT arrayJoin([${profiles.map(({ atMs, number }) => `(${atMs}, ${number})`).join(', ')}]) AS one)`,
  )
  await settle(database)
  return profiles
}

const ROLL_UPS = [
  ['samples_1h', 'hour', HOUR_MS],
  ['samples_1d', 'day', DAY_MS],
] as const

/** The sums of a day once more, so many days later: what a month has when only its roll-ups are read. */
export async function copyDay(
  database: ClickhouseDatabase,
  day: readonly NumberedProfile[],
  days: number,
): Promise<readonly NumberedProfile[]> {
  const clickhouse = await database.ready()
  const [firstMs, shift] = [day[0]?.atMs ?? 0, `toIntervalDay(${days})`]
  const spanOf = (time: string) =>
    `${time} >= ${secondsOf(firstMs)} AND ${time} < ${secondsOf(firstMs + DAY_MS)}`
  const copies = day.map(({ atMs, number }) =>
    profileAt(atMs + days * DAY_MS, number + days * NUMBERS),
  )
  for (const [table, time, bucketMs] of ROLL_UPS) {
    const buckets = Map.groupBy(copies, ({ atMs }) => Math.floor(atMs / bucketMs) * bucketMs)
    const marks = Array.from(
      buckets,
      ([startMs, own]) => `(${secondsOf(startMs)}, ${sumOfMarks(own.map(({ number }) => number))})`,
    )
    await clickhouse.run(
      `INSERT INTO ${table} SELECT line, ${time} + ${shift}, stack, ${VALUES.join(', ')} FROM ${table} FINAL ` +
        `WHERE stack != 0 AND ${spanOf(time)} UNION ALL ` +
        `SELECT (SELECT any(line) FROM lines), mark.1, 0, ${VALUES.map(() => 'mark.2').join(', ')} ` +
        `FROM (SELECT arrayJoin([${marks.join(', ')}]) AS mark)`,
    )
  }
  await clickhouse.run(
    `INSERT INTO profiles SELECT line, hour + ${shift}, number + ${days * NUMBERS}, time_ns, duration_ns, sums, totals ` +
      `FROM profiles FINAL WHERE ${spanOf('hour')}`,
  )
  return copies
}

/** Of all tables, compressed. */
export async function storedBytes(database: ClickhouseDatabase): Promise<number> {
  const clickhouse = await database.ready()
  const bytes = await clickhouse.read(
    'SELECT toUInt64(sum(data_compressed_bytes)) FROM system.parts WHERE active FORMAT RowBinary',
  )
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
}

/** Merges what background work would merge in time. */
async function settle(database: ClickhouseDatabase): Promise<void> {
  const clickhouse = await database.ready()
  for (const table of [
    'samples',
    'samples_5m',
    'leaves_5m',
    'leaves_1d',
    'samples_1h',
    'samples_1d',
    'profiles',
    'stacks',
    'frames',
  ]) {
    await clickhouse.run(`OPTIMIZE TABLE ${table} FINAL`)
  }
}

function profileAt(atMs: number, number: number): NumberedProfile {
  return { profileId: `drawn ${number}`, rawBlobKey: '', atMs, number }
}

function bucketOf(atMs: number): string {
  return secondsOf(Math.floor(atMs / 300_000) * 300_000)
}

function secondsOf(timeMs: number): string {
  return `toDateTime(${timeMs / 1000}, 'UTC')`
}
