import type { Kysely } from 'kysely'

/** Lists of one type of profile of a target are read from an index, in their order. */
export async function createLists(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('profileTargetType')
    .on('profile')
    .columns(['target', 'type', 'id'])
    .execute()
}
