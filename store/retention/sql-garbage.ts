import type { Kysely, Transaction } from 'kysely'
import type { Garbage } from './garbage.ts'
import type { BlobKey } from '../blobs/blob-store.ts'
import { isLookedAt, type Look, type Looked, lookAt, type LookedAt } from '../database/look.ts'
import { forgetObserved } from '../findings/forget-observed.ts'
import { retire } from './retire.ts'
import type { Schema } from '../schema/schema.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'
import { bytesByKindQuery } from './stored-bytes.ts'

const LINK_KEPT_MS = 30 * 24 * 3600 * 1000

export function sqlGarbage({ db, write, now }: SqlStoreOptions): Garbage {
  return {
    retire: (rules, limit) => write((trx) => retire(trx, { rules, limit }, now())),
    async deleteRows(limit) {
      const blobs = [
        ...(await write((trx) => deleteSuperseded(trx, limit))),
        ...(await write((trx) => deleteRemoved(trx, limit))),
        ...(await write((trx) => deleteRemovedCaptures(trx, limit))),
      ]
      await write((trx) =>
        trx
          .deleteFrom('link')
          .where('expiresAtMs', '<', now() - LINK_KEPT_MS)
          .execute(),
      )
      return blobs
    },
    markSuperseded: (look) => markSuperseded({ db, write, now }, look),
    forgetColumns: (beforeMs, limit) => write((trx) => forgetColumns(trx, { beforeMs, limit })),
    forgetObserved: (request) => write((trx) => forgetObserved(trx, request)),
    bytesByKind: () => bytesByKindQuery(db).execute(),
    async unknownKeys(keys) {
      if (keys.length === 0) return []
      const rows = await db.selectFrom('blob').select('id').where('id', 'in', keys).execute()
      const known = new Set(rows.map(({ id }) => id))
      return keys.filter((key) => !known.has(key))
    },
  }
}

async function deleteSuperseded(
  trx: Transaction<Schema>,
  limit: number,
): Promise<readonly BlobKey[]> {
  const old = await markedQuery(trx).limit(limit).execute()
  await deleteAnalyses(trx, old)
  return deleteBlobs(
    trx,
    old.map(({ columnsBlobId }) => columnsBlobId),
  )
}

/** The analyses that were marked when a newer one of the same profile replaced them. */
export function markedQuery(db: Kysely<Schema>) {
  return supersededQuery(db).where('analysis.supersededAtMs', 'is not', null)
}

/** A mark alone deletes nothing: what it said may hold no longer. */
function supersededQuery(db: Kysely<Schema>) {
  return db
    .selectFrom('analysis')
    .innerJoin('profile', 'profile.id', 'analysis.profileId')
    .innerJoin('analysis as current', 'current.id', 'profile.currentAnalysisId')
    .select(['analysis.id', 'analysis.columnsBlobId'])
    .where('current.state', '=', 'ready')
    .where('analysis.state', 'not in', ['received', 'analysing'])
    .whereRef('analysis.id', '<', 'current.id')
}

function markSuperseded({ db, write, now }: SqlStoreOptions, look: Look): Promise<Looked> {
  return lookAt(db, 'profile', look, {
    find: (rows) => unmarkedQuery(db, rows).execute(),
    async change(_, found) {
      const ids = found.map(({ id }) => id)
      const { numUpdatedRows } = await write((trx) =>
        trx
          .updateTable('analysis')
          .set({ supersededAtMs: now() })
          .where('id', 'in', ids)
          .executeTakeFirst(),
      )
      return Number(numUpdatedRows)
    },
  })
}

/** Those that an older program did not mark. */
export function unmarkedQuery(db: Kysely<Schema>, rows: LookedAt) {
  return supersededQuery(db)
    .where('analysis.supersededAtMs', 'is', null)
    .where(isLookedAt('profile', rows))
}

interface Old {
  readonly beforeMs: number
  readonly limit: number
}

/** The columns of whole files, the oldest first. */
export function oldColumnsQuery(db: Kysely<Schema>, { beforeMs, limit }: Old) {
  return db
    .selectFrom('analysis')
    .select(['id', 'columnsBlobId'])
    .where('columnsBlobId', 'is not', null)
    .where('finishedAtMs', '<', beforeMs)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('profile')
            .innerJoin('blob', 'blob.id', 'profile.rawBlobId')
            .select('blob.id')
            .whereRef('profile.id', '=', 'analysis.profileId')
            .where('blob.fault', 'is not', null),
        ),
      ),
    )
    .orderBy('finishedAtMs')
    .limit(limit)
}

async function forgetColumns(trx: Transaction<Schema>, rules: Old): Promise<readonly BlobKey[]> {
  const old = await oldColumnsQuery(trx, rules).execute()
  if (old.length === 0) return []
  await trx
    .updateTable('analysis')
    .set({ columnsBlobId: null })
    .where(
      'id',
      'in',
      old.map(({ id }) => id),
    )
    .execute()
  return deleteBlobs(
    trx,
    old.map(({ columnsBlobId }) => columnsBlobId),
  )
}

/** Removed profiles that history does not read first. */
export function removedQuery(db: Kysely<Schema>) {
  return db
    .selectFrom('profile')
    .select(['id', 'rawBlobId'])
    .where('deletedAtMs', 'is not', null)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('historyProfile')
            .select('historyProfile.profileId')
            .whereRef('historyProfile.profileId', '=', 'profile.id')
            .where('historyProfile.state', 'in', ['pending', 'stale', 'replaced']),
        ),
      ),
    )
}

/** All rows of removed profiles. Their links stay, without a profile. */
async function deleteRemoved(trx: Transaction<Schema>, limit: number): Promise<readonly BlobKey[]> {
  const profiles = await removedQuery(trx).limit(limit).execute()
  if (profiles.length === 0) return []
  const ids = profiles.map(({ id }) => id)
  const analyses = await trx
    .selectFrom('analysis')
    .select(['id', 'columnsBlobId'])
    .where('profileId', 'in', ids)
    .execute()
  await deleteAnalyses(trx, analyses)
  await trx.deleteFrom('captureFile').where('profileId', 'in', ids).execute()
  await trx
    .deleteFrom('historyProfile')
    .where('profileId', 'in', ids)
    .where('state', 'in', ['failed', 'expired'])
    .execute()
  await trx.deleteFrom('profileLabel').where('profileId', 'in', ids).execute()
  for (const column of ['profileId', 'beforeProfileId'] as const) {
    await trx.updateTable('link').set(column, null).where(column, 'in', ids).execute()
  }
  await trx.deleteFrom('profile').where('id', 'in', ids).execute()
  return deleteBlobs(trx, [
    ...profiles.map(({ rawBlobId }) => rawBlobId),
    ...analyses.map(({ columnsBlobId }) => columnsBlobId),
  ])
}

export function removedCapturesQuery(db: Kysely<Schema>) {
  return db
    .selectFrom('capture')
    .select('id')
    .where('deletedAtMs', 'is not', null)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('captureFile')
            .select('captureFile.name')
            .whereRef('captureFile.captureId', '=', 'capture.id')
            .where('captureFile.profileId', 'is not', null),
        ),
      ),
    )
}

/** All rows of removed captures whose profiles are gone. */
async function deleteRemovedCaptures(
  trx: Transaction<Schema>,
  limit: number,
): Promise<readonly BlobKey[]> {
  const captures = await removedCapturesQuery(trx).limit(limit).execute()
  if (captures.length === 0) return []
  const ids = captures.map(({ id }) => id)
  const files = await trx
    .deleteFrom('captureFile')
    .where('captureId', 'in', ids)
    .returning('blobId')
    .execute()
  for (const table of ['captureLabel', 'captureReport', 'captureJudgement'] as const) {
    await trx.deleteFrom(table).where('captureId', 'in', ids).execute()
  }
  await trx
    .updateTable('capture')
    .set({ previousCaptureId: null })
    .where('previousCaptureId', 'in', ids)
    .execute()
  await trx.deleteFrom('capture').where('id', 'in', ids).execute()
  return deleteBlobs(
    trx,
    files.map(({ blobId }) => blobId),
  )
}

async function deleteAnalyses(
  db: Kysely<Schema>,
  analyses: readonly { readonly id: string }[],
): Promise<void> {
  const ids = analyses.map(({ id }) => id)
  if (ids.length === 0) return
  await db.deleteFrom('report').where('analysisId', 'in', ids).execute()
  await db.deleteFrom('analysis').where('id', 'in', ids).execute()
}

async function deleteBlobs(
  db: Kysely<Schema>,
  keys: readonly (BlobKey | null)[],
): Promise<readonly BlobKey[]> {
  const there = keys.filter((key) => key !== null)
  if (there.length > 0) await db.deleteFrom('blob').where('id', 'in', there).execute()
  return there
}
