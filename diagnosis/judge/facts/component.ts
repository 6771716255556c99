import { KNOWN_PROGRAMS } from '../../../profile/index.ts'
import { globMatches, parseGlob } from '../../pattern/glob.ts'

/** Binaries that contain several components, so every rule may apply. */
const WHOLE_CLUSTERS = new Set(['k3s', 'k0s', 'hyperkube', 'microk8s', 'minikube', 'rke2'])

/**
 * Whether a rule for `patterns` applies to this component. A pattern is a glob, or `!glob` for all others. A rule
 * applies to an unknown component: its functions decide whether it fires.
 */
export function isForComponent(patterns: readonly string[], component: string | null): boolean {
  if (component === null || WHOLE_CLUSTERS.has(component)) return true
  const matches = (pattern: string) =>
    parseGlob(pattern).some((glob) => globMatches(glob, component))
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'))
  const refused = patterns.filter((pattern) => pattern.startsWith('!'))
  if (refused.some((pattern) => matches(pattern.slice(1)))) return false
  return wanted.length === 0 || wanted.some(matches)
}

/** Whether rules with these patterns are for some components and not for any program. */
export function isSpecific(patterns: readonly string[]): boolean {
  return patterns.some((pattern) => pattern !== '*' && !pattern.startsWith('!'))
}

/** Components whose flags and code are Kubernetes' own. Aggregated API servers, operators and agents are others' programs. */
const OF_KUBERNETES = new Set([
  ...WHOLE_CLUSTERS,
  'kube-apiserver',
  'kube-controller-manager',
  'cloud-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
  'kubectl',
  'cluster-autoscaler',
])

/** Code that only components run, and programs that are built of theirs. */
const COMPONENT_CODE =
  /^(?:k8s\.io\/(?:kubernetes|apiserver|apiextensions-apiserver|kube-aggregator|autoscaler)|go\.etcd\.io\/etcd|github\.com\/(?:coreos\/etcd|containerd\/containerd|google\/cadvisor))[/.]/

/** Whether a profile with these functions may be of one of these components. */
export function hasComponentCode(names: readonly string[]): boolean {
  return names.some((name) => COMPONENT_CODE.test(name))
}

/** Code that only programs have which are clients of an API server. */
const CLIENT_CODE = /^(?:k8s\.io\/client-go|sigs\.k8s\.io\/controller-runtime)[/.]/

/** Whether a profile with these functions is of a client of Kubernetes. */
export function hasClientCode(names: readonly string[]): boolean {
  return names.some((name) => CLIENT_CODE.test(name))
}

/** Whether all that the patterns name are components whose code is known by its packages. */
export function areKnownComponents(patterns: readonly string[]): boolean {
  return patterns.every(
    (pattern) =>
      OF_KUBERNETES.has(pattern) ||
      ['etcd', 'containerd', 'cadvisor', '*-apiserver'].includes(pattern),
  )
}

/** Programs of further projects, by the names of their binaries: who runs them changes their settings, not their code. */
const OF_FURTHER_PROJECTS = new Set([
  ...KNOWN_PROGRAMS,
  'alertmanager',
  'argocd-application-controller',
  'calico-node',
  'cilium-agent',
  'cilium-operator',
  'cilium-operator-generic',
  'coredns',
  'crio',
  'csi-attacher',
  'csi-provisioner',
  'csi-resizer',
  'csi-snapshotter',
  'dockerd',
  'flanneld',
  'grafana',
  'helm',
  'kube-aggregator',
  'loki',
  'nginx-ingress-controller',
  'pilot-discovery',
  'prometheus',
  'snapshot-controller',
  'thanos',
])

/** What conditions compare with a word, of a component: its name, or whose program it is. */
export function wordOf(name: string, component: string | null): string | null {
  if (name === 'component') return component
  return name === 'project' ? projectOf(component) : null
}

/**
 * Whose program a component is: `kubernetes`, `etcd`, `containerd` or that of another known `component`, whose users change
 * flags and releases, or `other`,
 * whose users may change its code. `null` for an unknown component.
 */
function projectOf(component: string | null): string | null {
  if (component === null) return null
  if (OF_KUBERNETES.has(component)) return 'kubernetes'
  if (OF_FURTHER_PROJECTS.has(component)) return 'component'
  return component === 'etcd' || component === 'containerd' ? component : 'other'
}
