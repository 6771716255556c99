import type { Kysely } from 'kysely'

/** The rows that name the blocks of history. Profiles outlive their files there, so nothing refers to their rows. */
export async function createHistory(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('historyGroup')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('leaseToken', 'text')
    .addColumn('leaseUntilMs', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute()
  await db.schema
    .createTable('historySeries')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('groupId', 'text', (column) => column.notNull().references('historyGroup.id'))
    .addColumn('process', 'text', (column) => column.notNull())
    .addColumn('labelsJson', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('historyBlock')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('groupId', 'text', (column) => column.notNull().references('historyGroup.id'))
    .addColumn('blobId', 'text', (column) => column.notNull().references('blob.id'))
    .addColumn('shape', 'text', (column) => column.notNull())
    .addColumn('dayMs', 'bigint', (column) => column.notNull())
    .addColumn('fromMs', 'bigint', (column) => column.notNull())
    .addColumn('lastMs', 'bigint', (column) => column.notNull())
    .addColumn('isWholeDay', 'integer', (column) => column.notNull())
    .addColumn('profileCount', 'integer', (column) => column.notNull())
    .addColumn('sizeBytes', 'bigint', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('historyProfile')
    .addColumn('profileId', 'text', (column) => column.primaryKey())
    .addColumn('groupId', 'text', (column) => column.notNull().references('historyGroup.id'))
    .addColumn('seriesId', 'text', (column) => column.notNull().references('historySeries.id'))
    .addColumn('atMs', 'bigint', (column) => column.notNull())
    .addColumn('dayMs', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('decoderVersion', 'text', (column) => column.notNull())
    .addColumn('blockId', 'text', (column) => column.references('historyBlock.id'))
    .addColumn('changedAtMs', 'bigint', (column) => column.notNull())
    .execute()
  const indexes = [
    ['historyProfileState', 'historyProfile', ['state', 'groupId', 'dayMs']],
    ['historyProfileTime', 'historyProfile', ['groupId', 'atMs']],
    ['historyProfileBlock', 'historyProfile', ['blockId']],
    ['historyBlockTime', 'historyBlock', ['groupId', 'dayMs']],
    ['historyBlockDay', 'historyBlock', ['isWholeDay', 'dayMs']],
    ['historyBlockBlob', 'historyBlock', ['blobId']],
  ] as const
  for (const [name, table, columns] of indexes) {
    await db.schema
      .createIndex(name)
      .on(table)
      .columns([...columns])
      .execute()
  }
}
