import type { ProcessAddress, TargetSpec } from '../../../store/index.ts'
import { AppError } from '../../../api/errors.ts'
import { dial, type DialRules, startTls } from '../net/dial.ts'
import type { Discovery, DiscoveryNeeds } from './discovery.ts'
import type { ServerAccess } from '../kube/cluster-access.ts'
import {
  apiServerAddresses,
  apiServerHosts,
  getNode,
  listPods,
  type ListNeeds,
} from '../kube/kube-lists.ts'
import { processAddress } from '../process-address.ts'

/** A DNS name in the certificate of every API server. */
const SERVER_NAME = 'kubernetes.default.svc'
const COMPONENT = 'kube-apiserver'
const PROBE_MS_MAX = 2000

/**
 * Every API server by its own address. Where these cannot be listed or reached, only the server of the kubeconfig:
 * behind a load balancer another instance may answer each time.
 */
export async function discoverApiServers(
  target: TargetSpec,
  reach: 'auto' | 'instances' | 'server',
  needs: DiscoveryNeeds & ListNeeds,
): Promise<Discovery> {
  const access = await needs.cluster.credentials.read()
  const { server, proxyEnv } = access
  const fallback = (why: string | null): Discovery => ({
    processes: [serverProcess(target, server, why)],
    notes: why === null ? [] : [why],
  })
  if (reach === 'server') return fallback(null)
  if (proxyEnv !== null && reach === 'auto') return fallback(BEHIND_PROXY)
  try {
    const addresses = await apiServerAddresses(needs)
    const reachable = reach === 'auto' ? await probe(addresses, { ...needs, access }) : addresses
    if (addresses.length === 0) throw noProcess(NO_ENDPOINTS)
    if (reachable.length === 0) throw noProcess(`${addresses.join(', ')} ${NOT_FROM_HERE}`)
    const names = await instanceNames(addresses, needs)
    const missed = addresses.filter((address) => !reachable.includes(address))
    return {
      // An address that does not answer now is reported in a note.
      processes: addresses.map((address) =>
        processAddress(target, {
          component: COMPONENT,
          host: address,
          instance: names.get(address) ?? address,
          route: { via: 'direct', origin: `https://${address}`, serverName: SERVER_NAME },
        }),
      ),
      notes: missed.length === 0 ? [] : [`${missed.join(', ')} cannot be connected to just now.`],
    }
  } catch (error) {
    if (reach === 'instances' || !(error instanceof AppError)) throw error
    if (error.code === 'TARGET_UNAUTHENTICATED' || error.code === 'TARGET_CREDENTIALS') throw error
    return fallback(`Only the server of the kubeconfig is captured: ${error.message}`)
  }
}

const NO_ENDPOINTS = 'The EndpointSlice default/kubernetes lists no address'
const NOT_FROM_HERE = 'cannot be connected to from here'
const BEHIND_PROXY =
  'Only the server of the kubeconfig is captured: it is behind a proxy, and its instances are not.'

function noProcess(message: string): AppError {
  return new AppError('TARGET_NO_PROCESS', { message: `${message}.` })
}

function serverProcess(target: TargetSpec, server: URL, note: string | null): ProcessAddress {
  const address = processAddress(target, {
    component: COMPONENT,
    host: server.host,
    instance: server.host,
    // The client of the cluster knows its proxy.
    route: { via: 'api-server' },
  })
  return { ...address, isIdentityStable: false, note }
}

/** The addresses that accept connections and show a certificate of the cluster. */
async function probe(
  addresses: readonly string[],
  needs: DialRules & DiscoveryNeeds & { readonly access: ServerAccess },
): Promise<string[]> {
  const { access } = needs
  const identity = { ...access, serverName: access.serverName ?? SERVER_NAME }
  const found = await Promise.all(
    addresses.map(async (address) => {
      const { hostname, port } = new URL(`https://${address}`)
      const timeout = AbortSignal.timeout(PROBE_MS_MAX)
      const signal = needs.signal === undefined ? timeout : AbortSignal.any([needs.signal, timeout])
      try {
        const stream = await dial({ hostname, port: Number(port || 443) }, needs, signal)
        const socket = await startTls(stream, hostname, identity, signal)
        socket.destroy()
        return address
      } catch {
        return null
      }
    }),
  )
  return found.filter((address) => address !== null)
}

/**
 * Node names by address: from the static pods, else from the identity Leases, which hold host names but no addresses.
 * Names are optional: without the rights to read them, addresses are shown.
 */
async function instanceNames(
  addresses: readonly string[],
  needs: ListNeeds,
): Promise<ReadonlyMap<string, string>> {
  const ofSystem = { namespace: 'kube-system', labelSelector: `component=${COMPONENT}` }
  const pods = await allowed(() => listPods(needs, ofSystem))
  const ofPods = namesByAddress(addresses, new Map(pods.map(({ ip, nodeName }) => [ip, nodeName])))
  const [only, ...more] = addresses
  if (ofPods.size > 0 || only === undefined) return ofPods
  const hosts = [...new Set(await allowed(() => apiServerHosts(needs)))]
  const [host, ...others] = hosts
  if (more.length === 0) {
    return new Map(host === undefined || others.length > 0 ? [] : [[only, host]])
  }
  const nodes = await Promise.all(
    hosts.slice(0, HOSTS_MAX).map((name) => allowed(async () => [await getNode(needs, name)])),
  )
  return namesByAddress(
    addresses,
    new Map(nodes.flat().map(({ internalIp, name }) => [internalIp, name])),
  )
}

/** Servers that are gone leave their Leases behind for an hour. */
const HOSTS_MAX = 10

function namesByAddress(
  addresses: readonly string[],
  nodes: ReadonlyMap<string | null, string | null>,
): ReadonlyMap<string, string> {
  return new Map(
    addresses.flatMap((address): readonly (readonly [string, string])[] => {
      const node = nodes.get(new URL(`https://${address}`).hostname.replace(/^\[|\]$/g, ''))
      return node === undefined || node === null ? [] : [[address, node]]
    }),
  )
}

/** Empty where listing is forbidden. */
async function allowed<Item>(list: () => Promise<Item[]>): Promise<Item[]> {
  try {
    return await list()
  } catch (error) {
    if (error instanceof AppError) return []
    throw error
  }
}
