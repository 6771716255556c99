import { sql, type Kysely } from 'kysely'

/** What sweeps look for at every turn is in indexes of its own, however much there is beside. */
export async function createSupersededAnalyses(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('analysis').addColumn('supersededAtMs', 'bigint').execute()
  await sql`update "analysis" set "supersededAtMs" = 0
    where "state" in ('ready', 'failed', 'quarantined') and "id" < (
      select "current"."id" from "profile"
      join "analysis" as "current" on "current"."id" = "profile"."currentAnalysisId"
      where "profile"."id" = "analysis"."profileId" and "current"."state" = 'ready')`.execute(db)
  await sql`create index "analysisSuperseded" on "analysis" ("columnsBlobId")
    where "supersededAtMs" is not null`.execute(db)
  await sql`create index "profileLone" on "profile" ("captureId", "id")
    where "captureId" is null and "deletedAtMs" is null`.execute(db)
  await sql`create index "profilePinned" on "profile" ("captureId")
    where "pinnedAtMs" is not null`.execute(db)
  await sql`create index "historyProfileNumbered" on "historyProfile" ("state", "atMs")
    where "number" is not null`.execute(db)
  await createBlobIndexes(db)
  await createLevelIndexes(db)
}

/** Lists of those with a worst finding of a level. */
async function createLevelIndexes(db: Kysely<unknown>): Promise<void> {
  for (const [level, suffix] of [
    ['critical', 'Critical'],
    ['warning', 'Warning'],
  ] as const) {
    const isOfLevel = sql`"worstFindingJson" like ${sql.lit(`%"level":"${level}"%`)}`
    await sql`create index ${sql.ref(`analysis${suffix}`)} on "analysis" ("profileId")
      where ${isOfLevel}`.execute(db)
    await sql`create index ${sql.ref(`capture${suffix}`)} on "capture" ("space", "id")
      where ${isOfLevel}`.execute(db)
  }
}

/** The sizes of all, and the few that are damaged. */
async function createBlobIndexes(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('blobSize').on('blob').columns(['kind', 'sizeBytes']).execute()
  await db.schema.dropIndex('blobFault').execute()
  await sql`create index "blobFaulty" on "blob" ("id") where "fault" is not null`.execute(db)
}
