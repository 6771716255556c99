import type { Socket } from 'node:net'
import { ANY_ADDRESS } from '../net/address-rules.ts'
import { dial, startTls } from '../net/dial.ts'
import { resolveBySystem } from '../net/resolve-name.ts'
import type { ClusterAccess } from './kubeconfig.ts'

/** Connects to the API server of a cluster. The kubeconfig is trusted, so no address is refused. */
export async function dialServer(access: ClusterAccess, signal: AbortSignal): Promise<Socket> {
  const { server } = access
  const isHttps = server.protocol === 'https:'
  const port = Number(server.port === '' ? (isHttps ? 443 : 80) : server.port)
  const rules = { rules: ANY_ADDRESS, source: 'operator', resolve: resolveBySystem } as const
  const stream = await dial({ hostname: server.hostname, port }, rules, signal)
  return isHttps ? await startTls(stream, server.hostname, access, signal) : stream
}
