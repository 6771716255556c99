import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely'
import { AppError, DEFAULT_SPACE, type Language, type Report } from '../../api/index.ts'
import { isBlobKey, sha256OfKey } from '../blobs/blob-store.ts'
import type { Direction, Nearest } from '../near.ts'
import { isOfSpace } from '../database/of-space.ts'
import { unpackJson } from '../database/packed-json.ts'
import { dropFindings } from '../findings/enter-findings.ts'
import { dropFromHistory } from './enter-history.ts'
import { insertProfile } from './insert-profile.ts'
import { nearestProfile, TAKEN_AT } from './nearest-profiles.ts'
import { NEW_ANALYSIS } from './new-analysis.ts'
import { checkedCursor, isAfterCursor, timeCursor, toPage } from '../page.ts'
import type {
  AddedProfile,
  MatchedProfile,
  NewProfile,
  ProfileFilter,
  ProfileLabel,
  ProfileStore,
  StoredProfile,
} from './profile-store.ts'
import type { Page, PageRequest } from '../page.ts'
import type { Schema } from '../schema/schema.ts'
import {
  countFacets,
  hasIndex,
  hasLabel,
  hasLevel,
  type FilteredList,
  hasValue,
  indexedPart,
  isOfTimeRange,
  levelIn,
} from '../database/list-filter.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'
import { setPinned } from './set-pinned.ts'

export function sqlProfileStore({ db, write, now }: SqlStoreOptions): ProfileStore {
  return {
    add: (profile) => write((trx) => addProfile(trx, profile), 'repeatable read'),
    find: (id) => findProfile(db, id),
    nearest: (id) => findNearest(db, id),
    list: (filter, page) => listProfiles(db, filter, page),
    facets: (filter) => countFacets(db, PROFILES, { names: FACETS, filter }),
    findReport: (id, language) => findReport(db, id, language),
    setPinned: (id, isPinned) =>
      write((trx) => setPinned(trx, { table: 'profile', id, pinnedAtMs: isPinned ? now() : null })),
    remove: (id) =>
      write(async (trx) => {
        if (await isShared(trx, id, now())) throw new AppError('PROFILE_IN_USE')
        const removed = await trx
          .updateTable('profile')
          .set({ deletedAtMs: now() })
          .where('id', '=', id)
          .where('deletedAtMs', 'is', null)
          .executeTakeFirst()
        if (removed.numUpdatedRows === 0n) return false
        await dropFromHistory(trx, [id], now())
        await dropFindings(trx, [id])
        await trx
          .updateTable('link')
          .set({ revokedAtMs: now() })
          .where('profileId', '=', id)
          .where('revokedAtMs', 'is', null)
          .execute()
        return true
      }),
  }
}

/** Whether a link that works shares it. */
async function isShared(trx: Transaction<Schema>, id: string, nowMs: number): Promise<boolean> {
  const link = await trx
    .selectFrom('link')
    .select('id')
    .where((eb) => eb.or([eb('profileId', '=', id), eb('beforeProfileId', '=', id)]))
    .where('revokedAtMs', 'is', null)
    .where('expiresAtMs', '>', nowMs)
    .executeTakeFirst()
  return link !== undefined
}

async function addProfile(trx: Transaction<Schema>, added: NewProfile): Promise<AddedProfile> {
  const known = await findDuplicate(trx, added.dedupeKey)
  if (known !== null) return known
  const { id, analysisId } = await insertProfile(trx, { ...added, captureId: null })
  return { profile: toProfile(newRow(id, added)), analysisId, isDuplicate: false }
}

/** The row of a profile that was just inserted, as a query would read it. */
function newRow(id: string, { source, blob, receivedAtMs }: NewProfile): ProfileRow {
  const { space = DEFAULT_SPACE, target, component, type, takenAtMs } = source
  return {
    ...NEW_ANALYSIS,
    id,
    space,
    target,
    component,
    type,
    takenAtMs,
    receivedAtMs,
    captureId: null,
    sourceJson: JSON.stringify(source),
    pinnedAtMs: null,
    rawBlobId: blob.key,
    sizeBytes: blob.sizeBytes,
    fault: null,
  }
}

/** The live profile with this dedupeKey, or `null`. */
export async function findDuplicate(
  trx: Transaction<Schema>,
  dedupeKey: string,
): Promise<AddedProfile | null> {
  const known = await trx
    .selectFrom('profile')
    .select('id')
    .where('dedupeKey', '=', dedupeKey)
    .where('deletedAtMs', 'is', null)
    .executeTakeFirst()
  if (known === undefined) return null
  return { profile: await foundProfile(trx, known.id), analysisId: null, isDuplicate: true }
}

/** A profile that this transaction has read or written. */
export async function foundProfile(db: Kysely<Schema>, id: string): Promise<StoredProfile> {
  const profile = await findProfile(db, id)
  if (profile === null) throw new Error(`profile ${id} vanished within a transaction`)
  return profile
}

async function findProfile(db: Kysely<Schema>, id: string): Promise<StoredProfile | null> {
  const row = await withRow(liveProfiles(db)).where('profile.id', '=', id).executeTakeFirst()
  return row === undefined ? null : toProfile(row)
}

async function findNearest(db: Kysely<Schema>, id: string): Promise<Nearest<MatchedProfile>> {
  const profile = await findProfile(db, id)
  if (profile === null) return { before: null, after: null }
  const find = async (direction: Direction) => {
    const near = await nearestProfile(db, profile, direction)
    const found = near === null ? null : await findProfile(db, near.id)
    return near === null || found === null ? null : { match: near.match, profile: found }
  }
  return { before: await find('before'), after: await find('after') }
}

async function listProfiles(
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

function newestProfiles(db: Kysely<Schema>, filter: ProfileFilter) {
  let query = matchingProfiles(db, filter)
  // Of a column that is null Postgres does not know that all are the same.
  if (isByLone(filter)) query = query.orderBy('profile.captureId', 'desc')
  if (!isOfTimeRange(filter)) return query.orderBy(idOf(filter), 'desc')
  if (filter.fromMs !== undefined) query = query.where(TAKEN_AT, '>=', filter.fromMs)
  if (filter.toMs !== undefined) query = query.where(TAKEN_AT, '<', filter.toMs)
  return query.orderBy(TAKEN_AT, 'desc').orderBy('profile.id', 'desc')
}

function idOf(filter: ProfileFilter) {
  return isByAnalysis(filter) ? 'analysis.profileId' : 'profile.id'
}

/** Few profiles have some of the states and levels, and indexes of the analyses have these in the order of arrival. */
function isByAnalysis({ status, level, target, component, fromMs, toMs }: ProfileFilter): boolean {
  if ([target, component, fromMs, toMs].some((one) => one !== undefined)) return false
  return status !== undefined || hasIndex(level)
}

/** Where most are of captures, those in none are few and far apart, and an index has these alone, in the order of arrival. */
function isByLone(filter: ProfileFilter): boolean {
  const { isAlone, target, component } = filter
  const isNarrow = target !== undefined || component !== undefined || isByAnalysis(filter)
  return isAlone === true && !isNarrow && !isOfTimeRange(filter)
}

/** Few profiles of a time range have failed, and an index has these alone, by their times. */
function failedStateOf({ status, target, component, ...filter }: ProfileFilter) {
  if (!isOfTimeRange(filter) || target !== undefined || component !== undefined) return null
  return status === 'failed' || status === 'quarantined' ? status : null
}

function matchingProfiles(db: Kysely<Schema>, filter: ProfileFilter) {
  let query = isByAnalysis(filter) ? profilesByAnalysis(db) : liveProfiles(db)
  const { space, target, component } = filter
  const failedState = failedStateOf(filter)
  if (failedState !== null) query = query.where('profile.failedState', '=', failedState)
  if (space !== undefined) {
    const isNarrow =
      [target, component].some((one) => one !== undefined) ||
      isByAnalysis(filter) ||
      isByLone(filter) ||
      failedState !== null
    query = isNarrow
      ? query.where(isOfSpace('profile', space))
      : query.where('profile.space', '=', space)
  }
  if (target !== undefined) query = query.where(hasValue('profile.target', target))
  if (component !== undefined) query = query.where(hasValue('profile.component', component))
  if (filter.isAlone === true) query = query.where('profile.captureId', 'is', null)
  if (filter.instance !== undefined) query = query.where('profile.instance', '=', filter.instance)
  if (filter.type !== undefined) query = query.where('profile.type', '=', filter.type)
  if (filter.status !== undefined) query = query.where('analysis.state', '=', filter.status)
  if (filter.level !== undefined)
    query = query.where(hasLevel('analysis.worstFindingJson', filter.level))
  for (const label of filter.labels ?? []) query = query.where(hasLabel(PROFILE_LABELS, label))
  return query
}

const LEVEL = levelIn('profile.worstFindingJson')
const PROFILE_LABELS = { table: 'profileLabel', rowId: 'profileId', id: 'profile.id' }

const FACETS = ['target', 'component', 'type', 'status', 'level'] as const

export const PROFILES: FilteredList = {
  table: 'profile',
  indexed(filter: ProfileFilter) {
    const status = failedStateOf(filter)
    return { ...indexedPart(filter), ...(status !== null && { status }) }
  },
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
    type: 'profile.type',
    status: 'profile.state',
    level: LEVEL,
  },
  labels: PROFILE_LABELS,
}

function liveProfiles(db: Kysely<Schema>) {
  return joinedProfiles(db, sql<boolean>`"analysis"."id" = "profile"."currentAnalysisId"`)
}

/**
 * The same, for lists in the order of `analysis.profileId`. Of two equations Postgres believes that they leave one row,
 * so that it reads all and sorts them, and one it may answer by a merge, which reads every profile down to the first of
 * the state. `between` and `case` leave it the walk down the index of the states.
 */
function profilesByAnalysis(db: Kysely<Schema>) {
  return joinedProfiles(
    db,
    sql<boolean>`"profile"."id" between "analysis"."profileId" and "analysis"."profileId"
      and case when "analysis"."id" = "profile"."currentAnalysisId" then true else false end`,
  )
}

function joinedProfiles(db: Kysely<Schema>, isOfProfile: RawBuilder<boolean>) {
  return db
    .selectFrom('profile')
    .innerJoin('analysis', (join) => join.on(isOfProfile))
    .where('profile.deletedAtMs', 'is', null)
}

function withRow(profiles: ReturnType<typeof joinedProfiles>) {
  return profiles
    .innerJoin('blob', 'blob.id', 'profile.rawBlobId')
    .select([
      'profile.id',
      'profile.space',
      'profile.captureId',
      'profile.sourceJson',
      'profile.target',
      'profile.component',
      'profile.type',
      'profile.takenAtMs',
      'profile.receivedAtMs',
      'profile.pinnedAtMs',
      'profile.rawBlobId',
      'blob.sizeBytes',
      'blob.fault',
      'analysis.state',
      'analysis.columnsBlobId',
      'analysis.factsJson',
      'analysis.failureJson',
      'analysis.worstFindingJson',
      'analysis.findingCount',
    ])
}

type ProfileRow = NonNullable<Awaited<ReturnType<ReturnType<typeof withRow>['executeTakeFirst']>>>

function toProfile(row: ProfileRow): StoredProfile {
  const source: { readonly [Key in 'instance' | 'cluster' | 'fileName']: string | null } & {
    readonly labels: readonly ProfileLabel[]
  } = JSON.parse(row.sourceJson)
  if (!isBlobKey(row.rawBlobId)) throw new Error(`profile ${row.id} refers to no blob key`)
  return {
    id: row.id,
    space: row.space,
    captureId: row.captureId,
    status: row.state,
    target: row.target,
    component: row.component,
    instance: source.instance,
    cluster: source.cluster,
    type: row.type,
    labels: source.labels,
    fileName: source.fileName,
    receivedAtMs: row.receivedAtMs,
    takenAtMs: row.takenAtMs,
    pinnedAtMs: row.pinnedAtMs,
    sha256: sha256OfKey(row.rawBlobId),
    sizeBytes: row.sizeBytes,
    rawBlobKey: row.rawBlobId,
    rawBlobFault: row.fault,
    columnsBlobKey: row.columnsBlobId,
    facts: fromJson(row.factsJson),
    failure: fromJson(row.failureJson),
    worstFinding: fromJson(row.worstFindingJson),
    findingCount: row.findingCount,
  }
}

/** The value of a column that only kubeprof writes, so its shape is known. */
function fromJson(text: string | null) {
  return text === null ? null : JSON.parse(text)
}

async function findReport(
  db: Kysely<Schema>,
  id: string,
  language: Language,
): Promise<Report | null> {
  const row = await db
    .selectFrom('profile')
    .innerJoin('report', 'report.analysisId', 'profile.currentAnalysisId')
    .select('report.reportJson')
    .where('profile.id', '=', id)
    .where('report.language', '=', language)
    .where('profile.deletedAtMs', 'is', null)
    .executeTakeFirst()
  return row === undefined ? null : unpackJson(row.reportJson)
}
