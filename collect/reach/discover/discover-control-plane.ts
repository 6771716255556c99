import type { ControlPlaneComponent, ControlPlaneFind, TargetSpec } from '../../../store/index.ts'
import { AppError } from '../../../api/errors.ts'
import type { Discovery } from './discovery.ts'
import { hostPort, leaseHolder, listPods, type ListNeeds, type Pod } from '../kube/kube-lists.ts'
import { processAddress } from '../process-address.ts'

interface Known {
  readonly labelSelector: string
  readonly port: number
  readonly scheme: 'http' | 'https'
  /** Whether the instances elect a leader, which holds a Lease of this component's name. */
  readonly hasLeader: boolean
}

/** The labels that kubeadm and others put on their static pods. */
const KNOWN: Readonly<Record<ControlPlaneComponent, Known>> = {
  'kube-controller-manager': known('component=kube-controller-manager', 10257, 'https', true),
  'kube-scheduler': known('component=kube-scheduler', 10259, 'https', true),
  'cloud-controller-manager': known('component=cloud-controller-manager', 10258, 'https', true),
  'kube-proxy': known('k8s-app=kube-proxy', 10249, 'http', false),
  etcd: known('component=etcd', 2379, 'https', false),
}

function known(
  labelSelector: string,
  port: number,
  scheme: Known['scheme'],
  hasLeader: boolean,
): Known {
  return { labelSelector, port, scheme, hasLeader }
}

/** The pods of a control-plane component: the leader only, or all. */
export async function discoverControlPlane(
  target: TargetSpec,
  find: ControlPlaneFind,
  needs: ListNeeds,
): Promise<Discovery> {
  const { component, only, reach } = find
  const { labelSelector, port: usualPort, scheme, hasLeader } = KNOWN[component]
  const namespace = find.namespace ?? 'kube-system'
  const all = await listPods(needs, { namespace, labelSelector })
  const running = all.filter(({ isRunning }) => isRunning)
  if (running.length === 0) {
    throw new AppError('TARGET_NO_PROCESS', {
      message: `No running pod in ${namespace} has the label ${labelSelector}. A control plane that runs outside of the cluster, or that a cloud keeps to itself, is captured by its address or not at all.`,
    })
  }
  const isLed = hasLeader && only === 'leader'
  const chosen = isLed ? await leading(running, component, needs) : { pods: running, notes: [] }
  return {
    notes: chosen.notes,
    processes: chosen.pods.map((pod) => {
      const port = find.port ?? securePortOf(pod) ?? usualPort
      return processAddress(target, {
        component,
        host: hostPort(pod.ip ?? pod.name, port),
        instance: pod.nodeName ?? pod.name,
        route:
          reach === 'direct'
            ? {
                via: 'direct',
                origin: `${scheme}://${hostPort(pod.ip ?? '', port)}`,
                serverName: null,
              }
            : { via: 'port-forward', namespace, pod: pod.name, port, scheme },
      })
    }),
  }
}

/** The port in its command line; 0 means that it has none. */
function securePortOf({ args }: Pod): number | null {
  const ports = args.map((word) => Number(/^--secure-port=(\d{1,5})$/.exec(word)?.[1] ?? 0))
  return ports.find((port) => port > 0) ?? null
}

/** The pod on the host that holds the component's Lease; all pods where the leader is unknown. */
async function leading(pods: readonly Pod[], component: string, needs: ListNeeds) {
  try {
    const holder = await leaseHolder(needs, component)
    const host = holder?.replace(/_[0-9a-f-]+$/, '') ?? ''
    const leader = pods.find(({ nodeName, name }) => {
      return nodeName === host || name === `${component}-${host}`
    })
    if (leader !== undefined) return { pods: [leader], notes: [] }
    const why = `Which ${component} leads is not known: its Lease names ${host === '' ? 'no holder' : host}.`
    return { pods, notes: [`${why} All are captured.`] }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const why = `Which ${component} leads is not known: ${error.message}`
    return { pods, notes: [`${why} All are captured.`] }
  }
}
