import { decodeUtf16, encodeUtf8, isTextStart, ProfileFormatError } from '../profile/index.ts'
import type { ProfileWarning } from '../profile/index.ts'
import { bytesOfBase64 } from './read-base64.ts'
import { bodyOfAnswer, joinedChunks } from './http-answer.ts'
import { bytesOfLatin1, withoutAddedReturns } from './damaged-bytes.ts'
import { isZip, onlyFileInZip } from './read-zip.ts'

/** The unwrapped bytes, and a warning that names an unusual wrapping. */
export interface Unwrapped {
  readonly bytes: Uint8Array
  readonly warning: ProfileWarning | null
}

/** Inflates zstd. Throws a ProfileFormatError `zstd_corrupt` or `inflated_bytes`. */
export type Unzstd = (bytes: Uint8Array, inflatedBytesMax: number) => Uint8Array

export interface UnwrapTools {
  readonly unzstd: Unzstd
  readonly inflatedBytesMax: number
}

/**
 * Unwraps a profile from UTF-16 or a byte order mark, the headers and chunks of an HTTP response, zip, zstd, base64,
 * messages in front of gzip, or changed line ends. Returns null for other bytes. Throws a ProfileFormatError if the
 * wrapping destroyed the profile.
 */
export function unwrapBytes(bytes: Uint8Array, tools: UnwrapTools): Unwrapped | null {
  if (isZip(bytes)) {
    const { name, read } = onlyFileInZip(bytes)
    return {
      bytes: read(),
      warning: { code: 'zip', text: `${name} was read out of a zip archive.` },
    }
  }
  if (isZstd(bytes)) {
    return { bytes: tools.unzstd(bytes, tools.inflatedBytesMax), warning: null }
  }
  return (
    unwrapText(bytes) ??
    unwrapAnswer(bytes) ??
    unwrapBase64(bytes) ??
    gzipBehindText(bytes) ??
    repairedReturns(bytes)
  )
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/** Texts in another encoding, as UTF-8; and binary bytes that were recoded as if they were Latin-1 text. */
function unwrapText(bytes: Uint8Array): Unwrapped | null {
  if (startsWith(bytes, BYTE_ORDER_MARK)) return { bytes: bytes.subarray(3), warning: null }
  const text = decodeUtf16(bytes)
  if (text === null) {
    const latin1 = startsWith(bytes, [0x1f, 0xc2, 0x8b]) ? bytesOfLatin1(bytes) : null
    return latin1 === null ? null : { bytes: latin1, warning: RECODED }
  }
  const encoded = encodeUtf8(text)
  if (isTextStart(encoded)) return { bytes: encoded, warning: null }
  throw new ProfileFormatError(
    'utf16_binary',
    'the bytes are UTF-16: PowerShell redirected them as text, which no profile survives. Let the program write the ' +
      'file (curl -o FILE URL), or redirect in cmd or in PowerShell 7.4 or newer',
  )
}

function unwrapAnswer(bytes: Uint8Array): Unwrapped | null {
  const body = bodyOfAnswer(bytes)
  if (body !== null) return { bytes: body, warning: HEADERS }
  const joined = joinedChunks(bytes)
  return joined === null ? null : { bytes: joined, warning: CHUNKED }
}

function unwrapBase64(bytes: Uint8Array): Unwrapped | null {
  const decoded = bytesOfBase64(bytes)
  return decoded === null ? null : { bytes: decoded, warning: null }
}

/** What `kubectl exec ... 2>&1` or `curl -v` prints in front is short. */
const MESSAGES_BYTES_MAX = 4096

function gzipBehindText(bytes: Uint8Array): Unwrapped | null {
  const head = bytes.subarray(0, MESSAGES_BYTES_MAX)
  for (let start = head.indexOf(0x1f); start > 0; start = head.indexOf(0x1f, start + 1)) {
    const isGzip = bytes[start + 1] === 0x8b && bytes[start + 2] === 8
    if (isGzip && bytes[start - 1] === 0x0a && isTextStart(bytes.subarray(0, start))) {
      return { bytes: bytes.subarray(start), warning: MESSAGES }
    }
  }
  return null
}

function repairedReturns(bytes: Uint8Array): Unwrapped | null {
  if (isTextStart(bytes.subarray(2))) return null
  const repaired = withoutAddedReturns(bytes)
  return repaired === null ? null : { bytes: repaired, warning: RETURNS }
}

/** Whether the bytes begin as a zstd frame does. */
export function isZstd(bytes: Uint8Array): boolean {
  return startsWith(bytes, [0x28, 0xb5, 0x2f, 0xfd])
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte)
}

const RECODED = {
  code: 'recoded',
  text: 'The profile was taken for Latin-1 text and written as UTF-8; that was undone.',
}
const HEADERS = {
  code: 'http_headers',
  text: 'The headers of an HTTP answer stand in front of the profile.',
}
const CHUNKED = {
  code: 'http_chunks',
  text: 'The profile still was in the chunks in which HTTP sends it; they were joined.',
}
const MESSAGES = {
  code: 'text_in_front',
  text: 'Messages of the program that fetched the profile stand in front of it.',
}
export const RETURNS = {
  code: 'carriage_returns',
  text: 'A terminal or a transfer as text had put a carriage return in front of each line feed (CRLF); they were taken out.',
}
