import { readFile } from 'node:fs/promises'
import {
  type ClusterAccess,
  INTERACTIVE_PLUGIN_MS_MAX,
  KubeconfigError,
  readKubeconfig,
} from '../../../collect/reach/kube/kubeconfig.ts'
import {
  type Credentials,
  httpGet,
  type HttpGet,
  NO_CREDENTIALS,
  OutboundError,
  proxyEnvOf,
} from '../../../collect/reach/net/http-get.ts'
import { kubeconfigPaths } from '../../input/kubeconfig-paths.ts'
import { explainAnswer, explainConnection } from './explain-answer.ts'
import { FetchError } from './fetch-error.ts'
import { sourceUrl, type SourceUrlOptions, timed } from './source-url.ts'

/** The command line's settings for network sources. Null for the absent ones. */
export interface FetchOptions extends SourceUrlOptions {
  readonly tlsCa: string | null
  readonly tlsCert: string | null
  readonly tlsKey: string | null
  /** `Name: value`, or `@FILE` with one a line. */
  readonly headers: readonly string[]
  readonly kubeconfig: string | null
  readonly context: string | null
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isInteractive: boolean
  /** Prints progress. */
  readonly print: (line: string) => void
}

/** The bytes, or why there are none, as a predicate. */
export type Fetched = { readonly bytes: Uint8Array } | { readonly fault: string }

/** Fetches a profile from the network. Null where the source is not a network address. */
export type FetchSource = (source: string) => Promise<Fetched | null>

/** A kubeconfig and the files it names are read once, when the first source needs them. */
export function sourceFetcher(options: FetchOptions): FetchSource {
  let access: Promise<ClusterAccess> | null = null
  const openAccess = () => (access ??= readAccess(options))
  return async (source) => {
    try {
      const get = source.startsWith('/')
        ? await clusterGet(source, options, openAccess)
        : await urlGet(source, options)
      return get === null ? null : await fetchBytes(get, options)
    } catch (error) {
      if (!(error instanceof FetchError || error instanceof KubeconfigError)) throw error
      return { fault: error.message }
    }
  }
}

async function fetchBytes(get: HttpGet, { seconds, print }: FetchOptions): Promise<Fetched> {
  print(`Fetching profile over HTTP from ${get.url.href}`)
  if (seconds !== null && seconds > 0) print(`Please wait... (${durationText(seconds)})`)
  try {
    const answer = await httpGet(get)
    return answer.status === 200 ? { bytes: answer.body } : { fault: explainAnswer(answer) }
  } catch (error) {
    if (error instanceof OutboundError) return { fault: error.message }
    if (!(error instanceof Error)) throw error
    return { fault: explainConnection(error, get) }
  }
}

async function urlGet(source: string, options: FetchOptions): Promise<HttpGet | null> {
  const found = sourceUrl(source, options)
  if (found === null) return null
  const { url, isVerified, timeoutSeconds } = found
  const given = await readGiven(options)
  const { username, password } = url
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)
  const isNamed = username !== ''
  url.username = ''
  url.password = ''
  return {
    url,
    credentials: {
      ...NO_CREDENTIALS,
      ...given,
      headers: {
        ...(isNamed ? { authorization: `Basic ${basic.toString('base64')}` } : {}),
        ...given.headers,
      },
      isVerified,
    },
    silenceMsMax: silenceMs(timeoutSeconds),
    proxyEnv: options.env,
  }
}

/** A path such as `/debug/pprof/profile` is relative to the API server of the kubeconfig. */
async function clusterGet(
  path: string,
  options: FetchOptions,
  openAccess: () => Promise<ClusterAccess>,
): Promise<HttpGet | null> {
  if (options.kubeconfig === null && options.context === null) return null
  const access = await openAccess()
  const { server, proxyUrl } = access
  const given = await readGiven(options)
  const joined = new URL(server.pathname.replace(/\/$/, '') + path, server)
  const { url, timeoutSeconds } = timed(joined, options)
  if (proxyUrl !== null && !/^https?:/.test(proxyUrl)) {
    throw new FetchError(`is behind a proxy-url that is not an HTTP proxy`)
  }
  return {
    url,
    credentials: {
      ...access,
      headers: { ...access.headers, ...given.headers },
      ca: given.ca ?? access.ca,
      cert: given.cert ?? access.cert,
      key: given.key ?? access.key,
    },
    silenceMsMax: silenceMs(timeoutSeconds),
    proxyEnv: proxyUrl === null ? options.env : proxyEnvOf(proxyUrl),
  }
}

async function readAccess({
  kubeconfig,
  context,
  env,
  isInteractive,
}: FetchOptions): Promise<ClusterAccess> {
  return await readKubeconfig({
    paths: kubeconfigPaths(kubeconfig, env),
    context,
    env,
    isInteractive,
    // The user of the command chose the kubeconfig.
    allowsExec: true,
    pluginMsMax: INTERACTIVE_PLUGIN_MS_MAX,
  })
}

async function readGiven(
  options: FetchOptions,
): Promise<Pick<Credentials, 'headers' | 'ca' | 'cert' | 'key'>> {
  const { tlsCa, tlsCert, tlsKey } = options
  if (tlsCert === null && tlsKey !== null) throw new FetchError('has -tls_key, but no -tls_cert')
  if (tlsKey === null && tlsCert !== null) throw new FetchError('has -tls_cert, but no -tls_key')
  return {
    headers: await readHeaders(options.headers),
    ca: await readOption('tls_ca', tlsCa),
    cert: await readOption('tls_cert', tlsCert),
    key: await readOption('tls_key', tlsKey),
  }
}

async function readHeaders(texts: readonly string[]): Promise<Record<string, string | string[]>> {
  const headers: Record<string, string[]> = {}
  for (const text of texts) {
    const lines = text.startsWith('@')
      ? ((await readOption('header', text.slice(1))) ?? '').split('\n')
      : [text]
    for (const line of lines.filter((each) => each.trim() !== '')) {
      const [, name, value = ''] = /^([!#$%&'*+.^_`|~0-9a-z-]+):\s*(.*?)\s*$/i.exec(line) ?? []
      // The text may be a secret.
      if (name === undefined) throw new FetchError("cannot be asked: -header is not 'NAME: VALUE'")
      ;(headers[name.toLowerCase()] ??= []).push(value)
    }
  }
  return Object.fromEntries(
    Object.entries(headers).map(([name, values]) => {
      const [first = '', ...more] = values
      return [name, more.length === 0 ? first : values]
    }),
  )
}

async function readOption(flag: string, path: string | null): Promise<string | null> {
  if (path === null) return null
  try {
    return await readFile(path, 'utf8')
  } catch {
    throw new FetchError(`cannot be asked: the file of -${flag}, ${path}, cannot be read`)
  }
}

/** Extra time for the network. */
const SLACK_SECONDS = 5

function silenceMs(timeoutSeconds: number): number {
  return (timeoutSeconds + SLACK_SECONDS) * 1000
}

/** Seconds as Go writes a duration: `1m30s`. */
function durationText(seconds: number): string {
  const [hours, minutes] = [Math.trunc(seconds / 3600), Math.trunc(seconds / 60) % 60]
  const shownHours = hours > 0 ? `${hours}h` : ''
  return `${shownHours}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds % 60}s`
}
