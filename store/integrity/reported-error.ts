import { AppError } from '../../api/index.ts'
import { faultOf } from '../blobs/verify.ts'
import type { Integrity } from './integrity.ts'

/**
 * For readers of blobs: reports a damaged blob, and returns the error for the caller: BLOB_CORRUPT or
 * BLOB_MISSING, or one that asks to try again when the damage was repaired or the blob deleted. Any
 * other error is returned as it is.
 */
export async function reportedError(
  integrity: Pick<Integrity, 'report'>,
  error: unknown,
): Promise<unknown> {
  const found = faultOf(error)
  if (found === null) return error
  const outcome = await integrity.report(found.key, found.fault)
  if (outcome === 'lost') return error
  if (outcome === 'restored') {
    return new AppError('STORAGE_FAILED', {
      message: 'The stored bytes were not in their place and were put back; ask again.',
      retryAfterSeconds: 1,
      cause: error,
    })
  }
  if (outcome === 'deleted') {
    return new AppError('PROFILE_NOT_READY', {
      message: 'The stored bytes were deleted meanwhile; ask again.',
      retryAfterSeconds: 1,
      cause: error,
    })
  }
  return new AppError('PROFILE_NOT_READY', {
    message: 'The decoded profile was damaged and is computed again; ask again in a moment.',
    retryAfterSeconds: 2,
    cause: error,
  })
}
