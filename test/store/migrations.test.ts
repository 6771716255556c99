import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPostgres } from '../../store/database/postgres-database.ts'
import { openSqlite } from '../../store/database/sqlite-database.ts'
import { openPostgresServer, type PostgresServer } from '../postgres-server.ts'
import { lacks } from '../requirements.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { describePostgresTables, describeSqliteTables } from './describe-tables.ts'

function open(
  url: string,
  migrates = true,
  onUnmigrated: (says: string) => void = () => undefined,
) {
  return openPostgres({ url, connectionsMax: 2, statementMsMax: 10_000, migrates, onUnmigrated })
}

const NEWER = `insert into kysely_migration (name, timestamp) values ('9999-later', '2027-01-01')`

test('a SQLite database of a newer kubeprof is refused in a sentence', async () => {
  const path = join(await temporaryDirectory(), 'kubeprof.db')
  await (await openSqlite({ path })).close()
  const database = new DatabaseSync(path)
  database.exec(NEWER)
  database.close()
  await expect(openSqlite({ path })).rejects.toThrow('by a newer kubeprof (9999-later)')
})

test('profiles from before they had a cluster of their own get that of their source', async () => {
  const path = join(await temporaryDirectory(), 'kubeprof.db')
  await (await openSqlite({ path })).close()
  const older = new DatabaseSync(path, { enableForeignKeyConstraints: false })
  older.exec(`drop index "profileCluster"; drop index "captureInstance";
    alter table "profile" drop column "cluster";
    delete from kysely_migration where name = '0032-profile-cluster'`)
  const row = older.prepare(`insert into "profile"
    ("id", "dedupeKey", "rawBlobId", "sourceJson", "receivedAtMs", "currentAnalysisId") values (?, ?, 'b', ?, 0, 'a')`)
  for (let number = 0; number < 2500; number++) {
    const cluster = ['blue', 'green', null][number % 3]
    row.run(`id-${number}`, `key-${number}`, JSON.stringify({ target: 'api', cluster }))
  }
  older.close()
  const { db, close } = await openSqlite({ path })
  const query = db.selectFrom('profile').select(({ fn }) => ['cluster', fn.countAll().as('count')])
  expect(await query.groupBy('cluster').orderBy('cluster').execute()).toEqual([
    { cluster: null, count: 833 },
    { cluster: 'blue', count: 834 },
    { cluster: 'green', count: 833 },
  ])
  await close()
})

describe.skipIf(lacks('postgres'))('on Postgres', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await openPostgresServer()
  })
  afterAll(() => server.close())

  test('both databases have the same tables, columns, keys and indexes', async () => {
    const path = join(await temporaryDirectory(), 'kubeprof.db')
    await (await openSqlite({ path })).close()
    const sqlite = new DatabaseSync(path)
    const url = await server.createDatabase()
    await (await open(url)).close()
    const postgres = await describePostgresTables((statement) => server.run(statement, url))
    expect(Object.keys(postgres)).toContain('analysis')
    expect(postgres).toEqual(describeSqliteTables(sqlite))
    sqlite.close()
  })

  test('texts sort by their bytes', async () => {
    const url = await server.createDatabase()
    await (await open(url)).close()
    const [row] = await server.run(
      `select count(*)::int as count from information_schema.columns
       where table_schema = 'public' and table_name not like 'kysely_%'
       and data_type = 'text' and collation_name is distinct from 'C'`,
      url,
    )
    expect(row).toEqual({ count: 0 })
  })

  test('of many processes that migrate at once, one does', async () => {
    const url = await server.createDatabase()
    const databases = await Promise.all(Array.from({ length: 4 }, () => open(url)))
    for (const { close } of databases) await close()
    expect(databases).toHaveLength(4)
  })

  test('a process that does not migrate says at once what it waits for, and waits until the tables are there', async () => {
    const url = await server.createDatabase()
    const { promise: said, resolve } = Promise.withResolvers<string>()
    const waiting = open(url, false, (says) => resolve(says))
    expect(await said).toMatch(/0001-profiles.*: run "kubeprof migrate" .*this process waits/)
    await (await open(url)).close()
    const { db, close } = await waiting
    expect(await db.selectFrom('blob').selectAll().execute()).toEqual([])
    await close()
  })

  test('the database of a newer kubeprof is refused in a sentence', async () => {
    const url = await server.createDatabase()
    await (await open(url)).close()
    await server.run(NEWER, url)
    await expect(open(url)).rejects.toThrow('by a newer kubeprof (9999-later)')
    await expect(open(url, false)).rejects.toThrow('by a newer kubeprof (9999-later)')
  })
})
