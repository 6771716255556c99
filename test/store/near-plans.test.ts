import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MANY, manyProfiles } from '../../bench/index.ts'
import * as captures from '../../store/captures/near-captures.ts'
import * as profiles from '../../store/profiles/nearest-profiles.ts'
import type { Schema } from '../../store/schema/schema.ts'
import { lacks } from '../requirements.ts'
import { openPostgresPlans, openSqlitePlans, type PlanDatabase } from './plan-databases.ts'

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
const INSERTS = [
  ...manyProfiles(3000),
  `update "capture" set "target" = null where "id" like '%50'`,
  `update "profile" set "target" = null where "id" like '%50'`,
]

describe('SQLite finds what to compare with by an index', () => {
  let database: PlanDatabase
  beforeAll(async () => {
    database = await openSqlitePlans(INSERTS)
  })
  afterAll(() => database.close())

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
  let database: PlanDatabase
  beforeAll(async () => {
    database = await openPostgresPlans(INSERTS)
  })
  afterAll(() => database.close())

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
