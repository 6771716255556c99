import type { PodsFind, ProcessAddress, TargetSpec } from '../../../store/index.ts'
import { AppError } from '../../../api/errors.ts'
import type { Discovery } from './discovery.ts'
import { hostPort, listPods, type ListNeeds, type Pod } from '../kube/kube-lists.ts'
import { processAddress } from '../process-address.ts'

/** Pods by label, or pods that opt in by annotation. */
export async function discoverPods(
  target: TargetSpec,
  find: PodsFind,
  needs: ListNeeds,
): Promise<Discovery> {
  const processes: ProcessAddress[] = []
  const notes: string[] = []
  for (const namespace of find.namespaces) {
    for (const pod of await listPods(needs, { ...find, namespace })) {
      if (!pod.isRunning) continue
      const optIn = optInOf(pod)
      if (find.isAnnotated ? !optIn.isOptedIn : optIn.isOptedOut) continue
      const found = podProcess(target, { find, pod, optIn })
      if (typeof found === 'string') notes.push(`${namespace}/${pod.name} ${found}`)
      else processes.push(found)
    }
  }
  if (processes.length === 0) {
    const where = find.namespaces.join(', ')
    const which = find.isAnnotated ? 'asks to be captured by kubeprof.dev/scrape: "true"' : 'fits'
    const why = notes.length === 0 ? '' : ` ${notes.join('. ')}.`
    throw new AppError('TARGET_NO_PROCESS', {
      message: `No running pod in ${where} ${which}.${why}`,
    })
  }
  return { processes, notes }
}

/** The annotations of a pod, which anyone who may edit the pod can write. */
interface PodOptIn {
  readonly isOptedIn: boolean
  readonly isOptedOut: boolean
  readonly port: string | null
  readonly scheme: string | null
  readonly path: string | null
  readonly kinds: readonly string[] | null
  readonly component: string | null
}

function optInOf({ annotations }: Pod): PodOptIn {
  const text = (key: string) => {
    const value = annotations[key]
    return typeof value === 'string' && value !== '' ? value : null
  }
  const own = (key: string) => text(`kubeprof.dev/${key}`)
  // Grafana Alloy has one annotation per kind: https://grafana.com/docs/alloy/latest/reference/components/pyroscope/pyroscope.scrape
  const alias = (key: string) =>
    text(`profiles.grafana.com/cpu.${key}`) ?? text(`profiles.grafana.com/memory.${key}`)
  return {
    isOptedIn: (own('scrape') ?? alias('scrape')) === 'true',
    isOptedOut: own('scrape') === 'false',
    port: own('port') ?? alias('port'),
    scheme: own('scheme') ?? alias('scheme'),
    path: own('path') ?? alias('path'),
    kinds:
      own('profiles')
        ?.split(',')
        .map((kind) => kind.trim()) ?? null,
    component: own('component'),
  }
}

interface FoundPod {
  readonly find: PodsFind
  readonly pod: Pod
  readonly optIn: PodOptIn
}

const PATH = /^(?:\/[\w.~-]{1,100}){1,10}\/?$/
const COMPONENT = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/
const KINDS = /^(?:cpu|heap|allocs|goroutine|block|mutex|threadcreate|metrics)$/

/** The process, or what is wrong with the pod, in words that follow the pod's name. */
function podProcess(target: TargetSpec, { find, pod, optIn }: FoundPod): ProcessAddress | string {
  const port = Number(optIn.port ?? find.port ?? 0)
  const scheme = optIn.scheme ?? find.scheme
  const { path, kinds, component } = optIn
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    return 'names no port: set kubeprof.dev/port'
  }
  if (scheme !== 'http' && scheme !== 'https') return 'has a scheme other than http and https'
  if (path !== null && (!PATH.test(path) || path.includes('..'))) {
    return 'has a kubeprof.dev/path that is not a plain path'
  }
  if (component !== null && !COMPONENT.test(component)) {
    return 'has a kubeprof.dev/component that is not a name'
  }
  const unknown = kinds?.find((kind) => !KINDS.test(kind))
  if (unknown !== undefined)
    return 'has kubeprof.dev/profiles with a kind that is not taken of pods'
  if (pod.ip === null && find.reach === 'direct') return 'has no address yet'
  const host = hostPort(pod.ip ?? pod.name, port)
  const address = processAddress(target, {
    component: component ?? target.component,
    host,
    instance: `${pod.namespace}/${pod.name}`,
    route:
      find.reach === 'direct'
        ? { via: 'direct', origin: `${scheme}://${host}`, serverName: null }
        : { via: 'port-forward', namespace: pod.namespace, pod: pod.name, port, scheme },
  })
  return { ...address, kinds, pprofPath: path?.replace(/\/$/, '') ?? address.pprofPath }
}
