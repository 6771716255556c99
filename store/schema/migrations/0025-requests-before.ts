import type { Kysely } from 'kysely'

/** What a process had served when a capture of it began; `requestCount` is of its end. */
export async function createRequestsBefore(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('capture').addColumn('requestCountBefore', 'bigint').execute()
}
