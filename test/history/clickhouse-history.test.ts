import { describe, expect, test } from 'vitest'
import {
  MARK_LEAF,
  NativeColumns,
  openNumberedReader,
  type HistoryQuestion,
  type RangePlan,
} from '../../history/index.ts'
import { type Profile, samplesOfName } from '../../profile/index.ts'
import type { Store } from '../../store/index.ts'
import { schemaSql } from '../../history/clickhouse/schema.ts'
import { readPaths } from '../../history/numbered/frame-paths.ts'
import { addReady, describeHistory, requestOf } from '../contract/history.ts'
import { describeRebuild } from '../contract/rebuilt-history.ts'
import { profilesOf } from '../profile/history/random-day.ts'
import { lacks } from '../requirements.ts'
import { openTestStore } from '../store/open-store.ts'
import { emptyClickhouse, openTestClickhouse, testDatabase } from './open-test-clickhouse.ts'
import { TEST_OPTIONS } from './open-test-history.ts'

const HOUR_MS = 3_600_000
const STEPS = [
  [300_000, ['fine']],
  [2 * HOUR_MS, ['hour', 'fine']],
  [24 * HOUR_MS, ['day', 'hour', 'fine']],
  [420_000, []],
] as const
/** Marks by last frame. */
const LEAVES = `leaf = ${MARK_LEAF}`
/** A run takes a second, and finding the smallest one that fails hundreds of runs. */
const RUNS = 10

interface TrendOptions {
  readonly stepMs: number
  readonly fewMax: number
  readonly byLeaf?: boolean
  /** Of the function. */
  readonly name?: string
  readonly sampleIndex?: string
}

function bucketOf(atMs: number): number {
  return Math.floor(atMs / 300_000)
}

describe.skipIf(lacks('clickhouse'))('with a ClickHouse', () => {
  const database = testDatabase()

  test('the tables of a cluster, and of volumes for old rows, are made by statements that ClickHouse reads', async () => {
    const clickhouse = await database().ready()
    const statements = schemaSql({
      ...TEST_OPTIONS,
      clickhouseCluster: 'main',
      clickhouseStoragePolicy: 'tiered',
      clickhouseColdDays: 7,
      clickhouseFineDays: 14,
    })
    for (const sql of statements) await clickhouse.run(`EXPLAIN AST ${sql}`)
    expect(statements.filter((sql) => !sql.includes(" ON CLUSTER 'main'"))).toEqual([])
    const counts = ['Replicated', 'Distributed', "storage_policy = 'tiered'", "VOLUME 'cold'"].map(
      (part) => statements.filter((sql) => sql.includes(part)).length,
    )
    expect(counts).toEqual([14, 14, 14, 6])
    await expect(clickhouse.run('EXPLAIN AST CREATE TABLE (')).rejects.toThrow(
      'refuses a statement',
    )
  })

  test('sums of hours and days hold what the samples hold, before and after a deletion', async () => {
    const clock = { nowMs: Date.UTC(2026, 11, 24) }
    const { store, history } = await openAt(clock)
    const ids: string[] = []
    for (const one of profilesOf('heap')) ids.push(await addReady(store, one))
    clock.nowMs += HOUR_MS
    while (await history.compact());
    expect(await marks('samples_1d')).toEqual(await marks('samples FINAL'))
    expect(await marks('samples_1h')).toEqual(await marks('samples FINAL'))
    expect(await marks('leaves_5m', LEAVES)).toEqual(await marks('samples FINAL'))
    const before = await marks('samples_1d')
    await store.profiles.remove(ids[0] ?? '')
    clock.nowMs += HOUR_MS
    while (await history.compact());
    expect(await marks('samples_1d')).toEqual(await marks('samples FINAL'))
    expect(await marks('leaves_5m', LEAVES)).toEqual(await marks('samples FINAL'))
    expect(await marks('samples_1d')).not.toEqual(before)
  })

  test('steps that roll-ups fit into have what their profiles have, one by one', async () => {
    const clock = { nowMs: Date.UTC(2026, 11, 24) }
    const { store, history } = await openAt(clock)
    const profiles = profilesOf('cpu').slice(0, 80)
    for (const one of profiles) await addReady(store, one)
    clock.nowMs += HOUR_MS
    while (await history.compact());
    const times = profiles.map(({ entry }) => entry.atMs).toSorted((a, b) => a - b)
    // The range begins and ends within a roll-up.
    const [fromMs, toMs] = [times[10] ?? 0, times.at(-10) ?? 0]
    const plan = await history.plan(requestOf({ selector: '', type: 'cpu', fromMs, toMs }))
    for (const [stepMs, levels] of STEPS) {
      const rolled = await trend(store, plan, { stepMs, fewMax: 0 })
      const single = await trend(store, plan, { stepMs, fewMax: profiles.length })
      expect(rolled.lines).toEqual(single.lines)
      expect(new Set(rolled.asked)).toEqual(new Set([...levels, 'values']))
      const leaves = await trend(store, plan, { stepMs, fewMax: profiles.length, byLeaf: true })
      expect(leaves.lines).toEqual(single.lines)
      const hasLeaves = levels.length > 0
      expect(new Set(leaves.asked)).toEqual(
        new Set(hasLeaves ? ['leaves', 'leafValues'] : ['values']),
      )
    }
  })

  test('a function that no stack ends in is asked of the stacks', async () => {
    const clock = { nowMs: Date.UTC(2026, 11, 24) }
    const { store, history } = await openAt(clock)
    for (const one of profilesOf('cpu').slice(0, 20)) await addReady(store, one)
    clock.nowMs += HOUR_MS
    while (await history.compact());
    const plan = await history.plan(requestOf({ selector: '', type: 'cpu' }))
    const options = { stepMs: HOUR_MS, fewMax: 0, name: 'main.main' }
    const byStack = await trend(store, plan, options)
    const byLeaf = await trend(store, plan, { ...options, byLeaf: true })
    expect(byLeaf.lines).toEqual(byStack.lines)
    expect(byLeaf.asked).toEqual(['leaves', ...byStack.asked])
  })

  test('tables of the first version get what they lack, and say the same of what they had', async () => {
    const clock = { nowMs: Date.UTC(2026, 11, 24) }
    const { store, history } = await openAt(clock)
    const profiles = profilesOf('cpu').slice(0, 60)
    const ids: string[] = []
    for (const one of profiles.slice(0, 30)) ids.push(await addReady(store, one))
    clock.nowMs += HOUR_MS
    while (await history.compact());
    const clickhouse = await database().ready()
    for (const table of ['leaves_5m', 'leaves_1d']) {
      await clickhouse.run(`DROP TABLE ${table}_view`)
      await clickhouse.run(`DROP TABLE ${table}`)
    }
    await clickhouse.run('ALTER TABLE samples DROP COLUMN leaf')
    await stacksAsLists()
    for (const sql of schemaSql(TEST_OPTIONS)) await clickhouse.run(sql)
    for (const one of profiles.slice(30)) await addReady(store, one)
    await store.profiles.remove(ids[0] ?? '')
    clock.nowMs += HOUR_MS
    while (await history.compact());
    const plan = await history.plan(requestOf({ selector: '', type: 'cpu' }))
    const single = await trend(store, plan, { stepMs: HOUR_MS, fewMax: profiles.length })
    for (const fewMax of [0, profiles.length]) {
      const byLeaf = await trend(store, plan, { stepMs: HOUR_MS, fewMax, byLeaf: true })
      expect(byLeaf.lines).toEqual(single.lines)
    }
  })

  test('last frames from before there were lists of them count as all others', async () => {
    const clock = { nowMs: Date.UTC(2026, 11, 24) }
    const { store, history } = await openAt(clock)
    const profiles = profilesOf('cpu').slice(0, 40)
    for (const one of profiles) await addReady(store, one)
    clock.nowMs += HOUR_MS
    while (await history.compact());
    const clickhouse = await database().ready()
    await clickhouse.run('DROP TABLE leaves_1d_view')
    await clickhouse.run('DROP TABLE leaves_1d')
    await clickhouse.run('TRUNCATE TABLE schema_versions')
    await database.reopen()
    const plan = await history.plan(requestOf({ selector: '', type: 'cpu' }))
    const single = await trend(store, plan, { stepMs: HOUR_MS, fewMax: profiles.length })
    const byLeaf = await trend(store, plan, { stepMs: HOUR_MS, fewMax: 0, byLeaf: true })
    expect(byLeaf.lines).toEqual(single.lines)
    expect(byLeaf.asked).toEqual(['leaves'])
  })

  test('a profile from before the range that is in a roll-up with the first of it counts nothing', async () => {
    const clock = { nowMs: Date.UTC(2026, 11, 24) }
    const { store, history } = await openAt(clock)
    const profiles = profilesOf('heap')
    const index = profiles.findIndex(({ entry }, at) => {
      const next = profiles[at + 1]?.entry
      return next?.process === entry.process && bucketOf(next.atMs) === bucketOf(entry.atMs)
    })
    const pair = profiles.slice(index, index + 2)
    for (const one of pair) await addReady(store, one)
    clock.nowMs += HOUR_MS
    while (await history.compact());
    const fromMs = pair[1]?.entry.atMs ?? 0
    const plan = await history.plan(requestOf({ selector: '', type: 'heap', fromMs }))
    const options = { stepMs: 300_000, sampleIndex: 'inuse_space', name: 'main.work2' }
    const single = await trend(store, plan, { ...options, fewMax: 2 })
    const rolled = await trend(store, plan, { ...options, fewMax: 0 })
    expect(rolled.lines).toEqual(single.lines)
    expect(single.lines[0]?.points[0]?.value).not.toBe(0)
  })

  /** Has the stacks as versions before the third wrote them, who had no other column for them. */
  async function stacksAsLists(): Promise<void> {
    const clickhouse = await database().ready()
    const answer = new NativeColumns(
      await clickhouse.read(
        'SELECT number, hash, frames, labels, path FROM stacks FINAL FORMAT Native',
      ),
    )
    const [numbers, hashes, labels] = [answer.u32(0), answer.hashes(1), answer.texts(3)]
    const { kept, starts, numbers: added } = readPaths(answer.u32Lists(2), answer.bounds(4))
    const lines: string[] = []
    let path: readonly number[] = []
    for (const [row, number] of numbers.entries()) {
      path = [...path.slice(0, kept[row]), ...added.subarray(starts[row], starts[row + 1])]
      lines.push(JSON.stringify([number, hashes[row], path, labels[row]]))
    }
    await clickhouse.run('TRUNCATE TABLE stacks')
    await clickhouse.run('ALTER TABLE stacks DROP COLUMN path')
    await clickhouse.insert('stacks', lines)
  }

  /** An empty history. */
  async function openAt(clock: { readonly nowMs: number }) {
    const now = () => clock.nowMs
    await emptyClickhouse(database())
    return openTestClickhouse({ store: await openTestStore({ now }), now }, database())
  }

  /** Lines of a function, and which values were asked for. */
  async function trend({ blobs }: Store, plan: RangePlan, options: TrendOptions) {
    const { stepMs, fewMax, byLeaf = false, name = 'main.work1', sampleIndex = 'cpu' } = options
    const asked: string[] = []
    const ask = (question: HistoryQuestion) => {
      if (question.ask === 'rolledValues') asked.push(question.level)
      if (question.ask === 'values' || question.ask === 'leafValues') asked.push(question.ask)
      return database().answer(question)
    }
    const of = (profile: Profile) => samplesOfName(profile, name).isFlat
    const { lines } = await openNumberedReader(ask, blobs, { fewMax }).series(plan, {
      sampleIndex,
      choice: { of, ofLeaves: byLeaf ? of : null },
      by: 'zone',
      stepMs,
      rateOf: null,
    })
    return { lines, asked }
  }

  /** The sum of all marks of a table. */
  async function marks(table: string, where = 'stack = 0'): Promise<bigint | undefined> {
    const clickhouse = await database().ready()
    const sql = `SELECT sum(v0) FROM ${table} WHERE ${where} FORMAT Native`
    return new NativeColumns(await clickhouse.read(sql)).i64(0)[0]
  }

  describeHistory('ClickHouse', openAt, { runs: RUNS, shrinks: false, hasTiers: false })
  describeRebuild('ClickHouse', openAt)
})
