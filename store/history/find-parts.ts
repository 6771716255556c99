import type { Kysely } from 'kysely'
import type { HistoryParts, HistorySpan } from './history-rows.ts'
import type { Schema } from '../schema/schema.ts'

export async function findParts(db: Kysely<Schema>, span: HistorySpan): Promise<HistoryParts> {
  const { groupId, fromMs, toMs } = span
  const before = await profilesBefore(db, span)
  const beforeBlocks = before.flatMap(({ blockId }) => blockId ?? [])
  const beforePending = before.flatMap(({ profileId, state }) =>
    state === 'packed' ? [] : [profileId],
  )
  const blocks = await db
    .selectFrom('historyBlock')
    .select(['id', 'blobId as blobKey', 'shape', 'sizeBytes', 'profileCount'])
    .where('groupId', '=', groupId)
    .where((where) =>
      where.or([
        where.and([where('lastMs', '>=', fromMs), where('fromMs', '<', toMs)]),
        ...(beforeBlocks.length === 0 ? [] : [where('id', 'in', beforeBlocks)]),
      ]),
    )
    .orderBy('fromMs')
    .orderBy('id')
    .execute()
  const pending = await pendingProfiles(db, groupId)
    .where((where) =>
      where.or([
        where.and([
          where('historyProfile.atMs', '>=', fromMs),
          where('historyProfile.atMs', '<', toMs),
        ]),
        ...(beforePending.length === 0
          ? []
          : [where('historyProfile.profileId', 'in', beforePending)]),
      ]),
    )
    .execute()
  const skipped = await db
    .selectFrom('historyProfile')
    .select('profileId')
    .where('groupId', '=', groupId)
    .where('state', 'in', ['dropped', 'replaced'])
    .where('blockId', 'is not', null)
    .execute()
  return { blocks, pending, skippedIds: skipped.map(({ profileId }) => profileId) }
}

/** The profiles that are to be packed, or packed again. */
export function pendingProfiles(db: Kysely<Schema>, groupId: string) {
  return db
    .selectFrom('historyProfile')
    .innerJoin('historySeries', 'historySeries.id', 'historyProfile.seriesId')
    .innerJoin('profile', 'profile.id', 'historyProfile.profileId')
    .select([
      'historyProfile.profileId',
      'historyProfile.seriesId',
      'historySeries.process',
      'historyProfile.atMs',
      'profile.rawBlobId as rawBlobKey',
      'historyProfile.decoderVersion',
    ])
    .where('historyProfile.groupId', '=', groupId)
    .where('historyProfile.state', 'in', ['pending', 'replaced'])
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
    .where('historyProfile.state', 'in', ['pending', 'packed', 'replaced'])
    .groupBy('historySeries.process')
    .execute()
  const found = []
  for (const { process, atMs } of newest) {
    const row = await db
      .selectFrom('historyProfile')
      .innerJoin('historySeries', 'historySeries.id', 'historyProfile.seriesId')
      .select(['historyProfile.profileId', 'historyProfile.blockId', 'historyProfile.state'])
      .where('historyProfile.groupId', '=', groupId)
      .where('historyProfile.atMs', '=', atMs)
      .where('historySeries.process', '=', process)
      .where('historyProfile.state', 'in', ['pending', 'packed', 'replaced'])
      .orderBy('historyProfile.profileId', 'desc')
      .executeTakeFirst()
    if (row !== undefined) found.push(row)
  }
  return found
}
