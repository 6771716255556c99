import { type Kysely, sql } from 'kysely'

/** Spaces of history, and its roll-ups: blocks of hours and days. */
export async function createHistoryTiers(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('historyGroup')
    .addColumn('space', 'text', (column) => column.notNull().defaultTo('default'))
    .execute()
  await db.schema
    .alterTable('historyBlock')
    .addColumn('level', 'text', (column) => column.notNull().defaultTo('full'))
    .execute()
  await db.schema
    .createTable('historyDay')
    .addColumn('groupId', 'text', (column) => column.notNull().references('historyGroup.id'))
    .addColumn('dayMs', 'bigint', (column) => column.notNull())
    .addColumn('isRolledUp', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('historyDayKey', ['groupId', 'dayMs'])
    .execute()
  await db.schema
    .createIndex('historyDayRolledUp')
    .on('historyDay')
    .columns(['isRolledUp', 'dayMs'])
    .execute()
  await db.schema
    .createIndex('historyBlockLevel')
    .on('historyBlock')
    .columns(['level', 'lastMs'])
    .execute()
  await leaveDefaultSpace(db)
  // Days that are over are packed once more, which makes their roll-ups.
  await sql`update "historyBlock" set "isWholeDay" = 0`.execute(db)
}

/**
 * Groups were of all spaces. Profiles of other spaces leave them, and enter those of their own space where their files
 * are there; where the file is gone and the target is of several spaces, no one can say whose the profile was.
 */
async function leaveDefaultSpace(db: Kysely<unknown>): Promise<void> {
  await sql`update "historyProfile" set "state" = 'dropped' where "profileId" in
    (select "id" from "profile" where "space" <> 'default')`.execute(db)
  await sql`update "historyProfile" set "state" = 'dropped' where "profileId" not in
    (select "id" from "profile") and "groupId" in (select "historyGroup"."id" from "historyGroup"
    join "profile" on "profile"."target" = "historyGroup"."target"
    where "profile"."space" <> 'default')`.execute(db)
}
