import type { Kysely } from 'kysely'

/** Profiles that retention keeps. */
export async function createPinnedProfiles(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('profile').addColumn('pinnedAtMs', 'bigint').execute()
}
