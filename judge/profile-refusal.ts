import { AppError, type ErrorCode } from '../api/errors.ts'
import {
  explainBytes,
  faultOf,
  type ProfileFault,
  type ProfileFormatError,
} from '../profile/index.ts'

const CODES: Readonly<Record<ProfileFault, ErrorCode>> = {
  invalid: 'PROFILE_INVALID',
  too_large: 'PROFILE_TOO_LARGE',
  unsupported_encoding: 'UNSUPPORTED_ENCODING',
  not_a_profile: 'NOT_A_PROFILE',
}

/** Says what is wrong with an upload that begins with these bytes, when that can be told at once. */
export function refuseHead(head: Uint8Array): AppError | null {
  const error = explainBytes(head)
  return error === null || mayBeRead(error.reason, head) ? null : toAppError(error)
}

/**
 * One of the keys of a speedscope file: the name of the format may stand behind hundreds of kilobytes of frames.
 * https://www.speedscope.app/file-format-schema.json
 */
const SPEEDSCOPE_START =
  /^\s*\{\s*"(?:\$schema|shared|profiles|name|activeProfileIndex|exporter|version)"\s*:/

/** Other formats may be profiles: Go's dumps, old ones, folded stacks, speedscope. Reading them whole shows which. */
function mayBeRead(reason: string, head: Uint8Array): boolean {
  const text = new TextDecoder().decode(head)
  if (reason === 'legacy_text' || reason === 'legacy_cpu') return true
  if (reason === 'json') return SPEEDSCOPE_START.test(text) || text.includes('speedscope')
  return (
    reason === 'text' && /^\s*(goroutine \d+ .*:$|.*\S \d+$)/m.test(text.split('\n', 3).join('\n'))
  )
}

/** What the decoder says of the bytes, in the words of the catalogue. */
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
