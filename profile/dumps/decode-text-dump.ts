import { dumpOfGoroutines } from './goroutine-dump.ts'
import { LineReader } from '../text/line-reader.ts'
import { mergeProfiles } from '../combine/merge-profiles.ts'
import { ProfileFormatError } from '../profile-format-error.ts'
import { DEFAULT_PROFILE_LIMITS, type ProfileLimits } from '../decode/profile-limits.ts'
import { contentionRecords, countRecords, heapRecords } from './record-dumps.ts'
import type { Profile } from '../types.ts'
import { decodeUtf8Lenient, isTextStart } from '../columns/utf8.ts'

/** `GET /debug/pprof/goroutine?debug=2` stops here, in the middle of a goroutine (runtime/pprof, writeGoroutineStacks). */
const GOROUTINE_DUMP_BYTES_MAX = 64 * 1024 * 1024

/**
 * Reads what Go prints for people, `?debug=1` and `goroutine?debug=2`, as a profile with the functions, files, lines
 * and labels that the text tells; pprof reads addresses alone. `null` where the bytes are no such text. A malformed
 * line throws a ProfileFormatError `text_dump` that names it.
 */
export function decodeTextDump(
  bytes: Uint8Array,
  limits: Partial<ProfileLimits> = {},
): Profile | null {
  if (!isTextStart(bytes)) return null
  const { samplesMax } = { ...DEFAULT_PROFILE_LIMITS, ...limits }
  const profile = decodeText(decodeUtf8Lenient(bytes, 0, bytes.length))
  if (profile === null) return null
  if (profile.samples.length > samplesMax) {
    throw new ProfileFormatError('samples', `the dump has more than ${samplesMax} records`)
  }
  const isCutOff = bytes.length >= GOROUTINE_DUMP_BYTES_MAX || bytes[bytes.length - 1] !== 0x0a
  return isCutOff ? { ...profile, warnings: [...profile.warnings, CUT_OFF] } : profile
}

const CUT_OFF = {
  code: 'dump_cut_off',
  text: 'The text ends in the middle: Go stops after 64 MiB, and what comes behind is missing.',
}

/** A last line that has no end is left out where it makes no sense: the text may be cut anywhere. */
function decodeText(text: string): Profile | null {
  const end = text.lastIndexOf('\n') + 1
  try {
    return decodeDump(new LineReader(text))
  } catch (error) {
    if (end === text.length || !(error instanceof ProfileFormatError)) throw error
    return decodeDump(new LineReader(text.slice(0, end)))
  }
}

function decodeDump(reader: LineReader): Profile | null {
  if (!reader.nextTelling()) return null
  const { line } = reader
  if (/^goroutine \d+ .*\[.*\].*:$/.test(line)) return mergeProfiles([dumpOfGoroutines(reader)])
  if (/^\S+ profile: total \d+$/.test(line)) return countRecords(reader)
  if (line.startsWith('heap profile: ')) return heapRecords(reader)
  if (/^--- (mutex|contention):/.test(line)) return contentionRecords(reader)
  return null
}
