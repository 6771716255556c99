import { checkProfile } from '../columns/check-profile.ts'
import { decodeBinaryCpu } from './binary-cpu-profile.ts'
import { decodeJavaText } from './java-profile.ts'
import { decodeLegacyContention } from './legacy-contention.ts'
import { decodeLegacyCounts } from './legacy-counts.ts'
import { decodeLegacyHeap } from './legacy-heap.ts'
import { LegacyLines } from './legacy-lines.ts'
import { decodeLegacyThreads } from './legacy-threads.ts'
import { ProfileFormatError } from '../profile-format-error.ts'
import { DEFAULT_PROFILE_LIMITS, type ProfileLimits } from '../decode/profile-limits.ts'
import type { Profile } from '../types.ts'
import { decodeUtf8Lenient, isTextStart } from '../columns/utf8.ts'

/** The first line of all these formats is short. */
const HEADER_LENGTH_MAX = 4096

const TEXT_FORMATS = [
  decodeLegacyHeap,
  decodeLegacyCounts,
  decodeLegacyThreads,
  decodeLegacyContention,
  decodeJavaText,
]

/**
 * Reads the formats from before profile.proto that pprof still reads: the CPU profile of gperftools, the heap, growth,
 * contention and thread profiles of C++ programs and early Go, and those of the Java agent. Null where the bytes are
 * none of them; a ProfileFormatError `legacy_malformed` names a line that cannot be read.
 */
export function decodeLegacy(
  bytes: Uint8Array,
  limits: Partial<ProfileLimits> = {},
): Profile | null {
  const profile = decodeBinaryCpu(bytes) ?? decodeText(bytes)
  if (profile === null) return null
  const { samplesMax } = { ...DEFAULT_PROFILE_LIMITS, ...limits }
  if (profile.samples.length > samplesMax) {
    throw new ProfileFormatError('samples', `the profile has more than ${samplesMax} samples`)
  }
  if (profile.sampleTypes.length === 0 && profile.samples.length > 0) {
    throw new ProfileFormatError('sample_type_missing', 'there are samples but no sample type')
  }
  checkProfile(profile)
  return profile
}

/** Whether a text names the binaries that its addresses are of, which only old formats do. */
export function hasMemoryMap(bytes: Uint8Array): boolean {
  if (!isTextStart(bytes)) return false
  const text = decodeUtf8Lenient(bytes, 0, bytes.length)
  return /^(?:--- Memory map: ---|MAPPED_LIBRARIES:)/m.test(text)
}

function decodeText(bytes: Uint8Array): Profile | null {
  if (!isTextStart(bytes)) return null
  const text = decodeUtf8Lenient(bytes, 0, bytes.length)
  // A page or JSON on one line is for others to name.
  if (text.split('\n', 1)[0].length > HEADER_LENGTH_MAX) return null
  for (const decode of TEXT_FORMATS) {
    const profile = decode(new LegacyLines(text))
    if (profile !== null) return profile
  }
  return null
}
