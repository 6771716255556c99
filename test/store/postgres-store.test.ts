import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { copyStore, openStore, type OpenStoreOptions, type Store } from '../../store/index.ts'
import { openPostgres } from '../../store/database/postgres-database.ts'
import { describeAccounts } from '../contract/accounts.ts'
import { describeBaselines } from '../contract/baselines.ts'
import { describeCaptures } from '../contract/captures.ts'
import { describeClock } from '../contract/clock.ts'
import { describeEvents } from '../contract/events.ts'
import { describeUploadTimes } from '../contract/upload-times.ts'
import { describeFindings } from '../contract/findings.ts'
import { describeHistory } from '../contract/history.ts'
import { describeRebuild } from '../contract/rebuilt-history.ts'
import { describeJudgements } from '../contract/judgements.ts'
import { describeNearest } from '../contract/nearest.ts'
import { describeRetention } from '../contract/retention.ts'
import { describeScheduleStore } from '../contract/schedule-store.ts'
import { type Clock, describeStore } from '../contract/store.ts'
import { describeTargetStore } from '../contract/target-store.ts'
import { openPostgresServer, type PostgresServer } from '../postgres-server.ts'
import { isThorough } from '../extent.ts'
import { openTestHistory } from '../history/open-test-history.ts'
import { lacks } from '../requirements.ts'
import { memoryDirectory } from '../temporary-directory.ts'
import { schedule, withSchedule } from '../contract/target-fixtures.ts'
import { addProfile } from './new-profile.ts'
import { openTestStore, STORE_DEFAULTS } from './open-store.ts'
import { reuseDatabase } from './reused-database.ts'
import { uploadCapture } from './upload-capture.ts'

describe.skipIf(lacks('postgres'))('on Postgres', () => {
  let server: PostgresServer
  let database: () => Promise<string>
  beforeAll(async () => {
    server = await openPostgresServer()
    const url = await server.createDatabase()
    const { close } = await openPostgres({ ...POSTGRES, url })
    await close()
    database = await reuseDatabase(server, url)
  })
  afterAll(() => server.close())

  async function open(clock: { readonly nowMs: number }): Promise<Store> {
    const settings = await settingsFor(await database())
    const store = await openStore({ ...settings, now: () => clock.nowMs })
    onTestFinished(() => store.close())
    return store
  }

  describeStore('Postgres', open)
  describeAccounts('Postgres', open)
  describeCaptures('Postgres', open)
  describeFindings('Postgres', open)
  describeEvents('Postgres', open)
  describeUploadTimes('Postgres', open)
  describeNearest('Postgres', open)
  describeBaselines('Postgres', open)
  describeJudgements('Postgres', open)
  describeClock('Postgres', open)
  describeRetention('Postgres', open)
  const openHistory = async (clock: Clock) =>
    openTestHistory({ store: await open(clock), now: () => clock.nowMs })
  describeRebuild('blocks, with rows in Postgres,', openHistory)
  // Plain runs hold it to SQLite alone.
  if (isThorough) describeHistory('blocks', openHistory)
  describeTargetStore('Postgres', open)
  describeScheduleStore('Postgres', open)

  test('all rows and bytes are copied from SQLite to Postgres and back, without loss', async () => {
    const clock = { nowMs: Date.now() }
    const [first, there, back] = [await openTestStore(), await open(clock), await openTestStore()]
    await addProfile(first, 'alone', { labels: [{ name: 'a', value: 'b' }] })
    const { capture } = await uploadCapture(first, ['cpu.pb.gz', 'heap.pb.gz'])
    await first.captures.setPinned(capture.id, true)
    await withSchedule(first, schedule())
    const options = { onProgress: () => undefined, nowMs: clock.nowMs }
    const sent = await copyStore({ from: first, to: there, ...options })
    const returned = await copyStore({ from: there, to: back, ...options })
    expect(sent).toMatchObject({ copiedCount: 4, faulty: [] })
    expect(returned).toMatchObject({ copiedCount: 4, faulty: [], rowCount: sent.rowCount })
    expect(await rowsOf(back)).toEqual(await rowsOf(first))
    expect(await there.installation.check()).toBeNull()
  })
})

function rowsOf(store: Store): Promise<Record<string, unknown>> {
  return store.rows.read(async (batches) => {
    const all: Record<string, unknown> = {}
    for await (const { table, rows } of batches) all[table] = rows
    return all
  })
}

const POSTGRES = { connectionsMax: 4, statementMsMax: 10_000, migrates: true }

async function settingsFor(postgresUrl: string): Promise<OpenStoreOptions> {
  const directory = await memoryDirectory()
  return { ...STORE_DEFAULTS, kind: 'postgres', postgresUrl, directory, migrates: false }
}
