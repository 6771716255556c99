import { sql, type Kysely } from 'kysely'

/**
 * Lists of a time range, and of a status, are read from an index, in its order. The time is an expression, so that no
 * writer of `takenAtMs` has to keep a second column.
 */
export async function createListsByTime(db: Kysely<unknown>): Promise<void> {
  const profileAt = sql`(coalesce("takenAtMs", "receivedAtMs"))`
  const captureAt = sql`(coalesce("startedAtMs", "createdAtMs"))`
  for (const [column, suffix] of [
    ['space', ''],
    ['target', 'Target'],
    ['component', 'Component'],
  ] as const) {
    await sql`create index ${sql.ref(`profileTime${suffix}`)} on "profile"
      (${sql.ref(column)}, ${profileAt}, "id")`.execute(db)
    await sql`create index ${sql.ref(`captureTime${suffix}`)} on "capture"
      (${sql.ref(column)}, ${captureAt}, "id")`.execute(db)
  }
  await db.schema
    .createIndex('analysisState')
    .on('analysis')
    .columns(['state', 'profileId'])
    .execute()
}
