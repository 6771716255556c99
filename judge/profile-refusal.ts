import type { AppError } from '../api/errors.ts'
import { readProfile } from '../gzip/node.ts'
import { explainBytes, ProfileFormatError } from '../profile/index.ts'
import { toAppError } from './to-app-error.ts'

/**
 * The error of an upload that begins with these bytes, if they show that it is not a profile; else null. `isWhole`
 * means that the bytes are the whole upload.
 */
export function refuseHead(head: Uint8Array, isWhole = false): AppError | null {
  if (isGzip(head)) return null
  const error = explainBytes(head)
  if (error === null) return null
  if (!MAY_HOLD_PROFILES.has(error.reason)) return toAppError(error)
  const fault = isWhole ? faultOfReading(head) : null
  return fault === null ? null : toAppError(fault)
}

/** As most uploads are: what it holds is found when it is read. */
function isGzip([first, second]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b
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
