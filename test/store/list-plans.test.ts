import { sql } from 'kysely'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../store/database/database.ts'
import { openPostgres } from '../../store/database/postgres-database.ts'
import { openSqlite } from '../../store/database/sqlite-database.ts'
import { openPostgresServer } from '../postgres-server.ts'
import { lacks } from '../requirements.ts'
import { memoryDirectory } from '../temporary-directory.ts'

/** A page of the list of profiles, as the store asks for it. */
function page({ db }: Database) {
  return db
    .selectFrom('profile')
    .select('id')
    .where('deletedAtMs', 'is', null)
    .where('target', '=', 'api')
    .where('type', '=', 'cpu')
    .where('id', '<', '01JD6Q8G0000000000000000AA')
    .orderBy('id', 'desc')
    .limit(51)
}

test('SQLite lists profiles of a target and type from an index, without sorting', async () => {
  const database = await openSqlite({ path: join(await memoryDirectory(), 'kubeprof.db') })
  onTestFinished(() => database.close())
  const plan = JSON.stringify(await page(database).explain(undefined, sql`query plan`))
  expect(plan).toContain('USING INDEX profileTargetType')
  expect(plan).not.toContain('TEMP B-TREE')
})

describe.skipIf(lacks('postgres'))('on Postgres', () => {
  test('lists profiles of a target and type from an index, without sorting', async () => {
    const server = await openPostgresServer()
    onTestFinished(() => server.close())
    const url = `${await server.createDatabase()}?options=-c%20enable_seqscan%3Doff`
    const options = { connectionsMax: 2, statementMsMax: 10_000, migrates: true }
    const database = await openPostgres({ ...options, url })
    const plan = JSON.stringify(await page(database).explain())
    await database.close()
    expect(plan).toContain('using \\"profileTargetType\\"')
    expect(plan).not.toContain('Sort')
  })
})
