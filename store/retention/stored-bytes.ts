import { type Expression, type Kysely, sql } from 'kysely'
import type { Schema } from '../schema/schema.ts'

/** From an index of the sizes alone. */
export function bytesByKindQuery(db: Kysely<Schema>) {
  return db
    .selectFrom('blob')
    .select(({ fn }) => ['kind', fn.sum<number>('sizeBytes').as('bytes')])
    .groupBy('kind')
}

/**
 * All captures and profiles that are not deleted, with the data derived from them: everything but history, less the little
 * that the next sweep deletes.
 */
export async function storedBytes(db: Kysely<Schema>): Promise<number> {
  let count = 0
  for (const { kind, bytes } of await bytesByKindQuery(db).execute()) {
    if (kind !== 'block') count += bytes
  }
  for (const query of Object.values(leavingQueries(db))) {
    const { bytes } = await query.executeTakeFirstOrThrow()
    count -= bytes ?? 0
  }
  return count
}

/** The bytes of deleted profiles, of their columns, of superseded columns, and of the files of deleted captures. */
export function leavingQueries(db: Kysely<Schema>) {
  const deletedProfiles = db.selectFrom('profile').where('deletedAtMs', 'is not', null)
  const deletedCaptures = db.selectFrom('capture').where('deletedAtMs', 'is not', null)
  const columns = db.selectFrom('analysis').select('columnsBlobId')
  return {
    profiles: sizeOf(db, deletedProfiles.select('rawBlobId')),
    columns: sizeOf(db, columns.where('profileId', 'in', deletedProfiles.select('id'))),
    superseded: sizeOf(
      db,
      columns
        .where('supersededAtMs', 'is not', null)
        .where('id', 'not in', (query) =>
          query
            .selectFrom('profile')
            .select('currentAnalysisId')
            .whereRef('profile.id', '=', 'analysis.profileId'),
        )
        .where('profileId', 'not in', deletedProfiles.select('id')),
    ),
    files: sizeOf(
      db,
      db
        .selectFrom('captureFile')
        .select('blobId')
        .where('captureId', 'in', deletedCaptures.select('id')),
    ),
  }
}

function sizeOf(db: Kysely<Schema>, ids: Expression<unknown>) {
  return db
    .selectFrom('blob')
    .select(({ fn }) => fn.sum<number | null>('sizeBytes').as('bytes'))
    .where(sql<boolean>`"id" in ${ids}`)
}
