import { ProfileFormatError } from '../profile/index.ts'
import { joinBytes } from './join-bytes.ts'

const HEADERS_BYTES_MAX = 64 * 1024
const STATUS_LINE = /^HTTP\/\d(?:\.\d)? (\d{3})([^\r\n]*)/
const CHUNK_SIZE = /^([0-9a-fA-F]{1,8})(?:;[^\r\n]*)?\r\n/
const CHUNK_LINE_BYTES_MAX = 256
const SHOWN_LENGTH_MAX = 200

const latin = new TextDecoder('latin1')

/**
 * The body of an HTTP response with headers, as `curl -i` writes it; null without headers. A status other than 2xx
 * throws a ProfileFormatError `http_status` with the beginning of the body, unless further headers follow, as after a
 * proxy's.
 */
export function bodyOfAnswer(bytes: Uint8Array): Uint8Array | null {
  const head = latin.decode(bytes.subarray(0, HEADERS_BYTES_MAX))
  const status = STATUS_LINE.exec(head)
  const end = /\r?\n\r?\n/.exec(head)
  if (status === null || end === null) return null
  const body = bytes.subarray(end.index + end[0].length)
  const [, code, words] = status
  const text = latin.decode(body.subarray(0, SHOWN_LENGTH_MAX)).trim()
  // A Kubernetes Status object is more specific than the HTTP status, as is the response after a proxy's own.
  if (Number(code) >= 300 && !text.startsWith('{') && !STATUS_LINE.test(text)) {
    const shown = text === '' ? '' : `: "${text.replace(/\n[^]*$/, '').trim()}"`
    throw new ProfileFormatError(
      'http_status',
      `the bytes are not a profile but an HTTP answer ${code}${words}${shown}`,
    )
  }
  return body
}

/** The content of HTTP chunks; null for other bytes. An incomplete last chunk is left out. */
export function joinedChunks(bytes: Uint8Array): Uint8Array | null {
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  for (let offset = 0; offset < bytes.length;) {
    const line = latin.decode(bytes.subarray(offset, offset + CHUNK_LINE_BYTES_MAX))
    const size = CHUNK_SIZE.exec(line)
    if (size === null) return null
    const start = offset + size[0].length
    const end = start + Number.parseInt(size[1] ?? '', 16)
    if (end === start) break
    const isEnded = end >= bytes.length || (bytes[end] === 0x0d && bytes[end + 1] === 0x0a)
    if (!isEnded) return null
    const part = bytes.subarray(start, end)
    parts.push(part)
    sizeBytes += part.length
    offset = end + 2
  }
  return parts.length === 0 ? null : joinBytes(parts, sizeBytes)
}
