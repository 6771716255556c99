import type { Kysely } from 'kysely'

/** Spaces, and which of them each profile, capture, target and link belongs to. */
export async function createSpaces(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('space')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('createdAtMs', 'bigint', (column) => column.notNull())
    .execute()
  for (const table of ['profile', 'capture', 'target', 'link'] as const) {
    await db.schema
      .alterTable(table)
      .addColumn('space', 'text', (column) => column.notNull().defaultTo('default'))
      .execute()
  }
  await db.schema.createIndex('profileSpace').on('profile').columns(['space', 'id']).execute()
  await db.schema.createIndex('captureSpace').on('capture').columns(['space', 'id']).execute()
}
