import type { IncomingHttpHeaders } from 'node:http'
import { ANY_ADDRESS } from './address-rules.ts'
import { type Credentials, NO_CREDENTIALS } from './credentials.ts'
import { dial, startTls } from './dial.ts'
import { resolveBySystem } from './resolve-name.ts'
import { type HttpClient, openHttpClient, openProxiedClient, readBody } from './http-client.ts'
import { isProxied, type ProxyEnv } from './proxy.ts'
import { OutboundError } from './outbound-error.ts'

export { type ConnectionFault, connectionFault } from './connection-fault.ts'
export { type Credentials, NO_CREDENTIALS } from './credentials.ts'
export { proxyEnvOf } from './proxy.ts'
export { OutboundError } from './outbound-error.ts'
export { statusMessage } from './status-message.ts'

/** A resource that a user of the command line asks for: no address is denied. */
export interface HttpGet {
  readonly url: URL
  /** Sent to the origin of `url` only. */
  readonly credentials: Credentials
  /** How long the server may stay silent. */
  readonly silenceMsMax: number
  /** Variables that name proxies: HTTP_PROXY, HTTPS_PROXY, NO_PROXY. */
  readonly proxyEnv: ProxyEnv
}

export interface HttpGot {
  /** The final URL, after redirects. */
  readonly url: URL
  readonly status: number
  readonly statusText: string
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
}

const REDIRECTS_MAX = 10
const BODY_BYTES_MAX = 1024 ** 3
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]

/**
 * Gets one resource. Follows redirects, as `go tool pprof` does, but sends credentials to no other origin. Throws an
 * OutboundError, or what the connection throws.
 */
export async function httpGet(get: HttpGet): Promise<HttpGot> {
  let step = get
  for (let count = 0; count <= REDIRECTS_MAX; count++) {
    const got = await getOnce(step)
    const { location } = got.headers
    if (!REDIRECTS.includes(got.status) || location === undefined) return got
    step = redirected(step, location)
  }
  throw new OutboundError('REDIRECTED', `stopped after ${REDIRECTS_MAX} redirects`)
}

function redirected(get: HttpGet, location: string): HttpGet {
  if (!URL.canParse(location, get.url.href)) {
    throw new OutboundError('REDIRECTED', 'redirects to no valid URL')
  }
  const url = new URL(location, get.url)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new OutboundError('REDIRECTED', `redirects to ${url.protocol}, which is not HTTP`)
  }
  if (url.origin === get.url.origin) return { ...get, url }
  // The given certificate authorities are trusted after redirects too.
  return { ...get, url, credentials: { ...NO_CREDENTIALS, ca: get.credentials.ca } }
}

async function getOnce(get: HttpGet): Promise<HttpGot> {
  const { url, credentials, silenceMsMax } = get
  const client = clientFor(get)
  try {
    const answer = await client.send({
      method: 'GET',
      path: url.pathname + url.search,
      headers: credentials.headers,
      body: null,
      limits: {
        headersMsMax: silenceMsMax,
        silenceMsMax,
        wholeMsMax: null,
        bytesMax: BODY_BYTES_MAX,
      },
      signal: null,
    })
    return { ...answer, url, body: await readBody(answer.body) }
  } finally {
    client.close()
  }
}

function clientFor({ url, credentials, silenceMsMax, proxyEnv }: HttpGet): HttpClient {
  if (isProxied(url, proxyEnv)) return openProxiedClient(url, { proxyEnv, tls: credentials })
  const isHttps = url.protocol === 'https:'
  const port = Number(url.port === '' ? (isHttps ? 443 : 80) : url.port)
  const rules = { rules: ANY_ADDRESS, source: 'operator', resolve: resolveBySystem } as const
  return openHttpClient(url.host, {
    connectMsMax: silenceMsMax,
    openStream: async (signal) => {
      const stream = await dial({ hostname: url.hostname, port }, rules, signal)
      return isHttps ? await startTls(stream, url.hostname, credentials, signal) : stream
    },
  })
}
