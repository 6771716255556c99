import { type Profile, readViewQuery, redactProfile } from '../../../profile/index.ts'
import type { BlobStore } from '../../../store/index.ts'
import type { ViewTask } from '../../pool/decoder-task.ts'
import { compileRe2 } from '../compile-re2.ts'
import { readStored } from '../viewed-profiles.ts'
import { packColumns } from '../pack-columns.ts'

/** What the redaction of a task leaves of its profile. Throws BLOB_MISSING, a RegexError or a SampleTypeError. */
export async function readRedacted(
  blobs: Pick<BlobStore, 'get'>,
  { bytes, redaction = null }: ViewTask<unknown>,
): Promise<Profile> {
  const profile = await readStored(blobs, bytes)
  if (redaction === null) return profile
  const { labels, only } = redaction
  if (only === null) return redactProfile(profile, { labels, only })
  const { sampleTypeIndex, filters = [] } = readViewQuery(profile, only, compileRe2)
  return redactProfile(profile, { labels, only: { sampleTypeIndex, filters } })
}

/** The columns of a profile, redacted, for a viewer. */
export async function computeColumns(
  blobs: Pick<BlobStore, 'get'>,
  task: ViewTask<unknown>,
): Promise<Uint8Array> {
  return packColumns(await readRedacted(blobs, task))
}
