import type { KubeletsFind, TargetSpec } from '../../../store/index.ts'
import { AppError } from '../../../api/errors.ts'
import type { Discovery } from './discovery.ts'
import { getNode, hostPort, listNodes, type ListNeeds, type Node } from '../kube/kube-lists.ts'
import { processAddress } from '../process-address.ts'

const COMPONENT = 'kubelet'
const PORT = 10_250

/** The kubelets of nodes, by name or by label. */
export async function discoverKubelets(
  target: TargetSpec,
  find: KubeletsFind,
  needs: ListNeeds,
): Promise<Discovery> {
  const { reach, scheme, nodes: names } = find
  if (reach === 'node-proxy' && names !== null) {
    // Named nodes are not looked up, so the right to list nodes is not needed.
    return {
      processes: names.map((name) => proxied(target, { name, port: find.port, scheme })),
      notes: [],
    }
  }
  const nodes =
    names === null
      ? await listNodes(needs, find)
      : await inTurn(names, (name) => getNode(needs, name))
  if (nodes.length === 0) {
    const which = find.labelSelector === null ? '' : ` with the labels ${find.labelSelector}`
    throw new AppError('TARGET_NO_PROCESS', { message: `There is no node${which}.` })
  }
  if (reach === 'node-proxy') {
    return {
      processes: nodes.map(({ name }) => proxied(target, { name, port: find.port, scheme })),
      notes: [],
    }
  }
  const lost = nodes.filter(({ internalIp }) => internalIp === null)
  return {
    processes: nodes
      .filter(({ internalIp }) => internalIp !== null)
      .map((node) => direct(target, node, find)),
    notes: lost.map(({ name }) => `The node ${name} has no InternalIP.`),
  }
}

interface ProxiedKubelet {
  readonly name: string
  readonly port: number | null
  readonly scheme: 'http' | 'https'
}

function proxied(target: TargetSpec, { name, port, scheme }: ProxiedKubelet) {
  // RBAC treats `https:NAME:PORT` as another resource name, so the scheme is written only where it is needed.
  const node = port === null && scheme === 'https' ? name : `${scheme}:${name}:${port ?? PORT}`
  return processAddress(target, {
    component: COMPONENT,
    host: hostPort(name, port ?? PORT),
    instance: name,
    route: { via: 'node-proxy', node },
  })
}

function direct(target: TargetSpec, node: Node, { port, scheme }: KubeletsFind) {
  const host = hostPort(node.internalIp ?? '', port ?? node.kubeletPort ?? PORT)
  return processAddress(target, {
    component: COMPONENT,
    host: hostPort(node.name, port ?? node.kubeletPort ?? PORT),
    instance: node.name,
    route: { via: 'direct', origin: `${scheme}://${host}`, serverName: null },
  })
}

async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (const item of items) results.push(await work(item))
  return results
}
