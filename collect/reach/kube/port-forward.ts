import { Duplex } from 'node:stream'
import { type RawData, WebSocket } from 'ws'
import { AppError } from '../../../api/errors.ts'
import { apiRefusal } from './api-refusal.ts'
import { oneLine } from '../net/status-message.ts'
import type { ServerAccess } from './cluster-access.ts'
import { closedError } from '../net/dial.ts'
import { dialServer } from './dial-server.ts'
import { explainFailure } from '../net/explain-failure.ts'
import { readHead } from '../net/http-client.ts'
import { proxyAgent } from '../net/proxy.ts'
import { redact } from '../net/redact.ts'

export interface ForwardAddress {
  readonly namespace: string
  readonly pod: string
  readonly port: number
}

/** The first byte of each message is its channel. */
const DATA = 0
const ERROR = 1
/** Each channel begins with the port, in two bytes. */
const PORT_BYTES = 2

/**
 * Opens a tunnel to a port of a pod, through the API server and the kubelet. Throws TARGET_FORBIDDEN,
 * TARGET_UNREACHABLE and other TARGET_ errors.
 * https://github.com/kubernetes/kubernetes/tree/master/staging/src/k8s.io/cri-streaming (portforward/websocket.go)
 */
export async function openPortForward(
  at: ForwardAddress,
  access: ServerAccess,
  signal: AbortSignal,
): Promise<Duplex> {
  const { namespace, pod, port } = at
  const who = `The tunnel to port ${port} of ${namespace}/${pod}`
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/portforward?ports=${port}`
  try {
    const socket = await openSocket(path, access, signal)
    // Listen before it opens: the first messages come with the answer to the upgrade.
    const tunnel = new Tunnel(socket, who)
    await upgraded(socket, { who, at, access, signal })
    if (tunnel.errored !== null) throw tunnel.errored
    return tunnel
  } catch (error) {
    if (signal.aborted) throw error
    throw unopened(explainFailure(error, who), who)
  }
}

/** An upgrade that was refused, for which ws has no error code. */
function unopened(error: unknown, who: string): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error
  return new AppError('TARGET_RESPONSE_INVALID', {
    message: `${who} cannot be opened: ${oneLine(error.message)}.`,
    cause: error,
  })
}

async function openSocket(
  path: string,
  access: ServerAccess,
  signal: AbortSignal,
): Promise<WebSocket> {
  const { server, headers, proxyEnv } = access
  const below = `${server.host}${server.pathname.replace(/\/$/, '')}${path}`
  const options = {
    headers: { 'user-agent': 'kubeprof', ...headers },
    followRedirects: false,
    perMessageDeflate: false,
    maxPayload: 16 * 1024 ** 2,
  }
  if (proxyEnv !== null) {
    const agent = proxyAgent(server, { tls: access, proxyEnv })
    const scheme = server.protocol === 'https:' ? 'wss' : 'ws'
    return new WebSocket(`${scheme}://${below}`, PROTOCOL, { ...options, agent })
  }
  const stream = await dialServer(access, signal)
  // For wss the stream speaks TLS already.
  return new WebSocket(`ws://${below}`, PROTOCOL, { ...options, createConnection: () => stream })
}

const PROTOCOL = 'v4.channel.k8s.io'
const HEAD_BYTES_MAX = 64 * 1024

interface Upgrade {
  readonly who: string
  readonly at: ForwardAddress
  readonly access: ServerAccess
  readonly signal: AbortSignal
}

async function upgraded(socket: WebSocket, { who, at, access, signal }: Upgrade): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const onAbort = () => {
    reject(signal.reason)
    socket.terminate()
  }
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  socket.on('error', reject)
  socket.once('open', resolve)
  socket.once('close', () => reject(closedError()))
  socket.once('unexpected-response', (_, response) => {
    const aim = `forward port ${at.port} of the pod ${at.namespace}/${at.pod}`
    readHead(response, HEAD_BYTES_MAX)
      .then((head) => redact(head.toString(), access))
      .then((text) => apiRefusal(response.statusCode ?? 0, text, { who, aim }))
      .then(reject, reject)
      .finally(() => socket.terminate())
  })
  try {
    await promise
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** A WebSocket whose messages carry the bytes of one connection, each behind the number of its channel. */
class Tunnel extends Duplex {
  readonly #socket: WebSocket
  readonly #who: string
  /** For each channel, how many bytes of its two-byte port are still to come. */
  readonly #heads = [PORT_BYTES, PORT_BYTES]

  constructor(socket: WebSocket, who: string) {
    super({ allowHalfOpen: false })
    this.#socket = socket
    this.#who = who
    socket.on('message', (message) => this.#receive(message))
    socket.on('error', ({ message }) => this.destroy(this.#explain(message)))
    socket.on('close', () => this.push(null))
    // The reader or writer of the stream gets the error; before there is one, it is ignored.
    this.on('error', () => {})
  }

  #receive(message: RawData): void {
    const bytes = message instanceof Buffer ? message : Buffer.alloc(0)
    const channel = bytes[0] ?? DATA
    const head = Math.min(this.#heads[channel] ?? 0, bytes.length - 1)
    this.#heads[channel] = (this.#heads[channel] ?? 0) - head
    const payload = bytes.subarray(1 + head)
    if (payload.length === 0) return
    if (channel === ERROR) this.destroy(this.#explain(payload.toString()))
    else if (!this.push(payload)) this.#socket.pause()
  }

  #explain(reason: string): AppError {
    return new AppError('TARGET_UNREACHABLE', {
      message: `${this.#who} was closed: ${oneLine(reason)}.`,
    })
  }

  override _read(): void {
    if (this.#socket.isPaused) this.#socket.resume()
  }

  override _write(chunk: Buffer, _: string, callback: (error?: Error | null) => void): void {
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(Buffer.concat([Buffer.of(DATA), chunk]), callback)
    } else callback(closedError())
  }

  override _final(callback: () => void): void {
    this.#socket.close()
    callback()
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#socket.terminate()
    callback(error)
  }
}
