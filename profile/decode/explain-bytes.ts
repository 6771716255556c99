import { ProfileFormatError } from '../profile-format-error.ts'
import { decodeUtf8Lenient } from '../columns/utf8.ts'
import { knownFormatOf } from './known-formats.ts'

/** An error that names what the bytes are instead of a profile or gzip, and what to do; `null` if unknown. */
export function explainBytes(bytes: Uint8Array): ProfileFormatError | null {
  const known = knownFormatOf(bytes)
  if (known !== null) return new ProfileFormatError(known.reason, known.message)
  // RFC 1950: method 8 and a header that is a multiple of 31.
  if ((bytes[0] & 0x0f) === 8 && bytes[0] <= 0x78 && (bytes[0] * 256 + bytes[1]) % 31 === 0) {
    return new ProfileFormatError('deflate', 'the bytes are zlib; send gzip or plain profile.proto')
  }
  if (isTar(bytes)) {
    const hint =
      'kubeprof diagnose, push and POST /api/v1/captures read it, named FILE.tar or FILE.tar.gz'
    return new ProfileFormatError('tar', `the bytes are a tar archive, not a profile; ${hint}`)
  }
  if (isCpuProfile(bytes)) {
    return new ProfileFormatError('legacy_cpu', 'the bytes are a damaged gperftools CPU profile')
  }
  const text = decodeUtf8Lenient(bytes, 0, Math.min(bytes.length, 4096)).trimStart()
  if (text === '' && bytes.length > 0) {
    return new ProfileFormatError('text', 'the bytes are nothing but blanks')
  }
  return explainText(text)
}

function explainText(text: string): ProfileFormatError | null {
  const start = text.slice(0, 64).toLowerCase()
  if (start.startsWith('<svg') || (start.startsWith('<?xml') && text.includes('<svg'))) {
    const hint = 'give the profile that it was drawn of'
    return new ProfileFormatError('svg', `the bytes are an SVG picture, not a profile; ${hint}`)
  }
  if (start.startsWith('<')) {
    return new ProfileFormatError(
      'html',
      'the bytes are an HTML page, not a profile: was there a login or error page in between?',
    )
  }
  if (start.startsWith('{') || start.startsWith('[')) return explainJson(text)
  if (start.startsWith('go 1.') && start.includes(' trace\0')) {
    const hint = 'kubeprof trace FILE reads it, as does go tool trace'
    return new ProfileFormatError('execution_trace', `the bytes are a Go execution trace; ${hint}`)
  }
  if (/^(--- |heap profile: |\S+ profile: )/.test(text)) {
    const hint = 'fetch the profile without ?debug='
    return new ProfileFormatError(
      'legacy_text',
      `the bytes are a text dump, but of no form that is read, or damaged; ${hint}`,
    )
  }
  if (/^[\t\r\n -~]+$/.test(text.slice(0, 64))) {
    const shown = firstLine(text)
    const hint = shown === NOT_FOUND ? NOT_FOUND_HINT : ''
    return new ProfileFormatError('text', `the bytes are text, not a profile: "${shown}"${hint}`)
  }
  return null
}

const LINE_CHARS_MAX = 200

/** What is printable of the first line, cut after what a sentence of an error page needs. */
function firstLine(text: string): string {
  const line = (/^[\t -~]*/.exec(text)?.[0] ?? '').trimEnd()
  return line.length > LINE_CHARS_MAX ? `${line.slice(0, LINE_CHARS_MAX)}...` : line
}

const NOT_FOUND = '404 page not found'
const NOT_FOUND_HINT =
  '; profiling may be off in this process (etcd: --enable-pprof, Kubernetes: --profiling)'

/** POSIX and GNU archives say so behind the first file's header fields. */
function isTar(bytes: Uint8Array): boolean {
  return bytes.length > 262 && decodeUtf8Lenient(bytes, 257, 262) === 'ustar'
}

/** What an apiserver answers instead of a profile: `{"kind":"Status","message":"forbidden: ...","code":403}`. */
function explainJson(text: string): ProfileFormatError {
  if (!/"kind"\s*:\s*"Status"/.test(text)) {
    return new ProfileFormatError('json', 'the bytes are JSON, not a profile')
  }
  const message = (/"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? '').replaceAll(
    '\\"',
    '"',
  )
  const code = /"code"\s*:\s*(\d+)/.exec(text)?.[1] ?? 'an error'
  return new ProfileFormatError(
    'kubernetes_status',
    `the bytes are not a profile but Kubernetes answering ${code}: ${message.slice(0, 300)}`,
  )
}

/** Words of 4 or 8 bytes: 0, 3, and 0 or 1 (gperftools, docs/cpuprofile-fileformat.html; 1 is Java's). */
function isCpuProfile(bytes: Uint8Array): boolean {
  return [4, 8].some((size) => {
    const header = bytes.subarray(0, 3 * size)
    const others = header.filter((_, index) => index !== size && index !== 2 * size)
    return (
      header.length === 3 * size &&
      header[size] === 3 &&
      header[2 * size] <= 1 &&
      others.every((byte) => byte === 0)
    )
  })
}
