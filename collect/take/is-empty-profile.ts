import { gunzipSync } from 'node:zlib'

/** A compressed profile without samples is smaller than this. */
export const SMALL_BYTES_MAX = 4096
const INFLATED_BYTES_MAX = 256 * 1024

/** `sample` in `message Profile` of profile.proto, as a length-delimited field. */
const SAMPLE_TAG = (2 << 3) | 2

/** Whether a gzipped profile holds no sample. False for a damaged one, which the decoder reports. */
export function isEmptyProfile(gzipped: Uint8Array): boolean {
  try {
    return !hasSample(gunzipSync(gzipped, { maxOutputLength: INFLATED_BYTES_MAX }))
  } catch {
    return false
  }
}

/** Reads only the fields of the outermost message. */
function hasSample(bytes: Uint8Array): boolean {
  let at = 0
  const varint = () => {
    let value = 0
    for (let shift = 0; at < bytes.length; shift += 7) {
      const byte = bytes[at++] ?? 0
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new RangeError('cut')
  }
  while (at < bytes.length) {
    const tag = varint()
    if (tag === SAMPLE_TAG) return true
    const length = varint()
    if ((tag & 7) === 2) at += length
    else if ((tag & 7) !== 0) throw new RangeError('no profile')
  }
  return false
}
