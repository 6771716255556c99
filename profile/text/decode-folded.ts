import { LineReader } from './line-reader.ts'
import { mergeProfiles } from '../combine/merge-profiles.ts'
import { ProfileFormatError } from '../profile-format-error.ts'
import { profileFromFolded } from './profile-from-folded.ts'
import { DEFAULT_PROFILE_LIMITS, type ProfileLimits } from '../decode/profile-limits.ts'
import type { Profile } from '../types.ts'
import { decodeUtf8Lenient, isTextStart } from '../columns/utf8.ts'

/** A stack of two frames must be among the first lines: other texts end lines in numbers too. */
const PROBE_LINES_MAX = 10
const SAMPLES = { type: 'samples', unit: 'count' }
/** Of files with two numbers a line: https://github.com/brendangregg/FlameGraph/blob/master/difffolded.pl */
const BEFORE_AND_AFTER = [{ type: 'before', unit: 'count' }, SAMPLES]

/**
 * Reads folded stacks, one a line, root first, as flame graph scripts write them: `main;work 12`
 * (https://github.com/brendangregg/FlameGraph#2-fold-stacks), or with two numbers, before and after. Returns `null` for
 * other bytes. Throws a ProfileFormatError `folded` that names a line which is not a stack with a whole number.
 */
export function decodeFolded(
  bytes: Uint8Array,
  limits: Partial<ProfileLimits> = {},
): Profile | null {
  if (!isTextStart(bytes)) return null
  const text = decodeUtf8Lenient(bytes, 0, bytes.length)
  const columnCount = columnsOf(text)
  if (columnCount === 0) return null
  const { samplesMax } = { ...DEFAULT_PROFILE_LIMITS, ...limits }
  const profile = profileFromFolded(text, columnCount === 2 ? BEFORE_AND_AFTER : SAMPLES)
  if (profile.samples.length > samplesMax) {
    throw new ProfileFormatError('samples', `the text has more than ${samplesMax} stacks`)
  }
  return mergeProfiles([profile])
}

/** How many numbers each line ends in: 0 where the text holds no folded stacks. */
function columnsOf(text: string): 0 | 1 | 2 {
  const reader = new LineReader(text)
  let hasStack = false
  let columnCount: 1 | 2 = 2
  for (let count = 0; count < PROBE_LINES_MAX && reader.nextContent(); count++) {
    const { line } = reader
    const isSample = /\S\s+-?\d+\s*$/.test(line)
    if (count === 0 && !isSample) return 0
    if (/\S;.*\s-?\d+\s*$/.test(line)) hasStack = true
    if (isSample && !/\S\s+-?\d+\s+-?\d+\s*$/.test(line)) columnCount = 1
  }
  return hasStack ? columnCount : 0
}
