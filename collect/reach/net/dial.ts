import type { LookupAddress, LookupOptions } from 'node:dns'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls'
import type { AddressRules, AddressSource } from './address-rules.ts'
import { OutboundError } from './outbound-error.ts'
import type { Resolve } from './resolve-name.ts'

/** Which addresses may be dialled, for whom, and how names are resolved. */
export interface DialRules {
  readonly rules: AddressRules
  readonly source: AddressSource
  readonly resolve: Resolve
}

/** How both sides of a TLS connection verify each other. Secrets. */
export interface TlsIdentity {
  /** PEM. Null for the system's certificate authorities. */
  readonly ca: string | null
  /** PEM, both or neither. */
  readonly cert: string | null
  readonly key: string | null
  /** The name that the server's certificate must have; null for the host of the URL. */
  readonly serverName: string | null
  readonly isVerified: boolean
}

/**
 * Connects to a host. The name is resolved once, all its addresses must be allowed, and the connection goes to one of
 * them, so a name that resolves differently a moment later has no effect. Throws ADDRESS_DENIED and Node's network
 * errors.
 */
export async function dial(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  { rules, source, resolve }: DialRules,
  signal: AbortSignal,
): Promise<Socket> {
  const host = hostname.replace(/^\[|\]$/g, '')
  const isLiteral = isIP(host) !== 0
  const addresses = isLiteral
    ? [{ address: host, family: isIP(host) }]
    : await untilAborted(resolve(host), signal)
  for (const { address } of addresses) {
    const refusal = rules.refusalOf(address, source)
    if (refusal === null) continue
    const what = isLiteral
      ? `${address} is ${refusal}`
      : `${host} is ${address}, which is ${refusal}`
    throw new OutboundError(
      'ADDRESS_DENIED',
      `may not be asked: ${what}; network.allow names ranges that may be`,
    )
  }
  const [first] = addresses
  if (first === undefined) throw new Error(`${host} has no address`)
  const socket = connectTcp({ host, port, lookup: answerWith(first, addresses), noDelay: true })
  return await connected(socket, 'connect', signal)
}

/** Connects to a Unix socket. */
export async function dialUnix(path: string, signal: AbortSignal): Promise<Socket> {
  return await connected(connectTcp({ path }), 'connect', signal)
}

/** Starts TLS over `stream` with `hostname`. */
export async function startTls(
  stream: Duplex,
  hostname: string,
  { ca, cert, key, serverName, isVerified }: TlsIdentity,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const host = serverName ?? hostname.replace(/^\[|\]$/g, '')
  const options = {
    socket: stream,
    host,
    // TLS server names cannot be IP addresses.
    servername: isIP(host) === 0 ? host : '',
    rejectUnauthorized: isVerified,
    ALPNProtocols: ['http/1.1'],
    ...(ca === null ? {} : { ca }),
    ...(cert === null || key === null ? {} : { cert, key }),
  }
  const socket = connectOrEnd(options)
  // TLS over a stream other than a socket is not notified when the stream closes.
  const onEnd = () => socket.destroy(stream.errored ?? closedError())
  stream.once('error', onEnd).once('close', onEnd)
  if (stream.destroyed) onEnd()
  return await connected(socket, 'secureConnect', signal)
}

/** An invalid certificate or key is found before anything is sent. */
function connectOrEnd(options: ConnectionOptions & { readonly socket: Duplex }): TLSSocket {
  try {
    return connectTls(options)
  } catch (error) {
    options.socket.destroy()
    throw error
  }
}

async function connected<Stream extends Socket>(
  socket: Stream,
  event: string,
  signal: AbortSignal,
): Promise<Stream> {
  const { promise, resolve, reject } = Promise.withResolvers<Stream>()
  const onAbort = () => socket.destroy(reasonOf(signal))
  const onClose = () => reject(closedError())
  const onReady = () => resolve(socket)
  // TLS reports an alert without closing the socket; the end of the connection that follows would hide the reason.
  socket.on('error', (error) => socket.destroy(error))
  socket.once(event, onReady).once('error', reject).once('close', onClose)
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  try {
    return await promise
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
    socket.off(event, onReady).off('error', reject).off('close', onClose)
  }
}

/** A connection that closed without a reason. */
export function closedError(): Error {
  return Object.assign(new Error('closed'), { code: 'ECONNRESET' })
}

async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(reasonOf(signal))
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error('aborted')
}

type LookupCallback = (
  error: Error | null,
  address: string | LookupAddress[],
  family?: number,
) => void

/** A lookup that returns only these addresses. */
function answerWith(first: LookupAddress, addresses: readonly LookupAddress[]) {
  return (_: string, { all }: LookupOptions, callback: LookupCallback) => {
    if (all === true) callback(null, [...addresses])
    else callback(null, first.address, first.family)
  }
}
