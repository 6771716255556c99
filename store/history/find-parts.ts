import {
  type Expression,
  type ExpressionBuilder,
  expressionBuilder,
  type Kysely,
  type Selectable,
  type SqlBool,
} from 'kysely'
import type { HistoryDay, HistoryParts, HistorySpan } from './history-rows.ts'
import type { HistoryLevel } from '../schema/history-schema.ts'
import type { Schema } from '../schema/schema.ts'

const DAY_MS = 24 * 3600 * 1000
const MONTH_MS_MAX = 31 * DAY_MS

export async function findParts(db: Kysely<Schema>, span: HistorySpan): Promise<HistoryParts> {
  const { groupId, fromMs, toMs } = span
  const firstDayMs = Math.floor(fromMs / DAY_MS) * DAY_MS
  const before = await profilesBefore(db, span)
  const beforeBlocks = before.flatMap(({ blockId }) => blockId ?? [])
  const blocks = await blocksOf(db, groupId, 'full')
    .where((where) =>
      where.or([
        where.and([where('dayMs', '>=', firstDayMs), where('dayMs', '<', toMs)]),
        ...(beforeBlocks.length === 0 ? [] : [where('id', 'in', beforeBlocks)]),
      ]),
    )
    .execute()
  const pending = await pendingOfSpan(db, { ...span, copy: 'blockId' }, before)
  const skipped = await db
    .selectFrom('historyProfile')
    .select('profileId')
    .where('groupId', '=', groupId)
    .where('state', 'in', ['dropped', 'replaced'])
    .where('blockId', 'is not', null)
    .execute()
  return {
    blocks,
    beforeIds: beforeBlocks,
    pending,
    skippedIds: skipped.map(({ profileId }) => profileId),
    elsewhereCount: await countElsewhere(db, span, before),
    staleCount: await countStale(db, span),
    ...(await rollUpsOf(db, span)),
  }
}

/** Profiles of a span, and those of `before`, that are packed and in no block. */
async function countElsewhere(
  db: Kysely<Schema>,
  span: HistorySpan,
  before: Awaited<ReturnType<typeof profilesBefore>>,
): Promise<number> {
  const { count } = await countIn(db, span)
    .where('state', '=', 'packed')
    .where('blockId', 'is', null)
    .executeTakeFirstOrThrow()
  const isElsewhere = before.filter(({ state, blockId }) => state === 'packed' && blockId === null)
  return Number(count) + isElsewhere.length
}

/** Profiles of a span that a rebuild has not read again yet. */
export async function countStale(db: Kysely<Schema>, span: HistorySpan): Promise<number> {
  const { count } = await countIn(db, span).where('state', '=', 'stale').executeTakeFirstOrThrow()
  return Number(count)
}

/** Counts the profiles of a span. */
function countIn(db: Kysely<Schema>, { groupId, fromMs, toMs }: HistorySpan) {
  return db
    .selectFrom('historyProfile')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('groupId', '=', groupId)
    .where('atMs', '>=', fromMs)
    .where('atMs', '<', toMs)
}

/** Blocks of a group, in order of time. */
export function blocksOf(db: Kysely<Schema>, groupId: string, level: HistoryLevel) {
  return db
    .selectFrom('historyBlock')
    .select([
      'id',
      'blobId as blobKey',
      'level',
      'dayMs',
      'fromMs',
      'lastMs',
      'shape',
      'sizeBytes',
      'profileCount',
    ])
    .where('groupId', '=', groupId)
    .where('level', '=', level)
    .orderBy('fromMs')
    .orderBy('id')
}

async function rollUpsOf(
  db: Kysely<Schema>,
  { groupId, fromMs, toMs, beforeMs }: HistorySpan,
): Promise<Pick<HistoryParts, 'rollUps' | 'days'>> {
  const firstMs = Math.floor((beforeMs ?? fromMs) / DAY_MS) * DAY_MS
  const hours = await blocksOf(db, groupId, 'hour')
    .where('dayMs', '>=', firstMs)
    .where('dayMs', '<', toMs)
    .execute()
  const months = await blocksOf(db, groupId, 'day')
    .where('dayMs', '>', firstMs - MONTH_MS_MAX)
    .where('dayMs', '<', toMs)
    .execute()
  const days = await db
    .selectFrom('historyDay')
    .select(['dayMs', 'isRolledUp'])
    .where('groupId', '=', groupId)
    .where('dayMs', '>=', firstMs)
    .where('dayMs', '<', toMs)
    .execute()
  const changing = await changingDays(db, groupId)
  return {
    rollUps: [...hours, ...months],
    days: days.map(({ dayMs, isRolledUp }): HistoryDay => ({
      dayMs,
      isRolledUp: isRolledUp === 1,
      isChanging: changing.has(dayMs),
    })),
  }
}

async function changingDays(db: Kysely<Schema>, groupId: string): Promise<ReadonlySet<number>> {
  const rows = await db
    .selectFrom('historyProfile')
    .select('dayMs')
    .distinct()
    .where('groupId', '=', groupId)
    .where((where) => where.or([where('state', '=', 'dropped'), isUnread(where, 'blockId')]))
    .execute()
  return new Set(rows.map(({ dayMs }) => dayMs))
}

/** Profiles of a span, and these of before it. */
export function isOfSpan(
  { fromMs, toMs }: Pick<HistorySpan, 'fromMs' | 'toMs'>,
  beforeIds: readonly string[],
): Expression<SqlBool> {
  const where = expressionBuilder<Schema, 'historyProfile'>()
  return where.or([
    where.and([
      where('historyProfile.atMs', '>=', fromMs),
      where('historyProfile.atMs', '<', toMs),
    ]),
    ...(beforeIds.length === 0 ? [] : [where('historyProfile.profileId', 'in', beforeIds)]),
  ])
}

/** The pending profiles of a span, and those of `before`, its `profilesBefore`. */
export function pendingOfSpan(
  db: Kysely<Schema>,
  { groupId, fromMs, toMs, copy }: HistorySpan & { readonly copy: Copy },
  before: Awaited<ReturnType<typeof profilesBefore>>,
) {
  const beforeIds = before.flatMap((one) => (hasCopy(one, copy) ? [] : one.profileId))
  return pendingProfiles(db, groupId, copy).where(isOfSpan({ fromMs, toMs }, beforeIds)).execute()
}

/** What says where the values of a profile lie: in a block, or in ClickHouse. */
type Copy = 'blockId' | 'number'

/** Whether a profile counts as it was packed. */
export function hasCopy(
  { state, ...row }: Pick<Selectable<Schema['historyProfile']>, 'state' | Copy>,
  copy: Copy,
): boolean {
  return state === 'packed' || (state === 'stale' && row[copy] !== null)
}

/** Whether the file of a profile is read: it has no copy, or one that counts no longer. */
function isUnread(where: ExpressionBuilder<Schema, 'historyProfile'>, copy: Copy) {
  return where.or([
    where('historyProfile.state', 'in', ['pending', 'replaced']),
    where.and([
      where('historyProfile.state', '=', 'stale'),
      where(`historyProfile.${copy}`, 'is', null),
    ]),
  ])
}

/** The profiles that are to be packed, or packed again. */
export function pendingProfiles(db: Kysely<Schema>, groupId: string, copy: Copy) {
  return db
    .selectFrom('historyProfile')
    .innerJoin('historySeries', 'historySeries.id', 'historyProfile.seriesId')
    .innerJoin('profile', 'profile.id', 'historyProfile.profileId')
    .leftJoin('analysis', 'analysis.id', 'profile.currentAnalysisId')
    .select([
      'historyProfile.profileId',
      'historyProfile.seriesId',
      'historySeries.process',
      'historyProfile.atMs',
      'profile.rawBlobId as rawBlobKey',
      'analysis.columnsBlobId as columnsBlobKey',
      'historyProfile.decoderVersion',
    ])
    .where('historyProfile.groupId', '=', groupId)
    .where(isUnread(expressionBuilder<Schema, 'historyProfile'>(), copy))
    .orderBy('historyProfile.atMs')
    .orderBy('historyProfile.profileId')
}

/** The last profile of each process before the span. */
export async function profilesBefore(
  db: Kysely<Schema>,
  { groupId, fromMs, beforeMs }: HistorySpan,
) {
  if (beforeMs === null) return []
  const newest = await db
    .selectFrom('historyProfile')
    .innerJoin('historySeries', 'historySeries.id', 'historyProfile.seriesId')
    .select(({ fn }) => ['historySeries.process', fn.max('historyProfile.atMs').as('atMs')])
    .where('historyProfile.groupId', '=', groupId)
    .where('historyProfile.atMs', '>=', beforeMs)
    .where('historyProfile.atMs', '<', fromMs)
    .where('historyProfile.state', 'in', ['pending', 'packed', 'stale', 'replaced'])
    .groupBy('historySeries.process')
    .execute()
  const found = []
  for (const { process, atMs } of newest) {
    const row = await db
      .selectFrom('historyProfile')
      .innerJoin('historySeries', 'historySeries.id', 'historyProfile.seriesId')
      .select([
        'historyProfile.profileId',
        'historyProfile.blockId',
        'historyProfile.number',
        'historyProfile.state',
      ])
      .where('historyProfile.groupId', '=', groupId)
      .where('historyProfile.atMs', '=', atMs)
      .where('historySeries.process', '=', process)
      .where('historyProfile.state', 'in', ['pending', 'packed', 'stale', 'replaced'])
      .orderBy('historyProfile.profileId', 'desc')
      .executeTakeFirst()
    if (row !== undefined) found.push(row)
  }
  return found
}
