import { AppError, type ErrorCode } from '../api/errors.ts'
import { faultOf, type ProfileFault, type ProfileFormatError } from '../profile/index.ts'

const CODES: Readonly<Record<ProfileFault, ErrorCode>> = {
  invalid: 'PROFILE_INVALID',
  too_large: 'PROFILE_TOO_LARGE',
  unsupported_encoding: 'UNSUPPORTED_ENCODING',
  not_a_profile: 'NOT_A_PROFILE',
}

/** The decoder's error as one of the error catalogue. */
export function toAppError(error: ProfileFormatError): AppError {
  const { message, reason, offsetBytes } = error
  return new AppError(CODES[faultOf(error)], {
    message: sentence(message),
    details: { reason, ...(offsetBytes === null ? {} : { offsetBytes }) },
    cause: error,
  })
}

/** Starts with a capital, unless it starts with a name of the format: `time_nanos has wire type 1`. */
function sentence(text: string): string {
  const isName = /^\w*[_[]/.test(text)
  const start = isName ? text.charAt(0) : text.charAt(0).toUpperCase()
  return `${start}${text.slice(1)}${/[.?]$/.test(text) ? '' : '.'}`
}
