import type { Kysely } from 'kysely'

/** Which blobs the database belongs to, and what is known of the bytes of each blob. */
export async function createSafety(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('installation')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('mark', 'bigint', (column) => column.notNull())
    .addColumn('newestRowAtMs', 'bigint')
    .addColumn('acceptedAtMs', 'bigint')
    .addColumn('stopJson', 'text')
    .execute()
  await db.schema
    .alterTable('blob')
    .addColumn('checkedAtMs', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute()
  await db.schema.alterTable('blob').addColumn('fault', 'text').execute()
  const indexes = [
    ['blobCreatedAt', ['createdAtMs']],
    ['blobCheckedAt', ['checkedAtMs']],
    ['blobFault', ['fault']],
  ] as const
  for (const [name, columns] of indexes) {
    await db.schema
      .createIndex(name)
      .on('blob')
      .columns([...columns])
      .execute()
  }
}
