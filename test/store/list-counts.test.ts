import { sql } from 'kysely'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { manyProfiles } from '../../bench/index.ts'
import { countFacets } from '../../store/database/list-filter.ts'
import { openSqlite } from '../../store/database/sqlite-database.ts'
import type { Database } from '../../store/database/database.ts'
import type { ProfileFilter } from '../../store/index.ts'
import { PROFILES } from '../../store/profiles/list-profiles.ts'
import { MEMORY_FOLDER, temporaryDirectory } from '../temporary-directory.ts'

const NAMES = ['target', 'component', 'type', 'status', 'level'] as const

async function openIn(folder: string, count: number): Promise<Database> {
  const database = await openSqlite({ path: join(folder, 'kubeprof.db') })
  for (const statement of manyProfiles(count)) await sql.raw(statement).execute(database.db)
  return database
}

const facetsIn = ({ db }: Database, filter: ProfileFilter) =>
  countFacets(db, PROFILES, { names: NAMES, filter })

const isCutIn = async (database: Database, filter: ProfileFilter) =>
  (await facetsIn(database, filter)).isCut

test.each([
  [10_000, false],
  [10_001, true],
])('of %i profiles it is said whether only the newest were counted', async (count, isCut) => {
  const database = await openIn(await temporaryDirectory(), count)
  expect(await isCutIn(database, { target: 'target-7' })).toBe(isCut)
  await database.close()
})

describe('of more profiles than are counted', () => {
  let folder: string
  let database: Database
  beforeAll(async () => {
    folder = await mkdtemp(join(MEMORY_FOLDER, 'kubeprof-counts-'))
    database = await openIn(folder, 12_000)
    // The newest are ready; what failed, and the worst found, is older.
    await sql
      .raw(
        `update "analysis" set "state" = 'ready' where "profileId" > '01KDT0000P0000000100001500'`,
      )
      .execute(database.db)
    await sql
      .raw(
        `update "analysis" set "worstFindingJson" = '{"level":"critical"}' where "profileId" <= '01KDT0000P0000000100000020'`,
      )
      .execute(database.db)
  })
  afterAll(async () => {
    await database.close()
    await rm(folder, { recursive: true })
  })

  const countsOf = async (name: (typeof NAMES)[number], filter: ProfileFilter) =>
    (await facetsIn(database, filter))[name]

  test('those of a status are all counted by what else they are', async () => {
    expect(await countsOf('component', { space: 'default', status: 'failed' })).toEqual([
      { value: 'kube-apiserver', count: 1 },
    ])
  })

  test('those of a level are all counted by what else they are', async () => {
    expect(await countsOf('status', { space: 'default', level: 'critical' })).toEqual([
      { value: 'ready', count: 20 },
    ])
  })

  test('the counts of a target in a component are whole', async () => {
    const filter = { target: 'target-7', component: 'kubelet' }
    expect(await isCutIn(database, filter)).toBe(false)
  })

  test('only the newest of a status are counted', async () => {
    const counts = await countsOf('level', { status: 'ready' })
    expect(counts).toEqual([{ value: null, count: 10_000 }])
  })
})
