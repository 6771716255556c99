import type { ProcessAddress, ProcessRoute } from '../../store/index.ts'
import { AppError } from '../../api/errors.ts'
import type { Cluster } from './kube/cluster.ts'
import type { Credentials, CredentialSource } from './net/credentials.ts'
import { dial, dialUnix, type DialRules, startTls } from './net/dial.ts'
import { explainFailure } from './net/explain-failure.ts'
import { type HttpClient, type HttpRequest, openHttpClient } from './net/http-client.ts'
import type { ProcessAnswer, ProcessConnection, RequestLimits } from './process-connection.ts'
import { redact } from './net/redact.ts'
import { sendKnown } from './net/send-known.ts'

/** How long opening a connection may take. */
export const CONNECT_MS_MAX = 5000
/** Between two chunks of a body. */
export const SILENCE_MS_MAX = 30_000

export interface ConnectionNeeds extends DialRules {
  readonly credentials: CredentialSource
  /** Null where the address goes through no cluster. */
  readonly cluster: Cluster | null
}

/** Opens the connection to one process; sends no request yet. Throws TARGET_CREDENTIALS. */
export async function openConnection(
  address: ProcessAddress,
  needs: ConnectionNeeds,
): Promise<ProcessConnection> {
  const who = `${address.component ?? 'The process'} at ${address.instance}`
  const { route, pathPrefix } = address
  const client = clientFor(route, needs)
  const isServer = route.via === 'node-proxy' || route.via === 'api-server'
  const credentials = isServer ? clusterOf(needs).credentials : needs.credentials
  const send = async (
    asked: Pick<HttpRequest, 'method' | 'path' | 'body'>,
    limits: RequestLimits,
    signal?: AbortSignal,
  ): Promise<ProcessAnswer> => {
    try {
      const answer = await sendKnown(client, credentials, {
        ...asked,
        path: pathPrefix + asked.path,
        headers: {},
        limits: { ...limits, silenceMsMax: SILENCE_MS_MAX },
        signal: signal ?? null,
      })
      return { ...answer, body: explained(answer.body, who) }
    } catch (error) {
      throw explainFailure(error, who)
    }
  }
  return {
    address,
    warnings: warningsOf(route, await credentials.read()),
    redact: async (text) => redact(text, await credentials.read()),
    get: (path, limits, signal) => send({ method: 'GET', path, body: null }, limits, signal),
    put: (path, body, limits, signal) => send({ method: 'PUT', path, body }, limits, signal),
    close: () => client.close(),
  }
}

async function* explained(
  body: AsyncIterable<Uint8Array>,
  who: string,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw explainFailure(error, who)
  }
}

function clientFor(route: ProcessRoute, needs: ConnectionNeeds): HttpClient {
  if (route.via === 'direct') return directClient(route, needs)
  if (route.via === 'unix') {
    return openHttpClient('localhost', {
      connectMsMax: CONNECT_MS_MAX,
      openStream: (signal) => dialUnix(route.socketPath, signal),
    })
  }
  const cluster = clusterOf(needs)
  if (route.via === 'api-server') return cluster.clientBelow('')
  if (route.via === 'node-proxy') {
    return cluster.clientBelow(`/api/v1/nodes/${encodeURIComponent(route.node)}/proxy`)
  }
  return openHttpClient(`localhost:${route.port}`, {
    // The API server and then the kubelet open a tunnel, which takes longer.
    connectMsMax: 2 * CONNECT_MS_MAX,
    openStream: async (signal) => {
      const stream = await cluster.openForward(route, signal)
      if (route.scheme === 'http') return stream
      return await startTls(stream, 'localhost', await needs.credentials.read(), signal)
    },
  })
}

function directClient(
  { origin, serverName }: Extract<ProcessRoute, { via: 'direct' }>,
  needs: ConnectionNeeds,
): HttpClient {
  const url = new URL(origin)
  const isHttps = url.protocol === 'https:'
  if (!isHttps && url.protocol !== 'http:') {
    throw new AppError('TARGET_INVALID', { message: `${url.protocol} is neither http: nor https:` })
  }
  const port = Number(url.port === '' ? (isHttps ? 443 : 80) : url.port)
  return openHttpClient(url.host, {
    connectMsMax: CONNECT_MS_MAX,
    openStream: async (signal) => {
      const stream = await dial({ hostname: url.hostname, port }, needs, signal)
      if (!isHttps) return stream
      const identity = await needs.credentials.read()
      const named = { ...identity, serverName: identity.serverName ?? serverName }
      return await startTls(stream, url.hostname, named, signal)
    },
  })
}

function clusterOf({ cluster }: ConnectionNeeds): Cluster {
  if (cluster === null) {
    throw new AppError('TARGET_INVALID', {
      message: 'The target is reached through a cluster, but names none.',
    })
  }
  return cluster
}

function warningsOf(route: ProcessRoute, { headers, isVerified, key }: Credentials): string[] {
  const isKnown = headers['authorization'] !== undefined || key !== null
  if (route.via === 'direct' && route.origin.startsWith('http:')) {
    return isKnown ? ['Credentials are sent to it over http, readable by the network.'] : []
  }
  // The cluster chose the other end of a tunnel; a Unix socket has no certificate.
  if (isVerified || route.via === 'port-forward' || route.via === 'unix') return []
  return isKnown
    ? ['Its certificate is not verified: anyone who answers in its place gets the credentials.']
    : ['Its certificate is not verified: someone else may answer in its place.']
}
