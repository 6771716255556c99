import type { Duplex } from 'node:stream'
import { AppError } from '../../../api/errors.ts'
import {
  type ClusterAccessOptions,
  openClusterAccess,
  type ServerAccess,
} from './cluster-access.ts'
import type { CredentialSource } from '../net/credentials.ts'
import { dialServer } from './dial-server.ts'
import { explainFailure } from '../net/explain-failure.ts'
import {
  type HttpAnswer,
  type HttpClient,
  openHttpClient,
  openProxiedClient,
  readBody,
  readHead,
} from '../net/http-client.ts'
import type { ForwardAddress } from './port-forward.ts'
import { redact } from '../net/redact.ts'
import { isSameCredentials, sendKnown } from '../net/send-known.ts'
import { apiRefusal } from './api-refusal.ts'

/** A Kubernetes cluster, reached through its API server. */
export interface Cluster {
  readonly name: string
  readonly credentials: CredentialSource<ServerAccess>
  /** A client of the API server below `pathPrefix`; the caller sends the credentials. */
  clientBelow(pathPrefix: string): HttpClient
  /** Gets a resource, or posts `body`. Throws what the server answers: TARGET_FORBIDDEN, TARGET_UNREACHABLE, ... */
  askJson(asked: ApiRequest): Promise<unknown>
  /** A port-forward to a loopback port of a pod. */
  openForward(at: ForwardAddress, signal: AbortSignal): Promise<Duplex>
  close(): void
}

export interface ApiRequest {
  /** `/api/v1/...`, with the query. */
  readonly path: string
  /** The purpose of the request, after "to": `list the nodes`. */
  readonly aim: string
  readonly body?: unknown
  readonly signal?: AbortSignal
}

const LIMITS = {
  headersMsMax: 30_000,
  silenceMsMax: 30_000,
  wholeMsMax: 60_000,
  bytesMax: 64 * 1024 ** 2,
} as const
const CONNECT_MS_MAX = 5000
const HEAD_BYTES_MAX = 64 * 1024

/** Opens no connection yet. */
export function openCluster(name: string, options: ClusterAccessOptions): Cluster {
  const credentials = openClusterAccess(options)
  const client = serverClient(credentials)
  const who = `The API server of ${name}`
  return {
    name,
    credentials,
    clientBelow: (pathPrefix) => ({
      ...client,
      send: (request) => client.send({ ...request, path: pathPrefix + request.path }),
      // The client is shared.
      close: () => {},
    }),
    async askJson({ path, aim, body, signal }) {
      const answer = await asked(who, () =>
        sendKnown(client, credentials, {
          method: body === undefined ? 'GET' : 'POST',
          path,
          headers: {
            accept: 'application/json',
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          body: body === undefined ? null : JSON.stringify(body),
          limits: LIMITS,
          signal: signal ?? null,
        }),
      )
      if (answer.status >= 300) {
        throw await refusal(answer, { who, aim, access: await credentials.read() })
      }
      return parseJson(await asked(who, () => readBody(answer.body)), who)
    },
    async openForward(at, signal) {
      const { openPortForward } = await import('./port-forward.ts')
      const shown = await credentials.read()
      try {
        return await openPortForward(at, shown, signal)
      } catch (error) {
        const isRefused = error instanceof AppError && error.code === 'TARGET_UNAUTHENTICATED'
        const renewed = isRefused ? await credentials.read(true) : shown
        if (isSameCredentials(shown, renewed)) throw error
        return await openPortForward(at, renewed, signal)
      }
    },
    close: () => client.close(),
  }
}

/** A client of the server in the credentials, which is known once they are read and may change later. */
function serverClient(credentials: CredentialSource<ServerAccess>): HttpClient {
  let open: OpenServer | null = null
  return {
    async send(request) {
      const access = await credentials.read()
      if (open === null || open.identity !== identityOf(access)) {
        open?.client.close()
        open = openServer(access, credentials)
      }
      return await open.client.send({ ...request, path: open.pathPrefix + request.path })
    },
    reset: () => open?.client.reset(),
    close: () => open?.client.close(),
  }
}

interface OpenServer {
  readonly client: HttpClient
  readonly pathPrefix: string
  /** What the client needs to connect. */
  readonly identity: string
}

/** Behind a proxy, connections use the settings that were known when the client was opened. */
function identityOf({ server, proxyEnv, ca, cert, key }: ServerAccess): string {
  return proxyEnv === null ? server.href : JSON.stringify([server, proxyEnv, ca, cert, key])
}

function openServer(access: ServerAccess, credentials: CredentialSource<ServerAccess>): OpenServer {
  const { server, proxyEnv } = access
  const pathPrefix = server.pathname.replace(/\/$/, '')
  const client =
    proxyEnv === null
      ? openHttpClient(server.host, {
          connectMsMax: CONNECT_MS_MAX,
          openStream: async (signal) => await dialServer(await credentials.read(), signal),
        })
      : openProxiedClient(server, { proxyEnv, tls: access })
  return { client, pathPrefix, identity: identityOf(access) }
}

async function asked<Value>(who: string, ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask()
  } catch (error) {
    throw explainFailure(error, who)
  }
}

interface Refused {
  readonly who: string
  readonly aim: string
  readonly access: ServerAccess
}

async function refusal(answer: HttpAnswer, { who, aim, access }: Refused): Promise<AppError> {
  const head = await asked(who, () => readHead(answer.body, HEAD_BYTES_MAX))
  return apiRefusal(answer.status, redact(head.toString(), access), { who, aim })
}

function parseJson(bytes: Buffer, who: string): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    throw new AppError('TARGET_RESPONSE_INVALID', { message: `${who} answered no JSON.` })
  }
}
