import { sql, type Kysely } from 'kysely'

/** An upload that did not say when its capture ended had the time of the upload as its end. */
export async function forgetUploadTimes(db: Kysely<unknown>): Promise<void> {
  await sql`update "capture" set "finishedAtMs" = null
    where "dedupeKey" is not null and "finishedAtMs" = "createdAtMs"`.execute(db)
}
