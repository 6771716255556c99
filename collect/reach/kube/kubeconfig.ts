import type { ConfigEntry, ConfigValues, KubeconfigOptions } from './kubeconfig-entry.ts'
import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { parse } from 'yaml'
import { runCredentialPlugin } from './credential-plugin.ts'
import type { Credentials } from '../net/credentials.ts'
import { KubeconfigError } from './kubeconfig-error.ts'

export { KubeconfigError } from './kubeconfig-error.ts'

/** Address and credentials of a Kubernetes API server. It holds secrets: neither print nor log it. */
export interface ClusterAccess extends Credentials {
  readonly server: URL
  readonly proxyUrl: string | null
  /** When the plugin's credentials expire, in milliseconds since the Unix epoch; null where it is not known. */
  readonly expiresAtMs: number | null
  /** Whether a plugin returned them: it is run again only when they expire or are refused. */
  readonly isOfPlugin: boolean
}

/** The user may have to log in with a browser. */
export const INTERACTIVE_PLUGIN_MS_MAX = 300_000

/**
 * Reads kubeconfig files and their credentials: tokens, certificates and passwords, inline, from the files they name
 * or from a plugin. Throws a KubeconfigError.
 *
 * `@kubernetes/client-node` would do this too, with 68 packages in 83 MB that load in seconds; a profile is one GET.
 * https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 */
export async function readKubeconfig(options: KubeconfigOptions): Promise<ClusterAccess> {
  const files = await Promise.all(options.paths.map(readConfigFile))
  const name = options.context ?? firstText(files, 'current-context')
  const where = options.paths.join(', ')
  if (name === null) throw new KubeconfigError(`${where} has no current-context: give -context`)
  const context = findEntry(files, { list: 'contexts', name, key: 'context' })
  const clusterName = textOf(context.values, 'cluster') ?? ''
  const cluster = findEntry(files, { list: 'clusters', name: clusterName, key: 'cluster' })
  const userName = textOf(context.values, 'user') ?? ''
  const user =
    userName === '' ? null : findEntry(files, { list: 'users', name: userName, key: 'user' })
  const server = textOf(cluster.values, 'server') ?? ''
  if (!URL.canParse(server)) throw new KubeconfigError(`cluster ${clusterName} has no valid server`)
  const credentials = user === null ? UNKNOWN : await readCredentials(user, cluster, options)
  return {
    server: new URL(server),
    ...credentials,
    ca: await dataOrFile(cluster, 'certificate-authority'),
    serverName: textOf(cluster.values, 'tls-server-name'),
    isVerified: cluster.values['insecure-skip-tls-verify'] !== true,
    proxyUrl: textOf(cluster.values, 'proxy-url'),
  }
}

async function readConfigFile(path: string): Promise<ConfigEntry> {
  try {
    const values: unknown = parse(await readFile(path, 'utf8'))
    if (isValues(values)) return { path, values }
  } catch (error) {
    // The parser's message may quote the line, which may hold a secret.
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new KubeconfigError(
      isAbsent ? `there is no kubeconfig ${path}` : `the kubeconfig ${path} cannot be read`,
    )
  }
  throw new KubeconfigError(`${path} is not a kubeconfig`)
}

interface EntryName {
  readonly list: string
  readonly name: string
  readonly key: string
}

function findEntry(files: readonly ConfigEntry[], { list, name, key }: EntryName): ConfigEntry {
  const known: string[] = []
  for (const { path, values } of files) {
    const entries = values[list]
    for (const entry of Array.isArray(entries) ? entries : []) {
      if (!isValues(entry)) continue
      const found = entry[key]
      if (entry['name'] === name) return { path, values: isValues(found) ? found : {} }
      known.push(String(entry['name']))
    }
  }
  const names = known.length === 0 ? 'none' : known.join(', ')
  throw new KubeconfigError(`the kubeconfig has no ${key} ${JSON.stringify(name)}, but ${names}`)
}

type UserCredentials = Pick<
  ClusterAccess,
  'headers' | 'cert' | 'key' | 'expiresAtMs' | 'isOfPlugin'
>

const UNKNOWN: UserCredentials = {
  headers: {},
  cert: null,
  key: null,
  expiresAtMs: null,
  isOfPlugin: false,
}

async function readCredentials(
  user: ConfigEntry,
  cluster: ConfigEntry,
  options: KubeconfigOptions,
): Promise<UserCredentials> {
  const { values } = user
  if (values['auth-provider'] !== undefined) {
    throw new KubeconfigError('auth-provider is no longer supported by Kubernetes: use exec')
  }
  const own = {
    authorization: await authorizationOf(user),
    cert: await dataOrFile(user, 'client-certificate'),
    key: await dataOrFile(user, 'client-key'),
  }
  const { exec } = values
  const ca = await dataOrFile(cluster, 'certificate-authority')
  if (isValues(exec) && !options.allowsExec) {
    throw new KubeconfigError(
      `${user.path} wants to run the program ${String(exec['command'])}, which needs allowExec`,
    )
  }
  const given = isValues(exec)
    ? await runCredentialPlugin({ path: user.path, values: exec }, { ...options, cluster, ca })
    : { token: null, cert: null, key: null, expiresAtMs: null }
  const token = given.token === null ? null : `Bearer ${given.token}`
  const authorization = own.authorization ?? token
  return {
    headers: {
      ...(authorization === null ? {} : { authorization }),
      ...impersonation(values),
    },
    cert: own.cert ?? given.cert,
    key: own.key ?? given.key,
    expiresAtMs: given.expiresAtMs,
    isOfPlugin: isValues(exec),
  }
}

async function authorizationOf(user: ConfigEntry): Promise<string | null> {
  const tokenFile = textOf(user.values, 'tokenFile')
  if (tokenFile !== null) return `Bearer ${(await readBeside(user, tokenFile)).trim()}`
  const token = textOf(user.values, 'token')
  if (token !== null) return `Bearer ${token}`
  const name = textOf(user.values, 'username')
  if (name === null) return null
  const password = textOf(user.values, 'password') ?? ''
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
}

function impersonation(values: ConfigValues): Record<string, string | string[]> {
  const groups = values['as-groups']
  const headers = {
    'impersonate-user': textOf(values, 'as') ?? [],
    'impersonate-uid': textOf(values, 'as-uid') ?? [],
    'impersonate-group': Array.isArray(groups) ? groups.map(String) : [],
  }
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value.length > 0))
}

/** The PEM text under `<name>-data`, in base64, or in the file under `<name>`; null where both are absent. */
async function dataOrFile(entry: ConfigEntry, name: string): Promise<string | null> {
  const data = textOf(entry.values, `${name}-data`)
  if (data !== null) return Buffer.from(data, 'base64').toString()
  const path = textOf(entry.values, name)
  return path === null ? null : await readBeside(entry, path)
}

async function readBeside({ path }: ConfigEntry, file: string): Promise<string> {
  const beside = isAbsolute(file) ? file : join(dirname(path), file)
  try {
    return await readFile(beside, 'utf8')
  } catch {
    throw new KubeconfigError(`${beside}, which the kubeconfig names, cannot be read`)
  }
}

function firstText(files: readonly ConfigEntry[], key: string): string | null {
  return files.map(({ values }) => textOf(values, key)).find((text) => text !== null) ?? null
}

/** Null for the empty text too, as in Kubernetes. */
function textOf(values: ConfigValues, key: string): string | null {
  const value = values[key]
  return typeof value === 'string' && value !== '' ? value : null
}

function isValues(value: unknown): value is ConfigValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
