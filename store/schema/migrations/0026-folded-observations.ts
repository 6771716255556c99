import type { Kysely } from 'kysely'

/** How many observations one stands for, and up to when those of a subject were folded. */
export async function createFoldedObservations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('findingObservation')
    .addColumn('foldCount', 'integer', (column) => column.notNull().defaultTo(1))
    .execute()
  await db.schema
    .alterTable('findingSubject')
    .addColumn('foldedToMs', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute()
}
