import type { TraceReply } from '../../../api/index.ts'
import { ProfileFormatError, summariseTrace } from '../../../profile/index.ts'
import { type BlobKey, type BlobStore, readBlob } from '../../../store/blobs.ts'
import { inflateTrace, toAppError } from '../../../judge/index.ts'

/**
 * Summarises a stored execution trace. Throws PROFILE_INVALID, PROFILE_TOO_LARGE,
 * BLOB_MISSING or BLOB_CORRUPT.
 */
export async function summariseTraceFile(
  blobs: Pick<BlobStore, 'get'>,
  key: BlobKey,
): Promise<Omit<TraceReply, 'fileName'>> {
  const stored = await readBlob(blobs, key)
  try {
    return summariseTrace(inflateTrace(stored))
  } catch (error) {
    if (!(error instanceof ProfileFormatError)) throw error
    throw toAppError(error)
  }
}
