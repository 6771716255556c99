import {
  type ConnectionFault,
  connectionFault,
  type HttpGet,
  type HttpGot,
  statusMessage,
} from '../../../collect/reach/net/http-get.ts'

const SHOWN_LENGTH_MAX = 300

/** Explains an answer other than 200, as a predicate after the name of the source. */
export function explainAnswer({ url, status, statusText, headers, body }: HttpGot): string {
  const text = Buffer.from(body.subarray(0, 65_536)).toString()
  const message = statusMessage(text) ?? (isOfPprof(headers) || status === 400 ? text : '')
  const detail = firstLine(message)
  const isNew = detail !== '' && detail !== statusText
  const answer = `answered ${status}${statusText === '' ? '' : ` ${statusText}`}`
  const hint = hintFor(status, { text, path: url.pathname })
  return `${answer}${isNew ? `: ${detail}` : ''}${hint === '' ? '' : `; ${hint}`}`
}

/** Go's pprof handlers mark their errors. */
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
  if (status === 403) return `the caller needs the right to get the path ${path}`
  if (status === 404) return 'the path may be wrong, or profiling is switched off there'
  if (/profiling already in use|already enabled/.test(text)) {
    return 'someone else is profiling it: try again when that is over'
  }
  return ''
}

/** Explains a failed connection, as a predicate after the name of the source. */
export function explainConnection(error: Error, { url }: Pick<HttpGet, 'url'>): string {
  const found = connectionFault(error)
  const say = found === null ? null : sentenceFor(found.fault, url)
  return say ?? `cannot be asked: ${firstLine(error.message)}`
}

/** The remedy names the flags to use. */
function sentenceFor(fault: ConnectionFault, { host, hostname }: URL): string | null {
  const sentences: Partial<Record<ConnectionFault, string>> = {
    refused: `refused the connection: nothing listens on ${host}`,
    'no address': `has no address: ${hostname}`,
    'no name server': `has no address: ${hostname}`,
    closed: 'closed the connection before the answer was whole',
    unreachable: `cannot be reached: ${host}`,
    'unknown authority':
      "has a certificate of an unknown authority: give the authority's with -tls_ca, or write https+insecure://",
    expired: 'has a certificate that has expired',
    'other name': `has a certificate for other names than ${hostname}: use one of those, or write https+insecure://`,
    'client certificate':
      'wants a client certificate that it knows: give one with -tls_cert and -tls_key',
    'bad credentials': 'is not asked: its header, certificate or key is invalid',
    'no TLS': 'does not speak TLS there: try http://',
    'no HTTP': 'does not speak HTTP there: try https://',
  }
  return sentences[fault] ?? null
}
