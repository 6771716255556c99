import { LineReader } from './line-reader.ts'
import { mergeProfiles } from '../combine/merge-profiles.ts'
import { ProfileFormatError } from '../profile-format-error.ts'
import { profileFromFolded } from './profile-from-folded.ts'
import { DEFAULT_PROFILE_LIMITS, type ProfileLimits } from '../decode/profile-limits.ts'
import type { Profile } from '../types.ts'
import { decodeUtf8Lenient, isTextStart } from '../columns/utf8.ts'

/** So many lines may pass before a stack of two frames must have come: other texts end lines in numbers too. */
const LINES_TO_TELL = 10
const SAMPLES = { type: 'samples', unit: 'count' }

/**
 * Reads folded stacks, one a line, root first, as flame graph scripts write them: `main;work 12`
 * (https://github.com/brendangregg/FlameGraph#2-fold-stacks). `null` where the bytes are no such text. A line that is
 * no stack with a whole number throws a ProfileFormatError `folded` that names it.
 */
export function decodeFolded(
  bytes: Uint8Array,
  limits: Partial<ProfileLimits> = {},
): Profile | null {
  if (!isTextStart(bytes)) return null
  const text = decodeUtf8Lenient(bytes, 0, bytes.length)
  if (!isFolded(text)) return null
  const { samplesMax } = { ...DEFAULT_PROFILE_LIMITS, ...limits }
  const profile = profileFromFolded(text, SAMPLES)
  if (profile.samples.length > samplesMax) {
    throw new ProfileFormatError('samples', `the text has more than ${samplesMax} stacks`)
  }
  return mergeProfiles([profile])
}

function isFolded(text: string): boolean {
  const reader = new LineReader(text)
  if (!reader.nextTelling() || !/\S\s+-?\d+\s*$/.test(reader.line)) return false
  for (let count = 0; count < LINES_TO_TELL; count++) {
    if (/\S;.*\s-?\d+\s*$/.test(reader.line)) return true
    if (!reader.nextTelling()) return false
  }
  return false
}
