import { afterAll, beforeAll, describe, onTestFinished } from 'vitest'
import { openStore, type OpenStoreOptions, type Store } from '../../store/index.ts'
import { openPostgres } from '../../store/database/postgres-database.ts'
import { describeAccounts } from '../contract/accounts.ts'
import { describeCaptures } from '../contract/captures.ts'
import { describeHistory } from '../contract/history.ts'
import { describeJudgements } from '../contract/judgements.ts'
import { describeRetention } from '../contract/retention.ts'
import { describeScheduleStore } from '../contract/schedule-store.ts'
import { describeStore } from '../contract/store.ts'
import { describeTargetStore } from '../contract/target-store.ts'
import { openPostgresServer, type PostgresServer } from '../postgres-server.ts'
import { openTestHistory } from '../history/open-test-history.ts'
import { lacks } from '../requirements.ts'
import { memoryDirectory } from '../temporary-directory.ts'
import { STORE_DEFAULTS } from './open-store.ts'

describe.skipIf(lacks('postgres'))('on Postgres', () => {
  let server: PostgresServer
  let template: string
  beforeAll(async () => {
    server = await openPostgresServer()
    template = await server.createDatabase()
    const { close } = await openPostgres({ ...POSTGRES, url: template })
    await close()
  })
  afterAll(() => server.close())

  async function open(clock: { readonly nowMs: number }): Promise<Store> {
    const settings = await settingsFor(await server.createDatabase(template))
    const store = await openStore({ ...settings, now: () => clock.nowMs })
    onTestFinished(() => store.close())
    return store
  }

  describeStore('Postgres', open)
  describeAccounts('Postgres', open)
  describeCaptures('Postgres', open)
  describeJudgements('Postgres', open)
  describeRetention('Postgres', open)
  describeHistory('blocks', async (clock) =>
    openTestHistory({ store: await open(clock), now: () => clock.nowMs }),
  )
  describeTargetStore('Postgres', open)
  describeScheduleStore('Postgres', open)
})

const POSTGRES = { connectionsMax: 4, statementMsMax: 10_000, migrates: true }

async function settingsFor(postgresUrl: string): Promise<OpenStoreOptions> {
  const directory = await memoryDirectory()
  return { ...STORE_DEFAULTS, kind: 'postgres', postgresUrl, directory, migrates: true }
}
