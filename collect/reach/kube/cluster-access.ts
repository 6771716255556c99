import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../api/errors.ts'
import { type CredentialSource, heldCredentials, NO_CREDENTIALS } from '../net/credentials.ts'
import { isProxied, type ProxyEnv, proxyEnvOf } from '../net/proxy.ts'
import { type ClusterAccess, KubeconfigError, readKubeconfig } from './kubeconfig.ts'
import type { ClusterSpec } from '../target-spec.ts'

/** How to reach a cluster. */
export interface ServerAccess extends ClusterAccess {
  /** Null where no proxy is used. */
  readonly proxyEnv: ProxyEnv | null
}

export interface ClusterAccessOptions {
  readonly access: ClusterSpec['access']
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether a credential plugin may prompt on the terminal. */
  readonly isInteractive: boolean
  readonly pluginMsMax: number
  /** The proxy variables, as kubectl reads them; used where the kubeconfig names no proxy. */
  readonly proxyEnv?: ProxyEnv
  readonly now?: () => number
  /** The folder of the service account's `token` and `ca.crt`, if not the usual one. */
  readonly serviceAccountFolder?: string
}

const FILE_MS = 60_000
/** Credentials this close to expiry are renewed: they may expire on the way, and clocks differ. */
const EXPIRY_SKEW_MS = 60_000
/** After a refusal, a plugin runs at most this often: a server that refuses everything must not cause endless logins. */
const REFUSED_REST_MS = 5000
/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount'

/** Caches the credentials of a cluster: files are read again every minute, a plugin runs only when needed. */
export function openClusterAccess(options: ClusterAccessOptions): CredentialSource<ServerAccess> {
  const { now = Date.now } = options
  return heldCredentials(async () => {
    const value = await readAccess(options)
    const { expiresAtMs, isOfPlugin } = value
    if (!isOfPlugin) return { value, untilMs: now() + FILE_MS }
    const untilMs = expiresAtMs === null ? Infinity : expiresAtMs - EXPIRY_SKEW_MS
    return { value, untilMs, restMs: REFUSED_REST_MS }
  }, now)
}

async function readAccess(options: ClusterAccessOptions): Promise<ServerAccess> {
  const { access } = options
  try {
    const read =
      access.kind === 'kubeconfig'
        ? await readKubeconfig({ ...options, ...access })
        : await readServiceAccount(options)
    return { ...read, proxyEnv: proxyEnvFor(read, options) }
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error
    const message = `The cluster cannot be asked: ${error.message}.`
    throw new AppError('TARGET_CREDENTIALS', { message })
  }
}

function proxyEnvFor(
  { server, proxyUrl }: ClusterAccess,
  { proxyEnv = {} }: ClusterAccessOptions,
): ProxyEnv | null {
  if (proxyUrl === null) return isProxied(server, proxyEnv) ? proxyEnv : null
  if (/^https?:/.test(proxyUrl)) return proxyEnvOf(proxyUrl)
  throw new KubeconfigError('its proxy-url is not an HTTP proxy')
}

async function readServiceAccount(options: ClusterAccessOptions): Promise<ClusterAccess> {
  const { env, serviceAccountFolder: folder = SERVICE_ACCOUNT_FOLDER } = options
  const [host, port] = [env['KUBERNETES_SERVICE_HOST'], env['KUBERNETES_SERVICE_PORT']]
  if (host === undefined || port === undefined) {
    throw new KubeconfigError('kubeprof does not run in it: KUBERNETES_SERVICE_HOST is not set')
  }
  const token = await readMounted(join(folder, 'token'))
  return {
    ...NO_CREDENTIALS,
    server: new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
    headers: { authorization: `Bearer ${token.trim()}` },
    ca: await readMounted(join(folder, 'ca.crt')),
    proxyUrl: null,
    expiresAtMs: null,
    isOfPlugin: false,
  }
}

async function readMounted(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    throw new KubeconfigError(
      `${path} cannot be read: does the pod have automountServiceAccountToken or a projected token?`,
    )
  }
}
