import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MANY, manyProfiles } from '../../bench/index.ts'
import { captureListQuery, CAPTURES } from '../../store/captures/list-captures.ts'
import type { CaptureFilter, ProfileFilter } from '../../store/index.ts'
import { countQuery } from '../../store/database/list-filter.ts'
import { listQuery, PROFILES } from '../../store/profiles/list-profiles.ts'
import { lacks } from '../requirements.ts'
import { openPostgresPlans, openSqlitePlans, type PlanDatabase } from './plan-databases.ts'

const INSERTS = manyProfiles(3000)
const SPACE = { space: 'default' }
const TARGET = { ...SPACE, target: 'target-7' }
const COMPONENT = { ...SPACE, component: 'etcd' }
const LABELS = { labels: [{ name: 'zone', value: 'zone-3' }] }
const RANGE = { fromMs: MANY.startMs + 1_000_000, toMs: MANY.startMs + 20_000_000 }

/** Filters, and the index from which their lists come. */
const PROFILE_LISTS: readonly (readonly [ProfileFilter, string])[] = [
  [SPACE, 'profileSpace'],
  [{ ...SPACE, isAlone: true }, 'profileLone'],
  [TARGET, 'profileTarget'],
  [{ ...TARGET, type: 'cpu' }, 'profileTargetType'],
  [COMPONENT, 'profileComponent'],
  [{ ...SPACE, status: 'failed' }, 'analysisState'],
  [{ ...SPACE, status: 'ready' }, 'analysisState'],
  [{ ...SPACE, level: 'critical' }, 'analysisCritical'],
  [{ ...SPACE, level: 'warning' }, 'analysisWarning'],
  [{ ...SPACE, ...RANGE }, 'profileTime'],
  [{ ...SPACE, ...RANGE, status: 'failed' }, 'profileTimeFailed'],
  [{ ...SPACE, fromMs: RANGE.fromMs, status: 'quarantined' }, 'profileTimeFailed'],
  [{ ...SPACE, ...RANGE, status: 'ready' }, 'profileTime'],
  [{ ...SPACE, fromMs: RANGE.fromMs }, 'profileTime'],
  [{ ...SPACE, ...RANGE, type: 'mutex' }, 'profileTime'],
  [{ ...SPACE, type: 'threadcreate' }, 'profileType'],
  [{ ...SPACE, type: 'threadcreate', status: 'ready' }, 'profileType'],
  [{ ...SPACE, type: 'mutex', status: 'failed' }, 'analysisState'],
  [{ ...SPACE, instance: 'instance-7' }, 'profileInstance'],
  [{ ...SPACE, instance: 'instance-7', type: 'cpu' }, 'profileInstance'],
  [{ ...SPACE, cluster: 'cluster-3' }, 'profileCluster'],
  [{ ...SPACE, cluster: 'cluster-3', status: 'ready' }, 'profileCluster'],
  [{ ...SPACE, ...LABELS }, 'profileLabelValue'],
  [{ ...SPACE, ...LABELS, status: 'ready' }, 'profileLabelValue'],
  [{ ...TARGET, ...RANGE }, 'profileTimeTarget'],
  [{ ...COMPONENT, ...RANGE }, 'profileTimeComponent'],
]
const CAPTURE_LISTS: readonly (readonly [CaptureFilter, string])[] = [
  [SPACE, 'captureSpace'],
  [TARGET, 'captureTarget'],
  [{ ...SPACE, status: 'waiting' }, 'captureStatus'],
  [{ ...SPACE, status: 'complete' }, 'captureStatus'],
  [{ ...SPACE, level: 'critical' }, 'captureCritical'],
  [{ ...SPACE, ...RANGE }, 'captureTime'],
  [{ ...TARGET, ...RANGE }, 'captureTimeTarget'],
  [{ ...SPACE, cluster: 'cluster-3' }, 'captureCluster'],
  [{ ...SPACE, instance: 'instance-7' }, 'captureInstance'],
  [{ ...SPACE, ...LABELS }, 'captureLabelValue'],
  [{ ...SPACE, type: 'cpu' }, 'captureSpace'],
]
/** Filters, and the index from which the newest rows come of which values are counted. */
const COUNTS: readonly (readonly [ProfileFilter, string])[] = [
  [SPACE, 'profileSpace'],
  [{ ...SPACE, status: 'failed' }, 'analysisState'],
  [{ ...SPACE, status: 'failed', type: 'cpu' }, 'analysisState'],
  [{ ...TARGET, status: 'failed' }, 'profileTarget'],
  [{ ...TARGET, type: 'cpu' }, 'profileTarget'],
  [{ ...SPACE, ...RANGE, type: 'cpu' }, 'profileTime'],
  [{ ...SPACE, instance: 'instance-7' }, 'profileInstance'],
  [{ ...SPACE, cluster: 'cluster-3' }, 'profileCluster'],
  [{ ...SPACE, isAlone: true }, 'profileLone'],
  [{ ...SPACE, ...LABELS }, 'profileLabelValue'],
  [{ ...SPACE, ...RANGE, status: 'failed' }, 'profileTimeFailed'],
  [{ ...SPACE, status: 'ready', level: 'critical' }, 'analysisCritical'],
]
const CAPTURE_COUNTS: readonly (readonly [CaptureFilter, string])[] = [
  [SPACE, 'captureSpace'],
  [{ ...SPACE, status: 'waiting' }, 'captureStatus'],
  [{ ...SPACE, level: 'critical' }, 'captureCritical'],
  [{ ...TARGET, status: 'waiting' }, 'captureTarget'],
]
const countsOf = ({ db }: PlanDatabase, filter: ProfileFilter) =>
  countQuery(db, PROFILES, { name: 'type', filter })
/** Postgres knows how many rows a filter leaves. Where these are many, it reads another order and skips some. */
const IN_POSTGRES: Readonly<Record<string, RegExp>> = {
  analysisState: /analysis(?:State|Versions)/,
  profileSpace: /profileSpace|profile_pkey/,
  profileComponent: /profileComponent|profile_pkey/,
  profileTimeComponent: /profileTime(?:Component)?/,
  captureSpace: /captureSpace|capture_pkey/,
  captureStatus: /captureStatus|capture_pkey/,
}
const LAST_ID = '01KDT0000P0000000100002500'

/** The first page, and one in the middle. */
function pagesOf({ fromMs }: { readonly fromMs?: number }) {
  const cursor = fromMs === undefined ? LAST_ID : `${RANGE.fromMs + 10_000_000}-${LAST_ID}`
  return [null, cursor].map((one) => ({ limit: 50, cursor: one }))
}

describe('SQLite reads lists from an index, without sorting', () => {
  let database: PlanDatabase
  beforeAll(async () => {
    database = await openSqlitePlans(INSERTS)
  })
  afterAll(() => database.close())

  test.each(PROFILE_LISTS)('profiles of %o', async (filter, index) => {
    for (const page of pagesOf(filter)) {
      const query = listQuery(database.db, filter, page)
      const plan = JSON.stringify(await query.explain(undefined, sql`query plan`))
      expect(plan).toMatch(new RegExp(`USING (?:COVERING )?INDEX ${index}[ "]`))
      expect(plan).not.toMatch(/TEMP B-TREE|SCAN (?:profile|analysis)"/)
    }
  })

  test.each(COUNTS)('counts of %o', async (filter, index) => {
    const { rows } = await sql`explain query plan ${countsOf(database, filter)}`.execute(
      database.db,
    )
    expect(JSON.stringify(rows)).toMatch(new RegExp(`USING (?:COVERING )?INDEX ${index}[ "]`))
  })

  test.each(CAPTURE_COUNTS)('counts of captures of %o', async (filter, index) => {
    const query = countQuery(database.db, CAPTURES, { name: 'cluster', filter })
    const { rows } = await sql`explain query plan ${query}`.execute(database.db)
    expect(JSON.stringify(rows)).toMatch(new RegExp(`USING (?:COVERING )?INDEX ${index}[ "]`))
  })

  test.each(CAPTURE_LISTS)('captures of %o', async (filter, index) => {
    for (const page of pagesOf(filter)) {
      const query = captureListQuery(database.db, filter, page)
      const plan = JSON.stringify(await query.explain(undefined, sql`query plan`))
      expect(plan).toMatch(new RegExp(`USING (?:COVERING )?INDEX ${index}[ "]`))
      expect(plan).not.toMatch(/TEMP B-TREE|SCAN capture"/)
    }
  })
})

describe.skipIf(lacks('postgres'))('Postgres reads lists from an index, without sorting', () => {
  let database: PlanDatabase
  beforeAll(async () => {
    database = await openPostgresPlans(INSERTS)
  })
  afterAll(() => database.close())

  test.each(PROFILE_LISTS)('profiles of %o', async (filter, index) => {
    for (const page of pagesOf(filter)) {
      const plan = JSON.stringify(await listQuery(database.db, filter, page).explain())
      expect(plan).toMatch(IN_POSTGRES[index] ?? new RegExp(`using \\\\"${index}\\\\"`))
      expect(plan).not.toMatch(/Sort|Seq Scan/)
    }
  })

  /** The newest are not ready while a backlog is worked off. */
  test('of profiles that are ready it reads no others, though it may sort and merge', async () => {
    const page = { limit: 50, cursor: null }
    await database.db.transaction().execute(async (db) => {
      await sql`set local enable_sort = on`.execute(db)
      const plan = await listQuery(db, { ...SPACE, status: 'ready' }, page).explain()
      expect(JSON.stringify(plan)).not.toMatch(/Sort|Merge|Hash/)
    })
  })

  test.each(COUNTS)('counts of %o', async (filter, index) => {
    const { rows } = await sql`explain ${countsOf(database, filter)}`.execute(database.db)
    const plan = JSON.stringify(rows)
    expect(plan).toMatch(IN_POSTGRES[index] ?? new RegExp(`using \\\\"${index}\\\\"`))
    expect(plan).not.toMatch(/Seq Scan/)
  })

  test.each(CAPTURE_COUNTS)('counts of captures of %o', async (filter, index) => {
    const query = countQuery(database.db, CAPTURES, { name: 'cluster', filter })
    const { rows } = await sql`explain ${query}`.execute(database.db)
    const plan = JSON.stringify(rows)
    expect(plan).toMatch(IN_POSTGRES[index] ?? new RegExp(`using \\\\"${index}\\\\"`))
    expect(plan).not.toMatch(/Seq Scan/)
  })

  test.each(CAPTURE_LISTS)('captures of %o', async (filter, index) => {
    for (const page of pagesOf(filter)) {
      const plan = JSON.stringify(await captureListQuery(database.db, filter, page).explain())
      expect(plan).toMatch(IN_POSTGRES[index] ?? new RegExp(`using \\\\"${index}\\\\"`))
      expect(plan).not.toMatch(/Sort|Seq Scan on (?:capture|"capture")/)
    }
  })
})
