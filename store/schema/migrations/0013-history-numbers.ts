import type { Kysely } from 'kysely'

/** Numbers of what lies in ClickHouse: rows of small numbers in rising order take a few bits each. */
export async function createHistoryNumbers(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('historyProfile').addColumn('number', 'bigint').execute()
  await db.schema
    .createTable('historyCounter')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('next', 'bigint', (column) => column.notNull())
    .execute()
}
