import type { Duplex } from 'node:stream'
import { AppError } from '../../api/errors.ts'
import { openClusterAccess, type ClusterAccessOptions } from './cluster-access.ts'
import type { CredentialSource } from './credentials.ts'
import { dialServer } from './dial-server.ts'
import { explainFailure } from './explain-failure.ts'
import {
  type HttpAnswer,
  type HttpClient,
  type HttpRequest,
  openHttpClient,
  openProxiedClient,
  proxyEnvOf,
  readBody,
  readHead,
} from './http-client.ts'
import type { ClusterAccess } from './kubeconfig.ts'
import type { ForwardAddress } from './port-forward.ts'
import { sendKnown } from './send-known.ts'
import { apiRefusal } from './api-refusal.ts'

/** A Kubernetes cluster, by its API server. */
export interface Cluster {
  readonly name: string
  readonly credentials: CredentialSource<ClusterAccess>
  /** Asks the API server below `pathPrefix`; credentials are the caller's to send. */
  clientBelow(pathPrefix: string): HttpClient
  /** Gets a resource, or posts `body`. Throws what the server says: TARGET_FORBIDDEN, TARGET_UNREACHABLE, ... */
  askJson(asked: ApiRequest): Promise<unknown>
  /** A tunnel to a port on loopback of a pod. */
  openForward(at: ForwardAddress, signal: AbortSignal): Promise<Duplex>
  close(): void
}

export interface ApiRequest {
  /** `/api/v1/...`, with the query. */
  readonly path: string
  /** What it is for, after "to": `list the nodes`. */
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

/** Opens nothing yet. */
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
      // It is shared.
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
      if (answer.status >= 300) throw await refusal(answer, { who, aim })
      return parseJson(await asked(who, () => readBody(answer.body)), who)
    },
    async openForward(at, signal) {
      const { openPortForward } = await import('./port-forward.ts')
      return await openPortForward(at, await credentials.read(), signal)
    },
    close: () => client.close(),
  }
}

/** A client of the server that the credentials name, which is known when they are read. */
function serverClient(credentials: CredentialSource<ClusterAccess>): HttpClient {
  let open: Promise<OpenServer> | null = null
  const opened = async () => {
    open ??= openServer(credentials)
    try {
      return await open
    } catch (error) {
      open = null
      throw error
    }
  }
  const close = (how: 'reset' | 'close') => {
    open?.then(({ client }) => client[how]()).catch(() => {})
  }
  return {
    async send(request: HttpRequest) {
      const { client, pathPrefix } = await opened()
      return await client.send({ ...request, path: pathPrefix + request.path })
    },
    reset: () => close('reset'),
    close: () => close('close'),
  }
}

interface OpenServer {
  readonly client: HttpClient
  readonly pathPrefix: string
}

async function openServer(credentials: CredentialSource<ClusterAccess>): Promise<OpenServer> {
  const access = await credentials.read()
  const { server, proxyUrl } = access
  const pathPrefix = server.pathname.replace(/\/$/, '')
  if (proxyUrl !== null) {
    const options = { proxyEnv: proxyEnvOf(proxyUrl), tls: access }
    return { client: openProxiedClient(server, options), pathPrefix }
  }
  const client = openHttpClient(server.host, {
    connectMsMax: CONNECT_MS_MAX,
    openStream: async (signal) => await dialServer(await credentials.read(), signal),
  })
  return { client, pathPrefix }
}

async function asked<Value>(who: string, ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask()
  } catch (error) {
    throw explainFailure(error, who)
  }
}

async function refusal(
  answer: HttpAnswer,
  { who, aim }: { readonly who: string; readonly aim: string },
): Promise<AppError> {
  const head = await asked(who, () => readHead(answer.body, HEAD_BYTES_MAX))
  return apiRefusal(answer.status, head.toString(), { who, aim })
}

function parseJson(bytes: Buffer, who: string): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    throw new AppError('TARGET_RESPONSE_INVALID', { message: `${who} answered no JSON.` })
  }
}
