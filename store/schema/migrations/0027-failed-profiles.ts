import { sql, type Kysely } from 'kysely'

/** How few profiles failed, beside their times: the list of those of a time range is read from an index of them alone. */
export async function createFailedProfiles(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('profile').addColumn('failedState', 'text').execute()
  await sql`update "profile" set "failedState" = (
    select "state" from "analysis" where "analysis"."id" = "profile"."currentAnalysisId")
    where "currentAnalysisId" in (
      select "id" from "analysis" where "state" in ('failed', 'quarantined'))`.execute(db)
  await sql`create index "profileTimeFailed" on "profile"
    ("failedState", (coalesce("takenAtMs", "receivedAtMs")), "id")
    where "failedState" is not null`.execute(db)
}
