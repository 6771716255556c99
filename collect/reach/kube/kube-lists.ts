import { AppError } from '../../../api/errors.ts'
import type { Cluster } from './cluster.ts'
import { listAt, numberAt, textAt, valueAt } from '../../../api/json-value.ts'

/** Requests that find processes. `resourceVersion=0` lets the API server answer from its cache, not from etcd. */
export interface ListNeeds {
  readonly cluster: Cluster
  readonly signal?: AbortSignal
}

export interface Pod {
  readonly name: string
  readonly namespace: string
  readonly nodeName: string | null
  readonly ip: string | null
  readonly isRunning: boolean
  readonly annotations: Readonly<Record<string, unknown>>
  readonly labels: Readonly<Record<string, unknown>>
  /** The command lines of all its containers. */
  readonly args: readonly string[]
}

export interface Node {
  readonly name: string
  readonly internalIp: string | null
  readonly kubeletPort: number | null
}

const PAGE_ITEMS = 500
const PAGES_MAX = 40

export async function listPods(
  needs: ListNeeds,
  {
    namespace,
    labelSelector,
  }: { readonly namespace: string; readonly labelSelector: string | null },
): Promise<Pod[]> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`
  const items = await list(needs, { path, labelSelector, aim: `list pods in ${namespace}` })
  return items.map(podOf)
}

function podOf(item: unknown): Pod {
  const containers = listAt(item, 'spec', 'containers')
  const words = containers.flatMap((container) => [
    ...listAt(container, 'command'),
    ...listAt(container, 'args'),
  ])
  return {
    name: textAt(item, 'metadata', 'name') ?? '',
    namespace: textAt(item, 'metadata', 'namespace') ?? '',
    nodeName: textAt(item, 'spec', 'nodeName'),
    ip: textAt(item, 'status', 'podIP'),
    isRunning: textAt(item, 'status', 'phase') === 'Running',
    annotations: recordAt(item, 'annotations'),
    labels: recordAt(item, 'labels'),
    args: words.map(String),
  }
}

function recordAt(item: unknown, key: string): Readonly<Record<string, unknown>> {
  const record = valueAt(item, 'metadata', key)
  return typeof record === 'object' && record !== null ? { ...record } : {}
}

export async function listNodes(
  needs: ListNeeds,
  { labelSelector }: { readonly labelSelector: string | null },
): Promise<Node[]> {
  const items = await list(needs, { path: '/api/v1/nodes', labelSelector, aim: 'list nodes' })
  return items.map(nodeOf)
}

export async function getNode({ cluster, signal }: ListNeeds, name: string): Promise<Node> {
  const path = `/api/v1/nodes/${encodeURIComponent(name)}?resourceVersion=0`
  return nodeOf(
    await cluster.askJson({ path, aim: `get the node ${name}`, ...(signal && { signal }) }),
  )
}

function nodeOf(item: unknown): Node {
  const addresses = listAt(item, 'status', 'addresses')
  const internal = addresses.find((address) => textAt(address, 'type') === 'InternalIP')
  return {
    name: textAt(item, 'metadata', 'name') ?? '',
    internalIp: textAt(internal, 'address'),
    kubeletPort: numberAt(item, 'status', 'daemonEndpoints', 'kubeletEndpoint', 'Port'),
  }
}

/** The holder of a Lease in `kube-system`, `HOST_UUID`; null where it has none. */
export async function leaseHolder(
  { cluster, signal }: ListNeeds,
  name: string,
): Promise<string | null> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${name}?resourceVersion=0`
  const aim = `get the lease ${name} in kube-system`
  return textAt(
    await cluster.askJson({ path, aim, ...(signal && { signal }) }),
    'spec',
    'holderIdentity',
  )
}

/** Names of the hosts that API servers run on, by their identity Leases (since Kubernetes 1.26). */
export async function apiServerHosts(needs: ListNeeds): Promise<string[]> {
  const items = await list(needs, {
    path: '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases',
    labelSelector: 'apiserver.kubernetes.io/identity=kube-apiserver',
    aim: 'list leases in kube-system',
  })
  return items
    .map((item) => textAt(item, 'metadata', 'labels', 'kubernetes.io/hostname'))
    .filter((host) => host !== null)
}

/** `host:port` of every API server. */
export async function apiServerAddresses(needs: ListNeeds): Promise<string[]> {
  const items = await list(needs, {
    path: '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices',
    labelSelector: 'kubernetes.io/service-name=kubernetes',
    aim: 'list endpointslices in default',
  })
  const found = items.flatMap((slice) => {
    const ports = listAt(slice, 'ports').map((port) => numberAt(port, 'port') ?? 443)
    const hosts = listAt(slice, 'endpoints').flatMap((endpoint) => listAt(endpoint, 'addresses'))
    return hosts.flatMap((host) => ports.map((port) => hostPort(String(host), port)))
  })
  return [...new Set(found)].sort()
}

/** As it is written in a URL. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

interface ListRequest {
  readonly path: string
  readonly labelSelector: string | null
  readonly aim: string
}

async function list(
  { cluster, signal }: ListNeeds,
  { path, labelSelector, aim }: ListRequest,
): Promise<unknown[]> {
  const items: unknown[] = []
  let at: string | null = null
  for (let page = 0; page < PAGES_MAX; page++) {
    const query = new URLSearchParams({
      limit: String(PAGE_ITEMS),
      ...(labelSelector === null ? {} : { labelSelector }),
      ...(at === null ? { resourceVersion: '0' } : { continue: at }),
    })
    const found = await cluster.askJson({
      path: `${path}?${query.toString()}`,
      aim,
      ...(signal && { signal }),
    })
    items.push(...listAt(found, 'items'))
    at = textAt(found, 'metadata', 'continue')
    if (at === null) return items
  }
  throw new AppError('TARGET_RESPONSE_INVALID', {
    message: `${cluster.name} has more than ${PAGE_ITEMS * PAGES_MAX} objects when asked to ${aim}.`,
  })
}
