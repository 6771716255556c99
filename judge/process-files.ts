import { captureFileOf } from '../diagnosis/index.ts'

/** What a folder holds of one process. */
export interface ProcessFiles {
  /** The known component that its files or folders are named after; null if there is none. */
  readonly component: string | null
  /** Distinguishes processes of one component: namespace, pod and container, or what the files' names share. */
  readonly instance: string
  /** The last profile of each kind, which are all that is judged. */
  readonly profiles: readonly string[]
  readonly logs: readonly string[]
  /** Metrics, version and the other files in the folder of the profiles. */
  readonly others: readonly string[]
  /** How many profiles of the same kinds were taken before. */
  readonly earlierCount: number
}

const COMPONENTS = [
  'kube-controller-manager',
  'cloud-controller-manager',
  'cluster-autoscaler',
  'kube-apiserver',
  'kube-scheduler',
  'kube-proxy',
  'containerd',
  'coredns',
  'kubelet',
  'etcd',
] as const

/** Where net/http/pprof serves them, and where `oc adm inspect` keeps them. */
const ENDPOINT =
  /(?:^|\/)(?:pprof|debug)\/(?:cpu|profile|heap|allocs|goroutine|block|mutex|threadcreate)$/
const GOROUTINES = /(?:^|[/_.-])goroutines?[^/]*\.(?:txt|log)$/i
const LOG = /(?:^|\/)logs\.txt$|\.log$/
/** `namespaces/NAMESPACE/pods/POD/CONTAINER/...` of must-gather and `oc adm inspect`. */
const INSPECTED = /(?:^|\/)namespaces\/([^/]+)\/pods\/([^/]+)\/(?:([^/]+)\/)?/
/** `NAMESPACE/POD/logs.txt` of `kubectl cluster-info dump`. */
const DUMPED = /(?:^|\/)([^/]+\/[^/]+)\/logs\.txt$/
/** clusterloader2 ends names in a time (`_2026-03-02T08:11:43Z`), kube-burner in seconds since 1970. */
const TIME = /[_-]?(\d{4}-\d\d-\d\dT[\d:.-]+(?:Z|[+-]\d\d:?\d\d)?|\d{9,13})$/
const KIND = /(cpu|memory|heap|allocs|goroutine|block|mutex|threadcreate|profile)(?:_?profile)?/i

/**
 * The processes that a folder holds profiles or logs of, from the paths of its files alone, separated by `/`: those that
 * clusterloader2 and kube-burner name after component, kind and time, those of must-gather and `oc adm inspect` by pod and
 * container, and the logs of `kubectl cluster-info dump`. Where all is of one process, what lies beside it is its own.
 */
export function processesIn(paths: readonly string[]): readonly ProcessFiles[] {
  const groups = new Map<string, string[]>()
  for (const path of paths) {
    const instance = instanceOf(path)
    if (instance !== null) groups.set(instance, [...(groups.get(instance) ?? []), path])
  }
  const beside = paths.filter((path) => instanceOf(path) === null)
  return [...groups].map(([instance, own]) =>
    filesOf(instance, groups.size === 1 ? [...own, ...beside] : own),
  )
}

function isProfile(path: string): boolean {
  return captureFileOf(path).kind === 'profile' || ENDPOINT.test(path) || GOROUTINES.test(path)
}

/** The process that a path belongs to; null if the path does not show it. */
function instanceOf(path: string): string | null {
  const inspected = INSPECTED.exec(path)
  if (inspected !== null) return inspected.slice(1).filter(Boolean).join('/')
  const dumped = DUMPED.exec(path)
  if (dumped?.[1] !== undefined) return dumped[1]
  return isProfile(path) ? withoutKind(stemOf(path)) : null
}

function withoutKind(stem: string): string {
  return stem
    .split(KIND)
    .flatMap((part, index) => (index % 2 === 0 ? [part.replaceAll(/^[_-]+|[_-]+$/g, '')] : []))
    .filter((part) => part !== '')
    .join('-')
}

/** The name of a profile's file without folders, ending and time. */
function stemOf(path: string): string {
  const { plainName } = captureFileOf(path)
  return plainName.replace(/\.[a-z]\w*$/, '').replace(TIME, '')
}

function timeOf(path: string): string {
  const name = captureFileOf(path).plainName.replace(/\.[a-z]\w*$/, '')
  return TIME.exec(name)?.[1] ?? ''
}

function filesOf(instance: string, paths: readonly string[]): ProcessFiles {
  const profiles = paths.filter(isProfile).toSorted(byTime)
  const last = new Map(profiles.map((path) => [kindOf(path), path]))
  const logs = paths.filter((path) => LOG.test(path) && !isProfile(path))
  return {
    component: COMPONENTS.find((component) => isNamedAfter(instance, component)) ?? null,
    instance,
    profiles: [...last.values()],
    logs,
    others: paths.filter((path) => !profiles.includes(path) && !logs.includes(path)),
    earlierCount: profiles.length - last.size,
  }
}

/** OpenShift's operators and guards of a component have its name in theirs. */
function isNamedAfter(instance: string, component: string): boolean {
  return new RegExp(`(?:^|[/_-])${component}(?!-(?:operator|guard|pruner|installer))`).test(
    instance,
  )
}

/** Files without a time in their name are each a kind. */
function kindOf(path: string): string {
  return timeOf(path) === '' ? path : stemOf(path)
}

function byTime(a: string, b: string): number {
  const [timeA, timeB] = [timeOf(a), timeOf(b)]
  if (timeA !== timeB) return timeA < timeB ? -1 : 1
  return a < b ? -1 : 1
}
