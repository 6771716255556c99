import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MANY, manyProfiles } from '../../bench/index.ts'
import * as captures from '../../store/captures/near-captures.ts'
import type { Database } from '../../store/database/database.ts'
import { openPostgres } from '../../store/database/postgres-database.ts'
import { openSqlite } from '../../store/database/sqlite-database.ts'
import * as profiles from '../../store/profiles/nearest-profiles.ts'
import type { Schema } from '../../store/schema/schema.ts'
import { openPostgresServer, type PostgresServer } from '../postgres-server.ts'
import { lacks } from '../requirements.ts'
import { MEMORY_FOLDER } from '../temporary-directory.ts'

const PROFILE_COUNT = 3000
const AT_MS = MANY.startMs + 20_000_000
const PLACE = { space: 'default', component: 'etcd', cluster: null }
const NAMES = { target: 'target-7', instance: null }
const NO_NAMES = { target: null, instance: null }
const CAPTURE = {
  ...PLACE,
  ...NO_NAMES,
  id: '01KDT0000C0000000100002000',
  processKey: null,
  startedAtMs: AT_MS,
  createdAtMs: AT_MS,
}
const PROFILE = {
  ...PLACE,
  ...NO_NAMES,
  id: '01KDT0000P0000000100002000',
  type: 'cpu',
  takenAtMs: AT_MS,
  receivedAtMs: AT_MS,
} as const
const DIRECTIONS = ['before', 'after'] as const

type Query = SelectQueryBuilder<Schema, never, unknown>

function first(query: ReturnType<typeof captures.ofNames>) {
  return query.select('capture.id').limit(20)
}

/** What a page asks to offer a comparison, and the index in whose order it reads. */
function nearQueries(db: Kysely<Schema>): readonly (readonly [string, Query, string])[] {
  const addressed = { ...CAPTURE, processKey: 'a process' }
  return DIRECTIONS.flatMap((direction) => {
    return [
      ['address', first(captures.ofAddress(db, addressed, direction)), 'captureTimeProcess'],
      [
        'names',
        first(captures.ofNames(db, { ...CAPTURE, ...NAMES }, direction)),
        'captureTimeInstance',
      ],
      [
        'instance alone',
        first(captures.ofNames(db, { ...CAPTURE, instance: 'a' }, direction)),
        'captureTimeInstance',
      ],
      ['no names', first(captures.ofUnnamed(db, CAPTURE, direction)), 'captureTimeUnnamed'],
      [
        'no names of a profile',
        profiles.ofUnnamed(db, PROFILE, direction).limit(20),
        'profileTimeUnnamed',
      ],
    ] as const
  })
}

/** Those of a target or component: of so many the nearest that is of the space, the type and the instance. */
function lookedQueries(db: Kysely<Schema>): readonly (readonly [Query, string])[] {
  return DIRECTIONS.flatMap((direction) => [
    [
      captures.ofComponent(db, CAPTURE, direction).select('capture.id').limit(1),
      'captureTimeComponent',
    ],
    [profiles.ofComponent(db, PROFILE, direction).limit(1), 'profileTimeComponent'],
    [profiles.ofNames(db, { ...PROFILE, ...NAMES }, direction).limit(20), 'profileTimeTarget'],
  ])
}

/** Most are collected; a few name no process. */
async function fill({ db }: Database): Promise<void> {
  for (const statement of [
    ...manyProfiles(PROFILE_COUNT),
    `update "capture" set "target" = null where "id" like '%50'`,
    `update "profile" set "target" = null where "id" like '%50'`,
  ]) {
    await sql.raw(statement).execute(db)
  }
}

describe('SQLite finds what to compare with by an index', () => {
  let folder: string
  let database: Database
  beforeAll(async () => {
    folder = await mkdtemp(join(MEMORY_FOLDER, 'kubeprof-plans-'))
    database = await openSqlite({ path: join(folder, 'kubeprof.db') })
    await fill(database)
  })
  afterAll(async () => {
    await database.close()
    await rm(folder, { recursive: true })
  })

  test('in its order', async () => {
    for (const [name, query, index] of nearQueries(database.db)) {
      const plan = JSON.stringify(await query.explain(undefined, sql`query plan`))
      expect.soft(plan, name).toMatch(new RegExp(`USING (?:COVERING )?INDEX ${index} `))
      expect.soft(plan, name).not.toMatch(/TEMP B-TREE|SCAN (?:capture|profile|analysis)"/)
    }
  })

  test('among the nearest of a target or component', async () => {
    for (const [query, index] of lookedQueries(database.db)) {
      const plan = JSON.stringify(await query.explain(undefined, sql`query plan`))
      expect.soft(plan).toMatch(new RegExp(`USING (?:COVERING )?INDEX ${index} `))
    }
  })
})

describe.skipIf(lacks('postgres'))('Postgres finds what to compare with by an index', () => {
  let server: PostgresServer
  let database: Database
  beforeAll(async () => {
    server = await openPostgresServer()
    // The tables are too small for it to use indexes unasked.
    const url = `${await server.createDatabase()}?options=-c%20enable_seqscan%3Doff%20-c%20enable_sort%3Doff`
    database = await openPostgres({
      url,
      connectionsMax: 2,
      statementMsMax: 30_000,
      migrates: true,
    })
    await fill(database)
    await sql.raw('vacuum analyze').execute(database.db)
  })
  afterAll(async () => {
    await database.close()
    await server.close()
  })

  test('in its order', async () => {
    for (const [name, query, index] of nearQueries(database.db)) {
      const plan = JSON.stringify(await query.explain())
      expect.soft(plan, name).toContain(`using \\"${index}\\"`)
      expect.soft(plan, name).not.toMatch(/Sort|Seq Scan/)
    }
  })

  test('among the nearest of a target or component', async () => {
    for (const [query, index] of lookedQueries(database.db)) {
      const plan = JSON.stringify(await query.explain())
      expect.soft(plan).toContain(`using \\"${index}\\"`)
      expect.soft(plan).not.toMatch(/Seq Scan/)
    }
  })
})
