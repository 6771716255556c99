import { AppError, type ErrorCode } from '../api/errors.ts'
import { readProfile } from '../gzip/node.ts'
import { explainBytes, faultOf, type ProfileFault, ProfileFormatError } from '../profile/index.ts'

const CODES: Readonly<Record<ProfileFault, ErrorCode>> = {
  invalid: 'PROFILE_INVALID',
  too_large: 'PROFILE_TOO_LARGE',
  unsupported_encoding: 'UNSUPPORTED_ENCODING',
  not_a_profile: 'NOT_A_PROFILE',
}

/**
 * The error of an upload that begins with these bytes, if they show that it is not a profile; else null. `isWhole`
 * means that the bytes are the whole upload.
 */
export function refuseHead(head: Uint8Array, isWhole = false): AppError | null {
  const error = explainBytes(head)
  if (error === null) return null
  if (!MAY_HOLD_PROFILES.has(error.reason)) return toAppError(error)
  const fault = isWhole ? faultOfReading(head) : null
  return fault === null ? null : toAppError(fault)
}

/** Texts may be folded stacks, speedscope or base64, or have goroutines further on; Node reads zstd. */
const MAY_HOLD_PROFILES: ReadonlySet<string> = new Set([
  'text',
  'json',
  'legacy_text',
  'legacy_cpu',
  'zstd',
])

/** Null if the bytes can be read. */
function faultOfReading(bytes: Uint8Array): ProfileFormatError | null {
  try {
    readProfile(bytes)
    return null
  } catch (error) {
    if (error instanceof ProfileFormatError) return error
    throw error
  }
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
