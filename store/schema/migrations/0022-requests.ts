import type { Kysely } from 'kysely'

/** What a process had served when a capture was taken, and the metric that counts it. */
export async function createRequests(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('capture').addColumn('requestMetric', 'text').execute()
  await db.schema.alterTable('capture').addColumn('requestCount', 'bigint').execute()
}
