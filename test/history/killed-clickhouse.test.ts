import { describe, expect, test } from 'vitest'
import { type ClickhouseDatabase, NativeColumns } from '../../history/index.ts'
import type { Store } from '../../store/index.ts'
import { addReady } from '../contract/history.ts'
import { CHAOS_TIMEOUT_MS, extent } from '../extent.ts'
import { foundSum } from '../profile/history/expected-sum.ts'
import { heapDay } from '../profile/history/random-day.ts'
import { lacks } from '../requirements.ts'
import { openTestStore } from '../store/open-store.ts'
import { killable, type StepsLeft, wasKilled } from './killable.ts'
import { emptyClickhouse, openTestClickhouse, testDatabase } from './open-test-clickhouse.ts'

const RANGE = { selector: '', type: 'heap', sampleType: 'alloc_space' } as const
const LEASE_MS = 11 * 60_000
const STRIDE = extent(9, 1)

describe.skipIf(lacks('clickhouse'))('with a ClickHouse', () => {
  const database = testDatabase()

  test(
    'killed at any insert, repair or commit, history loses nothing and counts nothing twice',
    { timeout: CHAOS_TIMEOUT_MS },
    async () => {
      const profiles = heapDay(12)
      let step = 0
      for (let isKilled = true; isKilled; step += STRIDE) {
        const clock = { nowMs: Date.UTC(2026, 11, 1) }
        const now = () => clock.nowMs
        await emptyClickhouse(database())
        const store = await openTestStore({ now })
        const steady = openTestClickhouse({ store, now }, database())
        const ids = []
        for (const one of profiles.slice(0, 6)) ids.push(await addReady(store, one))
        while (await steady.history.compact());
        for (const one of profiles.slice(6)) ids.push(await addReady(store, one))
        // One that is in ClickHouse, and one that is not yet.
        for (const id of [ids[0], ids[6]]) await store.profiles.remove(id ?? '')
        const expected = foundSum(await steady.sum(RANGE))

        const until = { stepsLeft: step }
        const killed = openTestClickhouse(
          { store: dyingStore(store, until), now },
          dyingDatabase(database(), until),
        )
        clock.nowMs += LEASE_MS
        isKilled = await wasKilled(compactAll(killed))
        expect(foundSum(await steady.sum(RANGE))).toEqual(expected)

        clock.nowMs += LEASE_MS
        await compactAll(steady)
        expect(foundSum(await steady.sum(RANGE))).toEqual(expected)
        const marks = await Promise.all(['samples FINAL', 'samples_1h', 'samples_1d'].map(marksOf))
        expect(new Set(marks).size).toBe(1)
        expect(marks[0]).toBeGreaterThan(0n)
      }
      // Numbers, claim, inserts, repairs and commit, each before and after.
      expect(step).toBeGreaterThan(24)
    },
  )

  /** The sum of all marks of a table: which profiles it holds. */
  async function marksOf(table: string): Promise<bigint | undefined> {
    const clickhouse = await database().ready()
    const sql = `SELECT sum(v0) FROM ${table} WHERE stack = 0 FORMAT Native`
    return new NativeColumns(await clickhouse.read(sql)).i64(0)[0]
  }
})

async function compactAll({ history }: ReturnType<typeof openTestClickhouse>): Promise<void> {
  while (await history.compact());
}

function dyingStore(store: Store, until: StepsLeft): Store {
  const step = killable(until)
  const { numberedHistory: rows } = store
  return {
    ...store,
    numberedHistory: {
      ...rows,
      reserve: step((kind, count, least) => rows.reserve(kind, count, least)),
      claim: step((rules) => rows.claim(rules)),
      commit: step((claim, failedIds) => rows.commit(claim, failedIds)),
      release: step((claim) => rows.release(claim)),
      readAgain: step((numbers) => rows.readAgain(numbers)),
    },
  }
}

function dyingDatabase(database: ClickhouseDatabase, until: StepsLeft): ClickhouseDatabase {
  const step = killable(until)
  return {
    ...database,
    async ready() {
      const clickhouse = await database.ready()
      return {
        ...clickhouse,
        run: step((sql) => clickhouse.run(sql)),
        insert: step((table, lines) => clickhouse.insert(table, lines)),
      }
    },
  }
}
