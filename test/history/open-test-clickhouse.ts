import { afterAll, beforeAll } from 'vitest'
import {
  type ClickhouseDatabase,
  openClickhouseDatabase,
  openClickhouseHistory,
  openNumberedReader,
  packNumbered,
} from '../../history/index.ts'
import { type ClickhouseServer, openClickhouseServer } from '../clickhouse-server.ts'
import { type OpenHistory, requestOf } from '../contract/history.ts'
import { TEST_OPTIONS, type TestHistoryOptions } from './open-test-history.ts'

/** A server, and the database of it that the tests of a suite share. */
export function testDatabase(): (() => ClickhouseDatabase) & { reopen(): Promise<void> } {
  let server: ClickhouseServer
  let database: ClickhouseDatabase
  const open = async () => {
    database = await openClickhouseDatabase({ ...TEST_OPTIONS, clickhouseUrl: server.url })
  }
  beforeAll(async () => {
    server = await openClickhouseServer()
    await open()
  })
  afterAll(async () => {
    await database.close()
    await server.close()
  })
  return Object.assign(() => database, {
    /** As a process that starts. */
    async reopen() {
      await database.close()
      await open()
    },
  })
}

/** History over a store and a database, packed in this process. */
export function openTestClickhouse(
  { store, now }: TestHistoryOptions,
  database: ClickhouseDatabase,
): OpenHistory {
  const history = openClickhouseHistory({
    rows: store.history,
    numbered: store.numberedHistory,
    database,
    options: { ...TEST_OPTIONS, kind: 'clickhouse' },
    pack: (input) => packNumbered(store.blobs, input),
    now,
  })
  // Roll-ups are used for the fewest profiles.
  const reader = openNumberedReader((question) => database.answer(question), store.blobs, {
    fewMax: 0,
  })
  return {
    store,
    history,
    async sum(range) {
      const plan = await history.plan(requestOf(range))
      return reader.sum(plan, { sampleIndex: range.sampleType ?? '', by: null })
    },
  }
}

/** Each history has the database for itself: making its tables takes a second. */
export async function emptyClickhouse(database: ClickhouseDatabase): Promise<void> {
  const clickhouse = await database.ready()
  for (const table of [
    'profiles',
    'samples',
    'samples_5m',
    'leaves_5m',
    'leaves_1d',
    'samples_1h',
    'samples_1d',
    'fallen',
  ]) {
    await clickhouse.run(`TRUNCATE TABLE ${table}`)
  }
}
