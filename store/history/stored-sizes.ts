import type { Kysely } from 'kysely'
import { setImmediate } from 'node:timers/promises'
import type { ProfileType } from '../../api/index.ts'
import { isLookedAt, lookedAt, type LookedAt } from '../database/look.ts'
import type { Schema } from '../schema/schema.ts'
import type { StoredSize } from './history-rows.ts'

const ROWS_AT_ONCE = 2000
const DAY_MS = 24 * 3600 * 1000

/** What the profiles of each type take in each form, those without any left out. */
export async function storedSizes(
  db: Kysely<Schema>,
  nowMs: number,
): Promise<readonly StoredSize[]> {
  const files = await sizesOfFiles(db, nowMs - DAY_MS)
  const blocks = await sizesOfBlocks(db)
  const recent = new Map(files.map(({ type, recentCount }) => [type, recentCount]))
  return [...files, ...blocks.map((row) => ({ ...row, recentCount: recent.get(row.type) ?? 0 }))]
}

/** What a profile of a size takes, and what those of the last 24 hours come to. */
export function sizeRates({ profileCount, sizeBytes, recentCount }: StoredSize) {
  const bytesPerProfile = sizeBytes / Math.max(1, profileCount)
  return { bytesPerProfile, bytesPerDay: bytesPerProfile * recentCount }
}

type Size = Omit<StoredSize, 'recentCount'>

/** Summed in steps, between which SQLite, which answers at once, leaves a turn to others. */
async function sizesOfFiles(db: Kysely<Schema>, sinceMs: number): Promise<readonly StoredSize[]> {
  const sums = new Map<ProfileType, StoredSize>()
  for (let afterId = ''; ;) {
    const rows = await lookedAt(db, 'profile', { afterId, limit: ROWS_AT_ONCE })
    if (rows === null) break
    for (const row of await sizesQuery(db, { rows, sinceMs }).execute()) {
      const { type, profileCount, recentCount, rawBytes, columnsBytes } = row
      if (type === null) continue
      const before = sums.get(type)
      sums.set(type, {
        type,
        form: 'files',
        profileCount: (before?.profileCount ?? 0) + profileCount,
        sizeBytes: (before?.sizeBytes ?? 0) + rawBytes + (columnsBytes ?? 0),
        recentCount: (before?.recentCount ?? 0) + recentCount,
      })
    }
    afterId = rows.lastId
    await setImmediate()
  }
  return [...sums.values()].toSorted((a, b) => (a.type < b.type ? -1 : 1))
}

interface Summed {
  readonly rows: LookedAt
  readonly sinceMs: number
}

export function sizesQuery(db: Kysely<Schema>, { rows, sinceMs }: Summed) {
  return db
    .selectFrom('profile')
    .innerJoin('blob as raw', 'raw.id', 'profile.rawBlobId')
    .leftJoin('analysis', 'analysis.id', 'profile.currentAnalysisId')
    .leftJoin('blob as columns', 'columns.id', 'analysis.columnsBlobId')
    .where(isLookedAt('profile', rows))
    .where('profile.deletedAtMs', 'is', null)
    .where('profile.type', 'is not', null)
    .groupBy('profile.type')
    .select(({ fn, eb }) => [
      'profile.type',
      fn.countAll<number>().as('profileCount'),
      fn
        .sum<number>(
          eb
            .case()
            .when('profile.receivedAtMs', '>=', sinceMs)
            .then(eb.lit(1))
            .else(eb.lit(0))
            .end(),
        )
        .as('recentCount'),
      fn.sum<number>('raw.sizeBytes').as('rawBytes'),
      fn.sum<number | null>('columns.sizeBytes').as('columnsBytes'),
    ])
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
