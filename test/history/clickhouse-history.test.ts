import { afterAll, beforeAll, describe } from 'vitest'
import { type ClickhouseServer, openClickhouseServer } from '../clickhouse-server.ts'
import { type ClickhouseDatabase, openClickhouseDatabase } from '../../history/index.ts'
import { describeHistory } from '../contract/history.ts'
import { lacks } from '../requirements.ts'
import { openTestStore } from '../store/open-store.ts'
import { openTestClickhouse } from './open-test-clickhouse.ts'
import { TEST_OPTIONS } from './open-test-history.ts'

/** A run takes a second, and finding the smallest one that fails hundreds of runs. */
const RUNS = 10

describe.skipIf(lacks('clickhouse'))('with a ClickHouse', () => {
  let server: ClickhouseServer
  let database: ClickhouseDatabase

  beforeAll(async () => {
    server = await openClickhouseServer()
    database = await openClickhouseDatabase({ ...TEST_OPTIONS, clickhouseUrl: server.url })
  })
  afterAll(async () => {
    await database.close()
    await server.close()
  })

  describeHistory(
    'ClickHouse',
    async (clock) => {
      const now = () => clock.nowMs
      await empty(database)
      return openTestClickhouse({ store: await openTestStore({ now }), now }, database)
    },
    { runs: RUNS, shrinks: false, hasTiers: false },
  )
})

/** Each history has the database for itself: making its tables takes a second. */
async function empty(database: ClickhouseDatabase): Promise<void> {
  const clickhouse = await database.ready()
  for (const table of ['profiles', 'samples', 'samples_5m', 'samples_1h', 'fallen']) {
    await clickhouse.run(`TRUNCATE TABLE ${table}`)
  }
}
