import type { Settings } from './settings.ts'

/** For messages: the folder, or the database and the bucket, without credentials. */
export function placeOf({ store, blobs }: Settings): string {
  const rows = placeOfRows(store)
  return blobs.kind === 's3' ? `${rows} and bucket ${blobs.s3Bucket}/${blobs.s3Prefix}` : rows
}

function placeOfRows({ kind, directory, postgresUrl }: Settings['store']): string {
  if (kind === 'sqlite') return directory
  if (!URL.canParse(postgresUrl)) return 'Postgres'
  const { host, pathname } = new URL(postgresUrl)
  return `Postgres ${host}${pathname}`
}
