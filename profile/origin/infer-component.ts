import { packageOfName } from '../names/func-names.ts'
import type { Profile } from '../types.ts'
import { programOfPackage } from './known-programs.ts'

/** Binaries whose name identifies the component, whatever else is linked into them. */
const KNOWN_BINARIES = new Set([
  'cloud-controller-manager',
  'cluster-autoscaler',
  'containerd',
  'coredns',
  'crio',
  'dockerd',
  'etcd',
  'k3s',
  'kube-aggregator',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-proxy',
  'kube-scheduler',
  'kubectl',
  'kubelet',
  'metrics-server',
])

/** Packages that only one component runs. A client has none of them, for it links libraries only. */
const PACKAGES_OF: readonly (readonly [string, RegExp])[] = [
  [
    'kube-apiserver',
    /^k8s\.io\/kubernetes\/(cmd\/kube-apiserver|pkg\/(controlplane|master|registry|kubeapiserver))\b/,
  ],
  [
    'kube-controller-manager',
    /^k8s\.io\/kubernetes\/(cmd\/kube-controller-manager|pkg\/controller)\b/,
  ],
  [
    'kube-scheduler',
    /^k8s\.io\/kubernetes\/(cmd\/kube-scheduler|pkg\/scheduler|plugin\/pkg\/scheduler)\b/,
  ],
  ['kubelet', /^k8s\.io\/kubernetes\/(cmd\/kubelet|pkg\/kubelet)\b/],
  ['kube-proxy', /^k8s\.io\/kubernetes\/(cmd\/kube-proxy|pkg\/proxy)\b/],
  ['kubectl', /^k8s\.io\/(kubectl|kubernetes\/pkg\/kubectl)\/(pkg\/)?cmd\b/],
  [
    'etcd',
    /^(go\.etcd\.io\/etcd|github\.com\/coreos\/etcd)\/(server\/|etcdmain|etcdserver$|etcdserver\/(api\/(v3rpc|rafthttp|snap)|backend)|mvcc$|mvcc\/backend|lease$|wal$)/,
  ],
  [
    'containerd',
    /^github\.com\/containerd\/containerd\/(v2\/)?(cmd|services|plugins|runtime\/v2|core|gc|metadata|internal\/cri|pkg\/cri)\b/,
  ],
  ['coredns', /^github\.com\/coredns\/coredns\b/],
]

/** What answers API requests from a store: also extension API servers, which are kube-apiserver's relatives. */
const API_SERVER =
  /^k8s\.io\/apiserver\/pkg\/(registry\/generic\/registry|endpoints\/handlers|storage\/(etcd3|cacher))$/

/** Binaries named like this might be anything. */
const NAMELESS = new Set(['main', 'app', 'exe', 'server', 'manager', 'a.out', '__debug_bin'])

/** `names` are the normalised names of the profile's functions. */
export function inferComponent(profile: Profile, names: readonly string[]): string | null {
  const binary = binaryOf(profile)
  if (KNOWN_BINARIES.has(binary)) return binary
  const counts = new Map<string, number>()
  const programs = new Map<string, number>()
  let apiServerCount = 0
  for (const name of names) {
    const path = packageOfName(name)
    if (API_SERVER.test(path)) apiServerCount++
    for (const [component, pattern] of PACKAGES_OF) {
      if (pattern.test(path)) counts.set(component, (counts.get(component) ?? 0) + 1)
    }
    const program = programOfPackage(path)
    if (program !== undefined) programs.set(program, (programs.get(program) ?? 0) + 1)
  }
  const component = mostFrequent(programs) ?? mostFrequent(counts)
  if (component !== null) return component
  if (apiServerCount > 0) return binary.endsWith('-apiserver') ? binary : 'aggregated-apiserver'
  return binary === '' || NAMELESS.has(binary) ? null : binary
}

function mostFrequent(counts: ReadonlyMap<string, number>): string | null {
  const [name] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0])
  return name === '' ? null : name
}

/** The name of the main binary: `/usr/local/bin/kube-apiserver (deleted)` is `kube-apiserver`. */
function binaryOf({ mappings, strings }: Profile): string {
  if (mappings.length === 0) return ''
  const file = strings[mappings.file[0]].replace(/ \(deleted\)$/, '')
  const base = file.slice(file.lastIndexOf('/') + 1)
  return base.startsWith('[') ? '' : base.replace(/\.exe$/, '')
}
