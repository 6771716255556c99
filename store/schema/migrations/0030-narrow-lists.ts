import { sql, type Kysely } from 'kysely'

/** Lists of a type, an instance or a cluster that few have are read from an index, in the order of arrival. */
export async function createNarrowLists(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('profileType')
    .on('profile')
    .columns(['space', 'type', 'id'])
    .execute()
  await sql`create index "profileInstance" on "profile" ("instance", "id")
    where "instance" is not null`.execute(db)
  await db.schema.createIndex('captureCluster').on('capture').columns(['cluster', 'id']).execute()
}
