import { ProfileFormatError } from '../profile-format-error.ts'
import type { ProfileLimits } from './profile-limits.ts'
import type { MessageRanges } from './scan-profile.ts'
import type { ProfileWarning, StringIndex } from '../types.ts'
import { decodeUtf8, decodeUtf8Lenient } from '../columns/utf8.ts'
import type { WireReader } from './wire-reader.ts'

export interface DecodedStrings {
  readonly strings: readonly string[]
  /** How many of them were not valid UTF-8. */
  readonly invalidCount: number
}

export function decodeStrings(
  bytes: Uint8Array,
  ranges: MessageRanges,
  limits: ProfileLimits,
): DecodedStrings {
  const { bounds, length } = ranges
  checkStrings(ranges, limits)
  const ascii = decodeAscii(bytes, ranges)
  if (ascii !== null) return { strings: ascii, invalidCount: 0 }
  const strings: string[] = []
  let invalidCount = 0
  for (let index = 0; index < length; index++) {
    const start = bounds[2 * index]
    const end = bounds[2 * index + 1]
    const text = decodeUtf8(bytes, start, end)
    if (text === null) invalidCount++
    strings.push(text ?? decodeUtf8Lenient(bytes, start, end))
  }
  return { strings, invalidCount }
}

export function warnOfInvalid(count: number): ProfileWarning[] {
  if (count === 0) return []
  return [{ code: 'invalid_utf8', text: `${count} strings are not valid UTF-8` }]
}

/** Strings this far apart on average lie among other fields, and are read one by one. */
const GAP_BYTES_MAX = 16

/**
 * All strings by one call into the engine's decoder, or null where they are not ASCII alone or not one after the other,
 * as Go writes them.
 */
function decodeAscii(bytes: Uint8Array, { bounds, length }: MessageRanges): string[] | null {
  const first = bounds[0]
  let gapBytes = bounds[2 * length - 1] - first
  for (let index = 0; index < length; index++) gapBytes -= bounds[2 * index + 1] - bounds[2 * index]
  if (gapBytes > length * GAP_BYTES_MAX || gapBytes < 0) return null
  // Node's Buffer has a `slice` that does not copy.
  const region = new Uint8Array(bytes.subarray(first, bounds[2 * length - 1]))
  // The lengths between the strings do not count as text.
  for (let index = 1; index < length; index++) {
    const end = bounds[2 * index] - first
    for (let gap = bounds[2 * index - 1] - first; gap < end; gap++) region[gap] = 0
  }
  const text = decodeUtf8Lenient(region, 0, region.length)
  if (NOT_ASCII.test(text)) return null
  const strings: string[] = []
  for (let index = 0; index < length; index++) {
    strings.push(text.slice(bounds[2 * index] - first, bounds[2 * index + 1] - first))
  }
  return strings
}

// oxlint-disable-next-line no-control-regex -- what ASCII is
const NOT_ASCII = /[^\0-\x7f]/

/** What `readNumbers` has found in a field, as a row of the string table. */
export function stringIndexAt(
  reader: WireReader,
  field: number,
  stringCount: number,
  table: string,
  row: number,
): StringIndex {
  const lo = reader.numberLo[field]
  if (reader.numberHi[field] === 0 && lo < stringCount) return lo
  const index = BigInt.asIntN(64, (BigInt(reader.numberHi[field]) << 32n) | BigInt(lo))
  const message = `${table} ${row}: field ${field} is string ${index}, but there are ${stringCount} strings`
  throw reader.error('string_index', message, reader.numberOffset[field])
}

/** Throws a ProfileFormatError if the first, empty string is missing or the text is too long. */
export function checkStrings(ranges: MessageRanges, limits: ProfileLimits): void {
  const { bounds, length } = ranges
  if (length === 0) throw new ProfileFormatError('string_table', 'there is no string table')
  if (bounds[0] !== bounds[1]) {
    throw new ProfileFormatError('string_table', 'string_table[0] is not empty', bounds[0])
  }
  let sizeBytes = 0
  for (let index = 0; index < length; index++) {
    sizeBytes += bounds[2 * index + 1] - bounds[2 * index]
  }
  if (sizeBytes <= limits.stringsBytesMax) return
  const most = limits.stringsBytesMax
  throw new ProfileFormatError('strings', `the strings take ${sizeBytes} bytes, at most ${most} do`)
}
