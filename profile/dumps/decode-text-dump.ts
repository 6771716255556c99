import { findDump } from './find-dump.ts'
import { dumpOfGoroutines } from './goroutine-dump.ts'
import { LineReader } from '../text/line-reader.ts'
import { mergeProfiles } from '../combine/merge-profiles.ts'
import { ProfileFormatError } from '../profile-format-error.ts'
import { DEFAULT_PROFILE_LIMITS, type ProfileLimits } from '../decode/profile-limits.ts'
import { contentionRecords, countRecords, heapRecords } from './record-dumps.ts'
import type { Profile } from '../types.ts'
import { decodeUtf8Lenient, isTextStart } from '../columns/utf8.ts'
import { CUT_OFF, warn } from './dump-warnings.ts'

/** `GET /debug/pprof/goroutine?debug=2` stops here, in the middle of a goroutine (runtime/pprof, writeGoroutineStacks). */
const GOROUTINE_DUMP_BYTES_MAX = 64 * 1024 * 1024
/** What a person or a program writes in front of `goroutine profile: total 11` is short. */
const PREAMBLE_LENGTH_MAX = 64 * 1024
const RECORDS_HEADER = /^(?:\w\S* profile: total \d+\r?$|heap profile: |--- (?:mutex|contention):)/m

/**
 * Reads what Go prints for people, `?debug=1` and `goroutine?debug=2`, as a profile with the functions, files, lines
 * and labels of the text; pprof reads addresses alone. Goroutines may be anywhere in the text: a log, a mail, a crash
 * report. Returns `null` for other bytes. Throws a ProfileFormatError `text_dump` that names a malformed line of
 * `?debug=1`.
 */
export function decodeTextDump(
  bytes: Uint8Array,
  limits: Partial<ProfileLimits> = {},
): Profile | null {
  if (!isTextStart(bytes)) return null
  const text = withLineFeeds(withoutColours(decodeUtf8Lenient(bytes, 0, bytes.length)))
  const profile = decodeRecords(text) ?? decodeGoroutines(text)
  if (profile === null) return null
  const { samplesMax } = { ...DEFAULT_PROFILE_LIMITS, ...limits }
  if (profile.samples.length > samplesMax) {
    throw new ProfileFormatError('samples', `the dump has more than ${samplesMax} records`)
  }
  return bytes.length >= GOROUTINE_DUMP_BYTES_MAX ? warn(profile, CUT_OFF) : profile
}

/** Some consoles and editors end lines with carriage returns alone. */
function withLineFeeds(text: string): string {
  return text.includes('\n') ? text : text.replaceAll('\r', '\n')
}

/** A last line that has no end is left out where it makes no sense: the text may be cut anywhere. */
function decodeRecords(text: string): Profile | null {
  const start = RECORDS_HEADER.exec(text.slice(0, PREAMBLE_LENGTH_MAX))?.index
  if (start === undefined) return null
  const end = text.lastIndexOf('\n') + 1
  try {
    const profile = readRecords(new LineReader(text, start))
    return end === text.length || profile === null ? profile : warn(profile, CUT_OFF)
  } catch (error) {
    if (end === text.length || !(error instanceof ProfileFormatError)) throw error
    const profile = readRecords(new LineReader(text.slice(0, end), start))
    return profile === null ? null : warn(profile, CUT_OFF)
  }
}

function readRecords(reader: LineReader): Profile | null {
  reader.next()
  const { line } = reader
  if (/ profile: total \d+$/.test(line)) return countRecords(reader)
  return line.startsWith('heap profile: ') ? heapRecords(reader) : contentionRecords(reader)
}

function decodeGoroutines(text: string): Profile | null {
  // Web pages copy blanks as blanks that do not break.
  const dump = findDump(text.includes('\u00a0') ? text.replaceAll('\u00a0', ' ') : text)
  return dump === null ? null : mergeProfiles([dumpOfGoroutines(new LineReader(dump))])
}

/** Logs of terminals, and logs copied off one, hold colours between their words. */
function withoutColours(text: string): string {
  const [first = '', ...parts] = text.split('\u001b[')
  return parts.length === 0 ? text : first + parts.map(withoutCode).join('')
}

function withoutCode(part: string): string {
  return part.replace(/^[\d;]*[mK]/, '')
}
