import type { CredentialsSpec, TlsSpec } from '../../../store/index.ts'
import { readFile } from 'node:fs/promises'
import { AppError } from '../../../api/errors.ts'
import type { TlsIdentity } from './dial.ts'
import type { HttpHeaders } from './http-client.ts'

/** Credentials for a server, and how to verify it. It holds secrets: neither print nor log it. */
export interface Credentials extends TlsIdentity {
  /** Headers that authenticate the client. */
  readonly headers: HttpHeaders
}

export const NO_CREDENTIALS: Credentials = {
  headers: {},
  ca: null,
  cert: null,
  key: null,
  serverName: null,
  isVerified: true,
}

/** Credentials that change while kubeprof runs. */
export interface CredentialSource<Value = Credentials> {
  /** `isRefused`: the credentials it returned last are no longer accepted. Throws TARGET_CREDENTIALS. */
  read(isRefused?: boolean): Promise<Value>
}

/** A value, and how long it is valid. */
export interface Held<Value> {
  readonly value: Value
  readonly untilMs: number
  /** The minimum time between reads, even when the credentials are refused. */
  readonly restMs?: number
}

/** Files are read again after this long: a token is valid for an hour and is replaced well before it expires. */
const FILE_MS = 60_000
/** Caches what `readNow` returns until it expires. Concurrent callers share one read. */
export function heldCredentials<Value>(
  readNow: (isRefused: boolean) => Promise<Held<Value>>,
  now: () => number = Date.now,
): CredentialSource<Value> {
  let held: Held<Value> | null = null
  let readAtMs = -Infinity
  let reading: Promise<Held<Value>> | null = null
  return {
    async read(isRefused = false) {
      const isGood = held !== null && now() < held.untilMs
      const isTriedAgain = isRefused && now() - readAtMs >= (held?.restMs ?? 0)
      if (held !== null && isGood && !isTriedAgain) return held.value
      reading ??= readNow(isRefused).finally(() => (reading = null))
      held = await reading
      readAtMs = now()
      return held.value
    },
  }
}

export interface CredentialNeeds {
  readonly cluster: CredentialSource | null
  /** Whether they are for the cluster's API server, whose certificate is verified by the cluster's own settings. */
  readonly isApiServer: boolean
  readonly now: () => number
}

/** The credentials that `spec` names, or the cluster's where it says so. */
export function credentialSource(
  spec: CredentialsSpec,
  { cluster, isApiServer, now }: CredentialNeeds,
): CredentialSource {
  return heldCredentials(async (isRefused) => {
    if (spec.from === 'cluster') {
      if (cluster === null) throw unreadable('has no cluster whose credentials it could use')
      const own = await cluster.read(isRefused)
      const known = isApiServer ? own : { ...own, serverName: null, isVerified: true }
      // The cluster has its own cache.
      return { value: await withTls(known, spec.tls), untilMs: now() }
    }
    const own = spec.from === 'none' ? NO_CREDENTIALS : await readFiles(spec)
    return { value: await withTls(own, spec.tls), untilMs: now() + FILE_MS }
  }, now)
}

async function readFiles(spec: Extract<CredentialsSpec, { from: 'files' }>): Promise<Credentials> {
  const { tokenFile, basic, certFile, keyFile } = spec
  if ((certFile === null) !== (keyFile === null)) {
    throw unreadable('has a certificate without its key, or a key without its certificate')
  }
  const token = await readNamed(tokenFile, 'token')
  const password = await readNamed(basic?.passwordFile ?? null, 'password')
  const pair = `${basic?.username ?? ''}:${password?.trim() ?? ''}`
  const authorization =
    token !== null
      ? `Bearer ${token.trim()}`
      : basic !== null
        ? `Basic ${Buffer.from(pair).toString('base64')}`
        : null
  return {
    ...NO_CREDENTIALS,
    headers: authorization === null ? {} : { authorization },
    cert: await readNamed(certFile, 'certificate'),
    key: await readNamed(keyFile, 'key'),
  }
}

async function withTls(own: Credentials, tls: TlsSpec): Promise<Credentials> {
  const ca = await readNamed(tls.caFile, 'certificate of an authority')
  return {
    ...own,
    ca: ca ?? own.ca,
    serverName: tls.serverName ?? own.serverName,
    isVerified: tls.isVerified && own.isVerified,
  }
}

async function readNamed(path: string | null, what: string): Promise<string | null> {
  if (path === null) return null
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw unreadable(`has a ${what} in ${path}, which cannot be read: ${why}`)
  }
}

function unreadable(what: string): AppError {
  return new AppError('TARGET_CREDENTIALS', { message: `The target ${what}.` })
}
