import type { Kysely } from 'kysely'

/** Links to captures and to comparisons, and how often each was opened. */
export async function createLinkSubjects(db: Kysely<unknown>): Promise<void> {
  for (const column of ['captureId', 'beforeProfileId']) {
    await db.schema.alterTable('link').addColumn(column, 'text').execute()
  }
  await db.schema
    .alterTable('link')
    .addColumn('viewCount', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute()
  await db.schema.alterTable('link').addColumn('lastViewedAtMs', 'bigint').execute()
  await db.schema.createIndex('linkSpace').on('link').columns(['space', 'id']).execute()
}
