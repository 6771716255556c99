import { AppError, isErrorCode } from '../../api/index.ts'
import type { StoredProfile } from './profile-store.ts'

/** Why the profile has no report, columns or views: it is not ready, or its analysis failed. */
export function stateError({ id, status, failure }: StoredProfile): AppError {
  if (failure === null) {
    return new AppError('PROFILE_NOT_READY', { details: { status }, retryAfterSeconds: 1 })
  }
  const { code, message, reason, offsetBytes } = failure
  return new AppError(isErrorCode(code) ? code : 'PROFILE_INVALID', {
    message,
    details: {
      profileId: id,
      status,
      ...(reason === null ? {} : { reason }),
      ...(offsetBytes === null ? {} : { offsetBytes }),
    },
  })
}
