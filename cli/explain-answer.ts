import type { HttpGet, HttpGot } from '../collect/reach/http-get.ts'

const SHOWN_LENGTH_MAX = 300

/** What an answer other than 200 says, after the name of the source. */
export function explainAnswer({ url, status, statusText, headers, body }: HttpGot): string {
  const text = Buffer.from(body.subarray(0, 65_536)).toString()
  const said = statusMessage(text) ?? (isOfPprof(headers) || status === 400 ? firstLine(text) : '')
  const isNew = said !== '' && said !== statusText
  const answer = `answered ${status}${statusText === '' ? '' : ` ${statusText}`}`
  const hint = hintFor(status, { text, path: url.pathname })
  return `${answer}${isNew ? `: ${said}` : ''}${hint === '' ? '' : `; ${hint}`}`
}

/** `message` of the Status with which a Kubernetes API server refuses. */
function statusMessage(text: string): string | null {
  try {
    const status: unknown = JSON.parse(text)
    if (typeof status !== 'object' || status === null || !('message' in status)) return null
    return typeof status.message === 'string' ? firstLine(status.message) : null
  } catch {
    return null
  }
}

/** Go's pprof marks its errors. */
function isOfPprof(headers: HttpGot['headers']): boolean {
  const type = headers['content-type'] ?? ''
  return headers['x-go-pprof'] !== undefined && type.includes('text/plain')
}

function firstLine(text: string): string {
  const line = (text.trim().split('\n')[0] ?? '').replaceAll(/\p{Cc}/gu, ' ')
  return line.length > SHOWN_LENGTH_MAX ? `${line.slice(0, SHOWN_LENGTH_MAX)}…` : line
}

function hintFor(
  status: number,
  { text, path }: { readonly text: string; readonly path: string },
): string {
  if (status === 401) return 'credentials are missing or not accepted: see -header and -kubeconfig'
  if (status === 403 && text.includes('system:anonymous')) {
    return 'no credentials were given: see -header and -kubeconfig'
  }
  if (status === 403) return `whoever asks needs the right to get the path ${path}`
  if (status === 404) return 'the path may be wrong, or profiling is switched off there'
  if (/profiling already in use|already enabled/.test(text)) {
    return 'someone else is profiling it: try again when that is over'
  }
  return ''
}

const UNKNOWN_AUTHORITY = [
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]

/** What a connection that failed means, after the name of the source. */
export function explainConnection(error: Error, { url }: Pick<HttpGet, 'url'>): string {
  const code = codeOf(error)
  if (code === 'ECONNREFUSED') return `refused the connection: nothing listens on ${url.host}`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `has no address: ${url.hostname}`
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return 'closed the connection before the answer was whole'
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') {
    return `cannot be reached: ${url.host}`
  }
  if (UNKNOWN_AUTHORITY.includes(code)) {
    return "has a certificate of an unknown authority: give the authority's with -tls_ca, or write https+insecure://"
  }
  if (code === 'CERT_HAS_EXPIRED') return 'has a certificate that has expired'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `has a certificate for other names than ${url.hostname}: use one of those, or write https+insecure://`
  }
  if (/ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|HANDSHAKE_FAILURE|UNKNOWN_CA)/.test(code)) {
    return 'wants a client certificate that it knows: give one with -tls_cert and -tls_key'
  }
  if (code === 'EPROTO' || /WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(code)) {
    return 'does not speak TLS there: try http://'
  }
  if (code.startsWith('HPE_')) return 'does not speak HTTP there: try https://'
  return `cannot be asked: ${firstLine(error.message)}`
}

/** An attempt on several addresses fails with several errors. */
function codeOf(error: Error): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error && 'code' in first ? String(first.code) : ''
}
