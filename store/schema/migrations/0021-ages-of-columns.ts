import { type Kysely, sql } from 'kysely'

/** The oldest columns are found without reading the analyses whose columns are gone. */
export async function createAgesOfColumns(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('analysisColumnsByAge')
    .on('analysis')
    .column('finishedAtMs')
    .where(sql.ref('columnsBlobId'), 'is not', null)
    .execute()
}
