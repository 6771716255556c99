import assert from 'node:assert'
import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici'
import { closedError } from './dial.ts'
import { OutboundError } from './outbound-error.ts'
import { type ProxiedOptions, tlsOptions } from './proxy.ts'

export type HttpHeaders = Readonly<Record<string, string | string[]>>

export interface HttpRequest {
  readonly method: 'GET' | 'PUT' | 'POST'
  /** With the query. */
  readonly path: string
  readonly headers: HttpHeaders
  readonly body: string | null
  readonly limits: HttpLimits
  readonly signal: AbortSignal | null
}

/** Null where there is none. */
export interface HttpLimits {
  /** Until the answer begins, including the time to connect. */
  readonly headersMsMax: number
  /** Between two chunks of the body. */
  readonly silenceMsMax: number
  readonly wholeMsMax: number | null
  /** Of the body, as sent: it is not inflated here. */
  readonly bytesMax: number
}

export interface HttpAnswer {
  readonly status: number
  readonly statusText: string
  readonly headers: IncomingHttpHeaders
  /** Must be read to its end or returned. */
  readonly body: AsyncIterable<Uint8Array>
}

/** Sends requests to one host. Follows no redirect; keeps connections alive between requests. */
export interface HttpClient {
  /** Throws an OutboundError, what `openStream` throws, or what Node throws. */
  send(request: HttpRequest): Promise<HttpAnswer>
  /** Closes the connections that are open; later requests open new ones. */
  reset(): void
  close(): void
}

/** Opens a connection: TCP, TLS, a Unix socket, a tunnel. */
export type OpenStream = (signal: AbortSignal) => Promise<Duplex>

export interface ConnectOptions {
  readonly openStream: OpenStream
  readonly connectMsMax: number
}

/** A client of one host; `host` is sent as the Host header. Connections are opened by `openStream` alone. */
export function openHttpClient(host: string, options: ConnectOptions): HttpClient {
  const closing = new AbortController()
  // `openStream` applies its own address rules and TLS, so undici sees plain HTTP to one host.
  const open = () => new Pool('http://target', { connect: connectorOf(options, closing.signal) })
  return clientOver({ origin: 'http://target', host }, open, closing)
}

/** A client of `origin` through the proxies in `proxyEnv`, if any. It applies no address rules. */
export function openProxiedClient(origin: URL, { proxyEnv, tls }: ProxiedOptions): HttpClient {
  const proxyFor = (name: string) => proxyEnv[name] ?? proxyEnv[name.toUpperCase()] ?? ''
  const open = () =>
    new EnvHttpProxyAgent({
      httpProxy: proxyFor('http_proxy'),
      httpsProxy: proxyFor('https_proxy'),
      noProxy: proxyFor('no_proxy'),
      // Plain HTTP goes to the proxy with the full URL, as in Go: not every proxy tunnels plain HTTP.
      proxyTunnel: false,
      requestTls: tlsOptions(tls),
      connect: tlsOptions(tls),
    })
  return clientOver({ origin: origin.origin, host: origin.host }, open, new AbortController())
}

function connectorOf(
  { openStream, connectMsMax }: ConnectOptions,
  closing: AbortSignal,
): buildConnector.connector {
  return (_, callback) => {
    const late = new AbortController()
    const timer = setTimeout(() => {
      const seconds = connectMsMax / 1000
      late.abort(new OutboundError('CONNECT_TIMEOUT', `cannot be connected to within ${seconds} s`))
    }, connectMsMax)
    // undici's types ask for a socket, but any duplex stream works, including a tunnel.
    const answer = (error: unknown, stream: Duplex | null) =>
      Reflect.apply(callback, null, [error, stream])
    openStream(AbortSignal.any([late.signal, closing]))
      .finally(() => clearTimeout(timer))
      .then(
        (stream) => answer(null, stream),
        (error: unknown) => answer(error, null),
      )
  }
}

interface Place {
  readonly origin: string
  readonly host: string
}

function clientOver(place: Place, open: () => Dispatcher, closing: AbortController): HttpClient {
  let dispatcher = open()
  let hasAnswered = false
  const send = async (request: HttpRequest): Promise<HttpAnswer> => {
    const answer = await exchange(dispatcher, place, request)
    hasAnswered = true
    return answer
  }
  const reset = () => {
    const old = dispatcher
    dispatcher = open()
    hasAnswered = false
    void old.destroy(closedError())
  }
  return {
    async send(request) {
      try {
        return await send(request)
      } catch (error) {
        // The server may have just closed a connection that was kept alive.
        if (!hasAnswered || !isCut(error) || request.signal?.aborted === true) throw error
        return await send(request)
      }
    },
    reset,
    close() {
      closing.abort(new Error('closed'))
      void dispatcher.destroy(closedError())
    },
  }
}

/** One request and its answer. */
async function exchange(
  dispatcher: Dispatcher,
  { origin, host }: Place,
  { method, path, body, headers, limits, signal }: HttpRequest,
): Promise<HttpAnswer> {
  const clock = startClock(limits, signal)
  const asked = dispatcher.request({
    origin,
    method,
    path,
    headers: {
      host,
      'user-agent': 'kubeprof',
      accept: '*/*',
      'accept-encoding': 'identity',
      ...headers,
    },
    body,
    signal: clock.signal,
    // The timeout includes connecting.
    headersTimeout: 0,
    bodyTimeout: limits.silenceMsMax,
  })
  try {
    const answer = await Promise.race([asked, clock.ended])
    clock.answered()
    const { statusCode: status, statusText } = answer
    return { status, statusText, headers: answer.headers, body: bodyOf(answer.body, limits, clock) }
  } catch (error) {
    clock.stop()
    asked.catch(() => undefined)
    throw error
  }
}

async function* bodyOf(
  body: Dispatcher.ResponseData['body'],
  { silenceMsMax, bytesMax }: HttpLimits,
  clock: Clock,
): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0
  try {
    for await (const chunk of body) {
      assert(chunk instanceof Uint8Array)
      sizeBytes += chunk.length
      if (sizeBytes > bytesMax) {
        throw new OutboundError('BODY_TOO_LARGE', `sent more than ${sizeText(bytesMax)}`)
      }
      yield chunk
    }
    // undici frees the connection for the next request one turn of the event loop later.
    await nextTurn()
  } catch (error) {
    const fault = clock.reason() ?? error
    if (codeOf(fault) === 'UND_ERR_BODY_TIMEOUT') throw timeout('BODY_TIMEOUT', silenceMsMax)
    if (!isCut(fault)) throw fault
    throw new OutboundError('BODY_CUT', 'closed the connection before the answer was whole', {
      cause: fault,
    })
  } finally {
    clock.stop()
    body.on('error', () => undefined).destroy()
  }
}

/** Aborts a request when its time is over, or when `signal` does. */
interface Clock {
  readonly signal: AbortSignal
  /** Rejects with the reason once the request is aborted. */
  readonly ended: Promise<never>
  /** Stops the timeout for the beginning of the answer. */
  answered(): void
  stop(): void
  /** Why the request was aborted; null while it was not. */
  reason(): unknown
}

function startClock({ headersMsMax, wholeMsMax }: HttpLimits, signal: AbortSignal | null): Clock {
  const end = new AbortController()
  const { promise: ended, reject } = Promise.withResolvers<never>()
  ended.catch(() => undefined)
  end.signal.addEventListener('abort', () => reject(end.signal.reason))
  const onAbort = () => {
    const { reason } = signal ?? {}
    end.abort(reason instanceof Error ? reason : new Error('aborted'))
  }
  const until = (code: 'HEADERS_TIMEOUT' | 'BODY_TIMEOUT', forMs: number) =>
    setTimeout(() => end.abort(timeout(code, forMs)), forMs)
  const headers = until('HEADERS_TIMEOUT', headersMsMax)
  const whole = wholeMsMax === null ? null : until('BODY_TIMEOUT', wholeMsMax).unref()
  signal?.addEventListener('abort', onAbort)
  if (signal?.aborted === true) onAbort()
  return {
    signal: end.signal,
    ended,
    answered: () => clearTimeout(headers),
    stop() {
      clearTimeout(headers)
      if (whole !== null) clearTimeout(whole)
      signal?.removeEventListener('abort', onAbort)
    },
    reason: () => (end.signal.aborted ? end.signal.reason : null),
  }
}

function timeout(code: 'HEADERS_TIMEOUT' | 'BODY_TIMEOUT', forMs: number): OutboundError {
  const what = code === 'HEADERS_TIMEOUT' ? 'did not answer' : 'did not end its answer'
  return new OutboundError(code, `${what} within ${Math.round(forMs / 1000)} s`)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** https://github.com/nodejs/undici/blob/main/docs/docs/api/Errors.md */
const CUT_CODES: readonly string[] = [
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]

function isCut(error: unknown): boolean {
  return CUT_CODES.includes(codeOf(error))
}

function sizeText(bytes: number): string {
  if (bytes % 1024 ** 3 === 0) return `${bytes / 1024 ** 3} GiB`
  return bytes % 1024 ** 2 === 0 ? `${bytes / 1024 ** 2} MiB` : `${bytes} bytes`
}

/** The whole body, which `limits` bounds. */
export async function readBody(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Only the first bytes of the body, to explain a failure. */
export async function readHead(
  body: AsyncIterable<Uint8Array>,
  sizeBytesMax: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    sizeBytes += chunk.length
    if (sizeBytes >= sizeBytesMax) break
  }
  return Buffer.concat(chunks).subarray(0, sizeBytesMax)
}
