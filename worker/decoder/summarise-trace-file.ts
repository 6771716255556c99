import { AppError } from '../../api/errors.ts'
import type { TraceReply } from '../../api/index.ts'
import { ProfileFormatError, summariseTrace } from '../../profile/index.ts'
import type { BlobKey, BlobStore } from '../../store/index.ts'
import { inflateTrace, toAppError } from '../../judge/index.ts'

/**
 * Summarises a stored execution trace. Throws PROFILE_INVALID, PROFILE_TOO_LARGE or BLOB_MISSING.
 */
export async function summariseTraceFile(
  blobs: Pick<BlobStore, 'get'>,
  key: BlobKey,
): Promise<Omit<TraceReply, 'fileName'>> {
  const stored = await blobs.get(key)
  if (stored === null) throw new AppError('BLOB_MISSING')
  try {
    return summariseTrace(inflateTrace(stored))
  } catch (error) {
    if (!(error instanceof ProfileFormatError)) throw error
    throw toAppError(error)
  }
}
