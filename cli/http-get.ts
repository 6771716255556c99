import assert from 'node:assert'
import { once } from 'node:events'
import { Agent as HttpAgent, IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { FetchError } from './fetch-error.ts'

export interface HttpGet {
  readonly url: URL
  /** Secrets, perhaps: sent to the origin of `url` alone. */
  readonly headers: Readonly<Record<string, string | string[]>>
  /** PEM; null for the authorities of the system. */
  readonly ca: string | null
  /** Shown to the origin of `url` alone. */
  readonly cert: string | null
  readonly key: string | null
  readonly serverName: string | null
  /** Whether the certificate of `url`'s origin is looked at. */
  readonly isVerified: boolean
  /** How long the server may keep silent. */
  readonly silenceMsMax: number
  /** Variables that name proxies: HTTP_PROXY, HTTPS_PROXY, NO_PROXY. */
  readonly proxyEnv: Readonly<Record<string, string | undefined>>
}

export interface HttpAnswer {
  /** The one that answered, after redirects. */
  readonly url: URL
  readonly status: number
  readonly statusText: string
  readonly headers: IncomingMessage['headers']
  readonly body: Uint8Array
}

const REDIRECTS_MAX = 10
const BODY_BYTES_MAX = 1024 ** 3
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]

/**
 * Gets one resource. Follows redirects, but takes no credentials to another origin. Throws a FetchError, or what the
 * connection throws.
 */
export async function httpGet(get: HttpGet): Promise<HttpAnswer> {
  let step = get
  for (let count = 0; count <= REDIRECTS_MAX; count++) {
    const answer = await getOnce(step)
    const { location } = answer.headers
    if (!REDIRECTS.includes(answer.status) || location === undefined) return answer
    step = redirected(step, location)
  }
  throw new FetchError(`stopped after ${REDIRECTS_MAX} redirects`)
}

function redirected(get: HttpGet, location: string): HttpGet {
  if (!URL.canParse(location, get.url.href)) throw new FetchError('redirects to no valid URL')
  const url = new URL(location, get.url)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new FetchError(`redirects to ${url.protocol}, which is no HTTP`)
  }
  if (url.origin === get.url.origin) return { ...get, url }
  return { ...get, url, headers: {}, cert: null, key: null, serverName: null, isVerified: true }
}

async function getOnce(get: HttpGet): Promise<HttpAnswer> {
  const { url, silenceMsMax } = get
  const request = openRequest(get)
  // Node says of a request that is given up in the middle of an answer only that it was aborted.
  let fault: Error | null = null
  request.on('error', (error) => (fault ??= error))
  request.setTimeout(silenceMsMax, () => {
    fault = new FetchError(`did not answer within ${Math.round(silenceMsMax / 1000)} s`)
    request.destroy(fault)
  })
  request.end()
  const [response]: unknown[] = await once(request, 'response')
  assert(response instanceof IncomingMessage)
  try {
    const body = await readBody(response)
    const { statusCode: status = 0, statusMessage: statusText = '', headers } = response
    return { url, status, statusText, headers, body }
  } catch (error) {
    throw fault ?? error
  }
}

async function readBody(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of response) {
    assert(chunk instanceof Uint8Array)
    chunks.push(chunk)
    sizeBytes += chunk.length
    if (sizeBytes > BODY_BYTES_MAX) throw new FetchError('sent more than 1 GiB')
  }
  return Buffer.concat(chunks)
}

function openRequest(get: HttpGet) {
  const { url, headers, ca, cert, key, serverName, isVerified } = get
  // An agent that keeps no connection, so that the process can end.
  const proxy = isLoopback(url.hostname) ? {} : { proxyEnv: get.proxyEnv }
  const sent = { 'user-agent': 'kubeprof', accept: '*/*', ...headers }
  if (url.protocol === 'http:') {
    return requestHttp(url, { headers: sent, agent: new HttpAgent(proxy) })
  }
  const tls = {
    rejectUnauthorized: isVerified,
    ...(ca === null ? {} : { ca }),
    ...(cert === null || key === null ? {} : { cert, key }),
    ...(serverName === null ? {} : { servername: serverName }),
  }
  return requestHttps(url, { headers: sent, ...tls, agent: new HttpsAgent({ ...proxy, ...tls }) })
}

/** Go asks no proxy for these either. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.')
}
