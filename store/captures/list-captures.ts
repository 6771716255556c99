import { type RawBuilder, sql, type Kysely } from 'kysely'
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
import { isOfSpace } from '../database/of-space.ts'
import { checkedCursor, isAfterCursor, timeCursor, toPage } from '../page.ts'
import type { Page, PageRequest } from '../page.ts'
import type { Schema } from '../schema/schema.ts'
import { liveCaptures, STARTED_AT, toCaptures, withJudgement } from './capture-rows.ts'
import type { CaptureFilter, StoredCapture } from './capture-store.ts'

export async function listCaptures(
  db: Kysely<Schema>,
  filter: CaptureFilter,
  page: PageRequest,
): Promise<Page<StoredCapture>> {
  const found = await toCaptures(db, await captureListQuery(db, filter, page).execute())
  if (!isOfTimeRange(filter)) return toPage(found, page.limit)
  return toPage(found, page.limit, ({ startedAtMs, createdAtMs, id }) =>
    timeCursor(startedAtMs ?? createdAtMs, id),
  )
}

/** One capture more than the page holds: newest first, in the order of creation or, for a time range, of their times. */
export function captureListQuery(
  db: Kysely<Schema>,
  filter: CaptureFilter,
  { limit, cursor }: PageRequest,
) {
  const query = newestCaptures(db, filter).limit(limit + 1)
  if (cursor === null) return query
  if (!isOfTimeRange(filter)) return query.where(idOf(filter), '<', checkedCursor(cursor))
  return query.where(isAfterCursor(cursor, STARTED_AT, sql<string>`"capture"."id"`))
}

/** The filters of which an index has the rows in the list's order, by the name of what is the narrowest. */
const WALKS = {
  place: ['space', 'target', 'component', 'fromMs', 'toMs'],
  time: ['space', 'fromMs', 'toMs'],
  label: ['space', 'labels'],
  instance: ['space', 'instance'],
  cluster: ['space', 'cluster'],
  level: ['space', 'level'],
  status: ['space', 'status'],
  space: ['space'],
} as const

/** Which index a list is read from. Rows that match may be few and far apart in any other. */
function walkOf(filter: CaptureFilter): keyof typeof WALKS {
  const { target, component, instance = '', cluster, status } = filter
  if (target !== undefined || component !== undefined) return 'place'
  if (isOfTimeRange(filter)) return 'time'
  if (firstLabel(filter) !== undefined) return 'label'
  if (instance !== '') return 'instance'
  if (cluster !== undefined) return 'cluster'
  if (hasIndex(filter.level)) return 'level'
  return status === undefined ? 'space' : 'status'
}

function newestCaptures(db: Kysely<Schema>, filter: CaptureFilter) {
  const query = matchingCaptures(db, filter)
  if (!isOfTimeRange(filter)) return query.orderBy(idOf(filter), 'desc')
  let ofRange = query
  if (filter.fromMs !== undefined) ofRange = ofRange.where(STARTED_AT, '>=', filter.fromMs)
  if (filter.toMs !== undefined) ofRange = ofRange.where(STARTED_AT, '<', filter.toMs)
  return ofRange.orderBy(STARTED_AT, 'desc').orderBy('capture.id', 'desc')
}

/** The column that the index of a list is ordered by. */
function idOf(filter: CaptureFilter) {
  return walkOf(filter) === 'label' ? 'captureLabel.captureId' : 'capture.id'
}

function matchingCaptures(db: Kysely<Schema>, filter: CaptureFilter) {
  const { space, target, component, instance, cluster, type, status, level, labels = [] } = filter
  const walk = walkOf(filter)
  let query = walk === 'label' ? capturesByLabel(db, filter) : liveCaptures(db)
  if (space !== undefined) {
    const isRead = walk === 'space' || walk === 'time' || walk === 'level'
    query = query.where(isRead ? hasValue('capture.space', space) : isOfSpace('capture', space))
  }
  if (target !== undefined) query = query.where(hasValue('capture.target', target))
  if (component !== undefined) query = query.where(hasValue('capture.component', component))
  if (instance !== undefined) query = query.where(hasValue('capture.instance', instance))
  if (cluster !== undefined) query = query.where(hasValue('capture.cluster', cluster))
  if (type !== undefined) query = query.where(hasProfile(type))
  if (status !== undefined) query = query.where('capture.status', '=', status)
  if (level !== undefined) query = query.where(hasLevel('capture.worstFindingJson', level))
  for (const label of labels) query = query.where(hasLabel(CAPTURE_LABELS, label))
  return query
}

/** The live captures with the first label that a filter asks for, for lists in the order of `captureLabel.captureId`. */
function capturesByLabel(db: Kysely<Schema>, filter: CaptureFilter) {
  const label = firstLabel(filter)
  return withJudgement(
    db.selectFrom('captureLabel').innerJoin('capture', 'capture.id', 'captureLabel.captureId'),
  )
    .where('captureLabel.name', '=', label?.name ?? '')
    .where('captureLabel.value', '=', label?.value ?? '')
}

/** Whether a capture has a profile of a type. */
function hasProfile(type: unknown): RawBuilder<boolean> {
  return sql<boolean>`exists (select 1 from "profile" as "taken" where "taken"."captureId" = "capture"."id"
    and "taken"."type" = ${type} and "taken"."deletedAtMs" is null)`
}

const CAPTURE_LABELS = { table: 'captureLabel', rowId: 'captureId', id: 'capture.id' }

export const CAPTURES: FilteredList = {
  table: 'capture',
  indexed: (filter: CaptureFilter) => given(filter, WALKS[walkOf(filter)]),
  newest: (db, filter: CaptureFilter, limit) => newestCaptures(db, filter).limit(limit),
  columns: {
    space: 'capture.space',
    target: 'capture.target',
    component: 'capture.component',
    instance: 'capture.instance',
    cluster: 'capture.cluster',
    status: 'capture.status',
    level: levelIn('capture.worstFindingJson'),
  },
  conditions: { type: hasProfile },
  labels: CAPTURE_LABELS,
}
