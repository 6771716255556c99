import { sql, type Kysely } from 'kysely'
import {
  given,
  firstLabel,
  hasIndex,
  hasLabel,
  hasLevel,
  type FilteredList,
  hasValue,
  isOfTimeRange,
  levelIn,
} from '../database/list-filter.ts'
import { hasValueToo, isOfSpace } from '../database/of-space.ts'
import { checkedCursor, isAfterCursor, timeCursor, toPage } from '../page.ts'
import type { Page, PageRequest } from '../page.ts'
import type { Schema } from '../schema/schema.ts'
import { TAKEN_AT } from './nearest-profiles.ts'
import { joinedProfiles, liveProfiles, toProfile, withRow } from './profile-rows.ts'
import type { ProfileFilter, StoredProfile } from './profile-store.ts'

export async function listProfiles(
  db: Kysely<Schema>,
  filter: ProfileFilter,
  page: PageRequest,
): Promise<Page<StoredProfile>> {
  const found = (await listQuery(db, filter, page).execute()).map(toProfile)
  if (!isOfTimeRange(filter)) return toPage(found, page.limit)
  return toPage(found, page.limit, ({ takenAtMs, receivedAtMs, id }) =>
    timeCursor(takenAtMs ?? receivedAtMs, id),
  )
}

/** One profile more than the page holds: newest first, in the order of arrival or, for a time range, of their times. */
export function listQuery(
  db: Kysely<Schema>,
  filter: ProfileFilter,
  { limit, cursor }: PageRequest,
) {
  const query = withRow(newestProfiles(db, filter)).limit(limit + 1)
  if (cursor === null) return query
  if (!isOfTimeRange(filter)) return query.where(idOf(filter), '<', checkedCursor(cursor))
  return query.where(isAfterCursor(cursor, TAKEN_AT, sql<string>`"profile"."id"`))
}

/** The filters of which an index has the rows in the list's order, by the name of what is the narrowest. */
const WALKS = {
  place: ['space', 'target', 'component', 'fromMs', 'toMs'],
  failed: ['space', 'status', 'fromMs', 'toMs'],
  time: ['space', 'fromMs', 'toMs'],
  label: ['space', 'labels'],
  instance: ['space', 'instance'],
  cluster: ['space', 'cluster'],
  level: ['space', 'level'],
  status: ['space', 'status'],
  lone: ['space', 'isAlone'],
  type: ['space', 'type'],
  space: ['space'],
} as const

/** Which index a list is read from. Rows that match may be few and far apart in any other. */
function walkOf(filter: ProfileFilter): keyof typeof WALKS {
  const { target, component, instance = '', cluster = '', status } = filter
  if (target !== undefined || component !== undefined) return 'place'
  if (isOfTimeRange(filter)) return isFailed(status) ? 'failed' : 'time'
  if (firstLabel(filter) !== undefined) return 'label'
  if (instance !== '') return 'instance'
  if (cluster !== '') return 'cluster'
  if (hasIndex(filter.level)) return 'level'
  if (status !== undefined && status !== 'ready') return 'status'
  if (filter.isAlone === true) return 'lone'
  if (filter.type !== undefined) return 'type'
  return status === undefined ? 'space' : 'status'
}

function isFailed(status: ProfileFilter['status']): status is 'failed' | 'quarantined' {
  return status === 'failed' || status === 'quarantined'
}

function newestProfiles(db: Kysely<Schema>, filter: ProfileFilter) {
  let query = matchingProfiles(db, filter)
  // Of a column that is null Postgres does not know that all are the same.
  if (walkOf(filter) === 'lone') query = query.orderBy('profile.captureId', 'desc')
  if (!isOfTimeRange(filter)) return query.orderBy(idOf(filter), 'desc')
  if (filter.fromMs !== undefined) query = query.where(TAKEN_AT, '>=', filter.fromMs)
  if (filter.toMs !== undefined) query = query.where(TAKEN_AT, '<', filter.toMs)
  return query.orderBy(TAKEN_AT, 'desc').orderBy('profile.id', 'desc')
}

/** The column that the index of a list is ordered by. */
function idOf(filter: ProfileFilter) {
  switch (walkOf(filter)) {
    case 'label':
      return 'profileLabel.profileId'
    case 'level':
    case 'status':
      return 'analysis.profileId'
    default:
      return 'profile.id'
  }
}

function matchingProfiles(db: Kysely<Schema>, filter: ProfileFilter) {
  const { space, target, component, instance, cluster, type, status, level } = filter
  const walk = walkOf(filter)
  let query = walkedProfiles(db, filter)
  if (walk === 'failed' && isFailed(status)) query = query.where('profile.failedState', '=', status)
  if (space !== undefined) {
    const isRead = walk === 'space' || walk === 'time' || walk === 'type'
    query = query.where(isRead ? hasValue('profile.space', space) : isOfSpace('profile', space))
  }
  if (target !== undefined) query = query.where(hasValue('profile.target', target))
  if (component !== undefined) query = query.where(hasValue('profile.component', component))
  if (filter.isAlone === true) query = query.where('profile.captureId', 'is', null)
  if (instance !== undefined) query = query.where(hasValue('profile.instance', instance))
  if (cluster !== undefined) query = query.where(hasValue('profile.cluster', cluster))
  if (type !== undefined) {
    const isRead = walk === 'type' || walk === 'place'
    query = query.where((isRead ? hasValue : hasValueToo)('profile.type', type))
  }
  if (status !== undefined) query = query.where('analysis.state', '=', status)
  if (level !== undefined) query = query.where(hasLevel('analysis.worstFindingJson', level))
  for (const label of filter.labels ?? []) query = query.where(hasLabel(PROFILE_LABELS, label))
  return query
}

function walkedProfiles(db: Kysely<Schema>, filter: ProfileFilter) {
  switch (walkOf(filter)) {
    case 'label':
      return profilesByLabel(db, filter)
    case 'level':
    case 'status':
      return profilesByAnalysis(db)
    default:
      return liveProfiles(db)
  }
}

/** The live profiles with the first label that a filter asks for, for lists in the order of `profileLabel.profileId`. */
function profilesByLabel(db: Kysely<Schema>, filter: ProfileFilter) {
  const label = firstLabel(filter)
  return joinedProfiles(
    db.selectFrom('profileLabel').innerJoin('profile', 'profile.id', 'profileLabel.profileId'),
    sql<boolean>`"analysis"."id" = "profile"."currentAnalysisId"`,
  )
    .where('profileLabel.name', '=', label?.name ?? '')
    .where('profileLabel.value', '=', label?.value ?? '')
}

/**
 * The live profiles for lists in the order of `analysis.profileId`. Of two equations Postgres believes that they leave one row,
 * so that it reads all and sorts them, and one it may answer by a merge, which reads every profile down to the first of
 * the state. `between` and `case` leave it the walk down the index of the states.
 */
function profilesByAnalysis(db: Kysely<Schema>) {
  return joinedProfiles(
    db.selectFrom('profile'),
    sql<boolean>`"profile"."id" between "analysis"."profileId" and "analysis"."profileId"
      and case when "analysis"."id" = "profile"."currentAnalysisId" then true else false end`,
  )
}

const PROFILE_LABELS = { table: 'profileLabel', rowId: 'profileId', id: 'profile.id' }

export const PROFILES: FilteredList = {
  table: 'profile',
  indexed: (filter: ProfileFilter) => given(filter, WALKS[walkOf(filter)]),
  newest: (db, filter: ProfileFilter, limit) =>
    newestProfiles(db, filter)
      .selectAll('profile')
      .select(['analysis.state', 'analysis.worstFindingJson'])
      .limit(limit),
  columns: {
    space: 'profile.space',
    target: 'profile.target',
    component: 'profile.component',
    instance: 'profile.instance',
    cluster: 'profile.cluster',
    type: 'profile.type',
    status: 'profile.state',
    level: levelIn('profile.worstFindingJson'),
  },
  conditions: { isAlone: () => sql`"profile"."captureId" is null` },
  labels: PROFILE_LABELS,
}
