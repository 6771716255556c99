import { sql, type Kysely } from 'kysely'

/**
 * The captures and profiles nearest to one in time, of the same process, are read from an index in their order. Those
 * that name no process have indexes of their own: where most are collected, they are few and far apart.
 */
export async function createNearest(db: Kysely<unknown>): Promise<void> {
  const captureAt = sql`(coalesce("startedAtMs", "createdAtMs"))`
  const profileAt = sql`(coalesce("takenAtMs", "receivedAtMs"))`
  await db.schema.dropIndex('captureProcess').execute()
  await sql`create index "captureTimeProcess" on "capture" ("processKey", ${captureAt}, "id")`.execute(
    db,
  )
  await sql`create index "captureTimeInstance" on "capture"
    ("target", "instance", ${captureAt}, "id")`.execute(db)
  await sql`create index "captureTimeUnnamed" on "capture"
    ("space", "component", ${captureAt}, "id")
    where "target" is null and "instance" is null`.execute(db)
  await sql`create index "profileTimeUnnamed" on "profile"
    ("space", "component", "type", ${profileAt}, "id")
    where "target" is null and "instance" is null`.execute(db)
}
