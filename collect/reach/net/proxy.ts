import { Agent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { TlsIdentity } from './dial.ts'

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

/** Whether a host is reached through a proxy. As in Go, loopback never is. */
export function isProxied({ hostname }: URL, proxyEnv: ProxyEnv): boolean {
  if (hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')) return false
  return Object.entries(proxyEnv).some(
    ([name, value]) => /^https?_proxy$/i.test(name) && value !== undefined && value !== '',
  )
}

/** The agent for a WebSocket, which Node's own client opens. */
export function proxyAgent(origin: URL, { proxyEnv, tls }: ProxiedOptions): Agent | HttpsAgent {
  if (origin.protocol !== 'https:') return new Agent({ proxyEnv })
  return new HttpsAgent({ proxyEnv, ...tlsOptions(tls) })
}

export function tlsOptions({ ca, cert, key, serverName, isVerified }: TlsIdentity) {
  return {
    rejectUnauthorized: isVerified,
    ...(ca === null ? {} : { ca }),
    ...(cert === null || key === null ? {} : { cert, key }),
    ...(serverName === null ? {} : { servername: serverName }),
  }
}
