import assert from 'node:assert'
import {
  Agent,
  type ClientRequest,
  type ClientRequestArgs,
  IncomingMessage,
  type IncomingHttpHeaders,
  type RequestOptions,
  request as requestHttp,
} from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { closedError, type TlsIdentity } from './dial.ts'
import { OutboundError } from './outbound-error.ts'

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
  /** Until the answer begins, with connecting. */
  readonly headersMsMax: number
  /** Between two pieces of the body. */
  readonly silenceMsMax: number
  readonly wholeMsMax: number | null
  /** Of the body, as sent: nothing is inflated here. */
  readonly bytesMax: number
}

export interface HttpAnswer {
  readonly status: number
  readonly statusText: string
  readonly headers: IncomingHttpHeaders
  /** Read it to its end, or return it. */
  readonly body: AsyncIterable<Uint8Array>
}

/** Asks one host. Follows no redirect; keeps a connection between requests. */
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

/** `host` as the header says it. */
export function openHttpClient(host: string, options: ConnectOptions): HttpClient {
  const agent = new StreamAgent(options)
  return {
    send: (request) => send(request, (given) => requestHttp({ ...given, agent }), host),
    reset: () => agent.destroy(),
    close: () => agent.close(),
  }
}

/** Variables that name proxies: HTTP_PROXY, HTTPS_PROXY, NO_PROXY. */
export type ProxyEnv = Readonly<Record<string, string | undefined>>

export interface ProxiedOptions {
  readonly proxyEnv: ProxyEnv
  readonly tls: TlsIdentity
}

/** Everything through one proxy. */
export function proxyEnvOf(proxyUrl: string): ProxyEnv {
  return { HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl }
}

/** Whether a host is asked by a proxy at all. Go asks none for loopback either. */
export function isProxied({ hostname }: URL, proxyEnv: ProxyEnv): boolean {
  if (hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')) return false
  return Object.entries(proxyEnv).some(
    ([name, value]) => /^https?_proxy$/i.test(name) && value !== undefined && value !== '',
  )
}

/** Asks `origin` by the proxies that `proxyEnv` names, if any. It knows no address rules. */
export function openProxiedClient(origin: URL, options: ProxiedOptions): HttpClient {
  const { hostname, port, host } = origin
  const at = { hostname: hostname.replace(/^\[|\]$/g, ''), port }
  const agent = proxyAgent(origin, options)
  const tls = tlsOptions(options.tls)
  const open = (given: RequestOptions) =>
    agent instanceof HttpsAgent
      ? requestHttps({ ...given, ...at, ...tls, agent })
      : requestHttp({ ...given, ...at, agent })
  return {
    send: (request) => send(request, open, host),
    reset: () => agent.destroy(),
    close: () => agent.destroy(),
  }
}

export function proxyAgent(origin: URL, { proxyEnv, tls }: ProxiedOptions): Agent | HttpsAgent {
  if (origin.protocol !== 'https:') return new Agent({ proxyEnv })
  return new HttpsAgent({ proxyEnv, ...tlsOptions(tls) })
}

function tlsOptions({ ca, cert, key, serverName, isVerified }: TlsIdentity) {
  return {
    rejectUnauthorized: isVerified,
    ...(ca === null ? {} : { ca }),
    ...(cert === null || key === null ? {} : { cert, key }),
    ...(serverName === null ? {} : { servername: serverName }),
  }
}

/** An agent whose connections are made elsewhere. */
class StreamAgent extends Agent {
  readonly #options: ConnectOptions
  readonly #closing = new AbortController()

  constructor(options: ConnectOptions) {
    super({ keepAlive: true })
    this.#options = options
  }

  override createConnection(
    _: ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    assert(callback !== undefined)
    const { openStream, connectMsMax } = this.#options
    const late = new AbortController()
    const timer = setTimeout(() => {
      const seconds = connectMsMax / 1000
      late.abort(new OutboundError('CONNECT_TIMEOUT', `cannot be connected to within ${seconds} s`))
    }, connectMsMax)
    openStream(AbortSignal.any([late.signal, this.#closing.signal]))
      .finally(() => clearTimeout(timer))
      .then(
        (stream) => {
          // Nobody waits for it any more.
          if (this.#closing.signal.aborted) stream.destroy()
          callback(null, stream)
        },
        // Node looks at the error alone then.
        (error: unknown) => Reflect.apply(callback, null, [error]),
      )
  }

  /** A tunnel has no socket of its own to keep alive, and keeps no process running while it is idle. */
  override keepSocketAlive(stream: Duplex): boolean {
    if (stream instanceof Socket) super.keepSocketAlive(stream)
    return true
  }

  override reuseSocket(stream: Duplex, request: ClientRequest): void {
    if (stream instanceof Socket) super.reuseSocket(stream, request)
    else request.reusedSocket = true
  }

  close(): void {
    this.#closing.abort(new Error('closed'))
    this.destroy()
  }
}

type OpenRequest = (options: RequestOptions) => ClientRequest

async function send(request: HttpRequest, open: OpenRequest, host: string): Promise<HttpAnswer> {
  const first = new Exchange(request, open, host)
  try {
    return await first.answer()
  } catch (error) {
    // A connection that was kept may have been closed by the other side just now.
    if (!first.isOfKeptConnection || request.signal?.aborted === true) throw error
    return await new Exchange(request, open, host).answer()
  }
}

/** One request and its answer, with the first fault of both. */
class Exchange {
  readonly #request: HttpRequest
  readonly #sent: ClientRequest
  #fault: Error | null = null
  #whole: NodeJS.Timeout | null = null
  #timer: NodeJS.Timeout | null = null
  #hasAnswer = false

  constructor(request: HttpRequest, open: OpenRequest, host: string) {
    const { method, path, body, headers, limits, signal } = request
    this.#request = request
    this.#sent = open({
      method,
      path,
      headers: {
        host,
        'user-agent': 'kubeprof',
        accept: '*/*',
        'accept-encoding': 'identity',
        ...(body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
        ...headers,
      },
    })
    signal?.addEventListener('abort', this.#onAbort)
    this.#arm(limits.headersMsMax, 'HEADERS_TIMEOUT')
    if (limits.wholeMsMax !== null) {
      const { wholeMsMax } = limits
      this.#whole = setTimeout(() => this.#give(timeout('BODY_TIMEOUT', wholeMsMax)), wholeMsMax)
      this.#whole.unref()
    }
    this.#sent.on('error', (error) => (this.#fault ??= error))
    if (signal?.aborted === true) this.#onAbort()
    else this.#sent.end(body ?? '')
  }

  /** Whether it failed before an answer, on a connection that had served before. */
  get isOfKeptConnection(): boolean {
    return this.#sent.reusedSocket && !this.#hasAnswer && isCut(this.#fault)
  }

  async answer(): Promise<HttpAnswer> {
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        this.#sent.once('response', resolve)
        this.#sent.once('close', () => reject(this.#fault ?? closedError()))
      })
      this.#hasAnswer = true
      this.#disarm()
      const { statusCode: status = 0, statusMessage: statusText = '', headers } = response
      return { status, statusText, headers, body: this.#body(response) }
    } catch (error) {
      this.#end()
      throw error
    }
  }

  async *#body(response: IncomingMessage): AsyncGenerator<Uint8Array> {
    const { silenceMsMax, bytesMax } = this.#request.limits
    let sizeBytes = 0
    try {
      this.#arm(silenceMsMax, 'BODY_TIMEOUT')
      for await (const chunk of response) {
        assert(chunk instanceof Uint8Array)
        sizeBytes += chunk.length
        if (sizeBytes > bytesMax) {
          throw new OutboundError('BODY_TOO_LARGE', `sent more than ${sizeText(bytesMax)}`)
        }
        this.#disarm()
        yield chunk
        this.#arm(silenceMsMax, 'BODY_TIMEOUT')
      }
    } catch (error) {
      const fault = this.#fault ?? error
      if (!isCut(fault)) throw fault
      throw new OutboundError('BODY_CUT', 'closed the connection before the answer was whole', {
        cause: fault,
      })
    } finally {
      this.#end()
      response.destroy()
    }
  }

  #arm(forMs: number, code: 'HEADERS_TIMEOUT' | 'BODY_TIMEOUT'): void {
    this.#disarm()
    this.#timer = setTimeout(() => this.#give(timeout(code, forMs)), forMs)
  }

  #disarm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  readonly #onAbort = () => {
    const { reason } = this.#request.signal ?? {}
    this.#give(reason instanceof Error ? reason : new Error('aborted'))
  }

  #give(fault: Error): void {
    this.#fault ??= fault
    this.#sent.destroy(fault)
  }

  #end(): void {
    this.#disarm()
    if (this.#whole !== null) clearTimeout(this.#whole)
    this.#request.signal?.removeEventListener('abort', this.#onAbort)
  }
}

function timeout(code: 'HEADERS_TIMEOUT' | 'BODY_TIMEOUT', forMs: number): OutboundError {
  const what = code === 'HEADERS_TIMEOUT' ? 'did not answer' : 'did not end its answer'
  return new OutboundError(code, `${what} within ${Math.round(forMs / 1000)} s`)
}

function isCut(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    /^(?:ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE)$/.test(String(error.code))
  )
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

/** The first bytes of the body, and no more: for what explains a failure. */
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
