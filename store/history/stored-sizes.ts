import type { Kysely } from 'kysely'
import type { ProfileType } from '../../api/index.ts'
import type { Schema } from '../schema/schema.ts'
import type { StoredSize } from './history-rows.ts'

const DAY_MS = 24 * 3600 * 1000

/** What the profiles of each type take in each form, those without any left out. */
export async function storedSizes(
  db: Kysely<Schema>,
  nowMs: number,
): Promise<readonly StoredSize[]> {
  const files = await sizesOfFiles(db)
  const blocks = await sizesOfBlocks(db)
  const recent = await recentCounts(db, nowMs - DAY_MS)
  return [...files, ...blocks].map((row) => ({
    ...row,
    recentCount: recent.get(row.type) ?? 0,
  }))
}

/** What a profile of a size takes, and what those of the last 24 hours come to. */
export function sizeRates({ profileCount, sizeBytes, recentCount }: StoredSize) {
  const bytesPerProfile = sizeBytes / Math.max(1, profileCount)
  return { bytesPerProfile, bytesPerDay: bytesPerProfile * recentCount }
}

type Size = Omit<StoredSize, 'recentCount'>

async function sizesOfFiles(db: Kysely<Schema>): Promise<readonly Size[]> {
  const rows = await db
    .selectFrom('profile')
    .innerJoin('blob as raw', 'raw.id', 'profile.rawBlobId')
    .leftJoin('analysis', 'analysis.id', 'profile.currentAnalysisId')
    .leftJoin('blob as columns', 'columns.id', 'analysis.columnsBlobId')
    .where('profile.deletedAtMs', 'is', null)
    .where('profile.type', 'is not', null)
    .groupBy('profile.type')
    .orderBy('profile.type')
    .select(({ fn }) => [
      'profile.type',
      fn.countAll<number>().as('profileCount'),
      fn.sum<number>('raw.sizeBytes').as('rawBytes'),
      fn.sum<number | null>('columns.sizeBytes').as('columnsBytes'),
    ])
    .execute()
  return rows.flatMap(({ type, profileCount, rawBytes, columnsBytes }) =>
    type === null
      ? []
      : {
          type,
          form: 'files' as const,
          profileCount,
          sizeBytes: rawBytes + (columnsBytes ?? 0),
        },
  )
}

async function sizesOfBlocks(db: Kysely<Schema>): Promise<readonly Size[]> {
  return db
    .selectFrom('historyBlock')
    .innerJoin('historyGroup', 'historyGroup.id', 'historyBlock.groupId')
    .groupBy(['historyGroup.type', 'historyBlock.level'])
    .orderBy('historyGroup.type')
    .orderBy('historyBlock.level')
    .select(({ fn }) => [
      'historyGroup.type',
      'historyBlock.level as form',
      fn.sum<number>('historyBlock.profileCount').as('profileCount'),
      fn.sum<number>('historyBlock.sizeBytes').as('sizeBytes'),
    ])
    .execute()
}

async function recentCounts(
  db: Kysely<Schema>,
  sinceMs: number,
): Promise<ReadonlyMap<ProfileType, number>> {
  const rows = await db
    .selectFrom('profile')
    .where('deletedAtMs', 'is', null)
    .where('receivedAtMs', '>=', sinceMs)
    .where('type', 'is not', null)
    .groupBy('type')
    .select(({ fn }) => ['type', fn.countAll<number>().as('count')])
    .execute()
  return new Map(rows.flatMap(({ type, count }) => (type === null ? [] : [[type, count]])))
}
