import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MANY, manyProfiles } from '../../bench/index.ts'
import {
  dueQuery,
  outdatedQuery as outdatedJudgements,
} from '../../store/captures/sql-judgement-store.ts'
import { earlierQuery as earlierCaptures } from '../../store/captures/earlier-captures.ts'
import { missingQuery } from '../../store/history/enter-missing.ts'
import { oldNumberedQuery } from '../../store/history/sql-numbered.ts'
import { sizesQuery } from '../../store/history/stored-sizes.ts'
import { earlierQuery as earlierProfiles } from '../../store/profiles/earlier-profiles.ts'
import { outdatedQuery } from '../../store/profiles/sql-analysis-store.ts'
import { oldestCapturesQuery, oldestProfilesQuery } from '../../store/retention/retire.ts'
import {
  markedQuery,
  oldColumnsQuery,
  removedCapturesQuery,
  removedQuery,
  unmarkedQuery,
} from '../../store/retention/sql-garbage.ts'
import { bytesByKindQuery, leavingQueries } from '../../store/retention/stored-bytes.ts'
import type { Schema } from '../../store/schema/schema.ts'
import { lacks } from '../requirements.ts'
import { openPostgresPlans, openSqlitePlans, type PlanDatabase } from './plan-databases.ts'

const ROWS = { afterId: '01KDT0000P0000000100001000', lastId: '01KDT0000P0000000100001100' }
const OUTDATED = { versions: { decoder: '2', ruleSet: 'b' }, rows: ROWS }
const PROCESS = {
  target: 'target-7',
  instance: 'a',
  types: ['heap', 'mutex'],
  space: 'default',
} as const
const CAPTURE = {
  id: '01KDT0000C0000000100001000',
  processKey: 'a process',
  target: null,
  component: 'etcd',
  instance: null,
  cluster: null,
  space: 'default',
  startedAtMs: MANY.startMs + 100_000,
  createdAtMs: MANY.startMs,
}
const NOW_MS = Date.UTC(2026, 5, 1)

/** Most profiles of such a number are in history, in ClickHouse. */
const INSERTS = [
  ...manyProfiles(3000),
  `insert into "historyGroup" ("id", "target", "type") values ('g', 't', 'cpu')`,
  `insert into "historySeries" ("id", "groupId", "process", "labelsJson") values ('s', 'g', 'p', '{}')`,
  `insert into "historyProfile" ("profileId", "groupId", "seriesId", "atMs", "dayMs", "state",
     "decoderVersion", "changedAtMs", "number")
   select "id", 'g', 's', "receivedAtMs", 0, 'packed', '1', 0, "receivedAtMs" from "profile"`,
]

type Query = Pick<SelectQueryBuilder<Schema, never, unknown>, 'explain'>

/** What every sweep, claim and judgement asks, and the index that each begins with. */
function sweepQueries(db: Kysely<Schema>): readonly (readonly [string, Query, RegExp])[] {
  const leaving = leavingQueries(db)
  const byId = /profile_pkey|sqlite_autoindex_profile_1/
  return [
    ['superseded analyses', markedQuery(db).limit(100), /analysisSuperseded/],
    ['superseded analyses of some profiles', unmarkedQuery(db, ROWS), byId],
    ['old columns', oldColumnsQuery(db, { beforeMs: NOW_MS, limit: 9 }), /analysisColumnsByAge/],
    ['removed profiles', removedQuery(db).limit(100), /profileDeleted/],
    ['removed captures', removedCapturesQuery(db).limit(100), /captureDeleted/],
    ['lone profiles to retire', oldestProfilesQuery(db, NOW_MS).limit(100), /profileLone/],
    ['captures to retire', oldestCapturesQuery(db, NOW_MS).limit(100), /profilePinned/],
    ['captures to judge', dueQuery(db, NOW_MS), /captureJudgementDue.*profileCapture/],
    ['earlier profiles', earlierProfiles(db, ROWS.lastId, PROCESS), /profileTarget/],
    ['earlier captures', earlierCaptures(db, CAPTURE), /captureTimeProcess/],
    ['bytes', bytesByKindQuery(db), /blobSize/],
    ['bytes of removed profiles', leaving.profiles, /profileDeleted/],
    ['bytes of their columns', leaving.columns, /profileDeleted/],
    ['bytes of superseded columns', leaving.superseded, /analysisSuperseded/],
    ['bytes of the files of removed captures', leaving.files, /captureDeleted/],
    ['sizes of profiles by type', sizesQuery(db, { rows: ROWS, sinceMs: NOW_MS }), byId],
    ['profiles missing in history', missingQuery(db, ROWS), byId],
    ['profiles read by other versions', outdatedQuery(db, OUTDATED), byId],
    [
      'captures judged by other versions',
      outdatedJudgements(db, OUTDATED),
      /captureJudgement_pkey|sqlite_autoindex_captureJudgement_1/,
    ],
    [
      'old numbers of history',
      oldNumberedQuery(db, MANY.startMs + 100_000).limit(100),
      /historyProfileNumbered/,
    ],
  ]
}

/** Whole reads of what grows with the profiles. */
const WHOLE_IN_SQLITE =
  /SCAN (?:profile|analysis|blob|capture|captureFile|historyProfile)(?! USING)/
const WHOLE_IN_POSTGRES = /Seq Scan on (?:profile|analysis|blob|capture|\\"capture|\\"history)/

describe('SQLite sweeps by indexes', () => {
  let database: PlanDatabase
  beforeAll(async () => {
    database = await openSqlitePlans(INSERTS)
  })
  afterAll(() => database.close())

  test('and reads no table whole', async () => {
    for (const [name, query, index] of sweepQueries(database.db)) {
      const plan = JSON.stringify(await query.explain(undefined, sql`query plan`))
      expect.soft(plan, name).toMatch(index)
      expect.soft(plan, name).not.toMatch(WHOLE_IN_SQLITE)
    }
  })
})

describe.skipIf(lacks('postgres'))('Postgres sweeps by indexes', () => {
  let database: PlanDatabase
  beforeAll(async () => {
    database = await openPostgresPlans(INSERTS, ['seqscan'])
  })
  afterAll(() => database.close())

  test('and reads no table whole', async () => {
    for (const [name, query, index] of sweepQueries(database.db)) {
      const plan = JSON.stringify(await query.explain())
      expect.soft(plan, name).toMatch(index)
      expect.soft(plan, name).not.toMatch(WHOLE_IN_POSTGRES)
    }
  })
})
