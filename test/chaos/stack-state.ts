import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Stack } from '../stack/open-stack.ts'
import { PROFILES_QUERY, type StoredState, toProfile } from './judge-history.ts'

/** What its Postgres and S3 hold, read without kubeprof. */
export async function readStack({
  postgres,
  databaseUrl,
  s3,
}: Pick<Stack, 'postgres' | 'databaseUrl' | 's3'>): Promise<StoredState> {
  const blobs = await postgres.run('select "id" from "blob"', databaseUrl)
  const paths = await readdir(s3.objects, { recursive: true })
  return {
    blobIds: blobs.map(({ id }) => String(id)),
    fileKeys: new Set(paths.map((path) => basename(path))),
    profiles: (await postgres.run(PROFILES_QUERY, databaseUrl)).map(toProfile),
    integrity: 'ok',
  }
}

/** Columns that no analysis refers to: those of a second ending that was taken. */
export async function endedTwice({
  postgres,
  databaseUrl,
}: Pick<Stack, 'postgres' | 'databaseUrl'>): Promise<readonly unknown[]> {
  return postgres.run(
    `select "id" from "blob" where "kind" = 'columns'
     and not exists (select 1 from "analysis" where "columnsBlobId" = "blob"."id")`,
    databaseUrl,
  )
}
