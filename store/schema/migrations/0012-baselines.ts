import type { Kysely } from 'kysely'

/** What is normal for each process whose findings are followed. */
export async function createBaselines(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('baselineCapture')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('subjectId', 'text', (column) => column.notNull().references('findingSubject.id'))
    .addColumn('atMs', 'bigint', (column) => column.notNull())
    .addColumn('version', 'text')
    .addColumn('levels', 'text')
    .execute()
  await db.schema
    .createTable('baselineHour')
    .addColumn('subjectId', 'text', (column) => column.notNull().references('findingSubject.id'))
    .addColumn('hourMs', 'bigint', (column) => column.notNull())
    .addColumn('version', 'text')
    .addColumn('levels', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('baselineHourKey', ['subjectId', 'hourMs'])
    .execute()
  await db.schema
    .createIndex('baselineCaptureTime')
    .on('baselineCapture')
    .columns(['subjectId', 'atMs'])
    .execute()
}
