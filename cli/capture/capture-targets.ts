import type {
  ControlPlaneComponent,
  CredentialsSpec,
  ProcessAddress,
  TargetFind,
  TargetSpec,
} from '../../store/index.ts'
import { type ClusterSpec } from '../../collect/index.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { currentContext, kubeconfigPaths } from '../input/kubeconfig-paths.ts'
import type { ParsedFlags } from '../terminal/parse-flags.ts'

/** What the command line asks to capture. */
export interface CaptureTargets {
  readonly clusters: readonly ClusterSpec[]
  readonly targets: readonly TargetSpec[]
  /** The process itself where its address is given; null where the target is to be discovered. */
  readonly address: ProcessAddress | null
}

const CONTAINERD_SOCKET = '/run/containerd/debug.sock'
const CONTROL_PLANE: readonly ControlPlaneComponent[] = [
  'kube-controller-manager',
  'kube-scheduler',
  'cloud-controller-manager',
  'kube-proxy',
  'etcd',
]

/** Reads what is to be captured. Throws a CommandError. */
export async function captureTargets(flags: ParsedFlags, io: CommandIo): Promise<CaptureTargets> {
  const { text, switches, positionals } = flags
  const [argument, more] = positionals
  if (more !== undefined)
    throw new CommandError(`one address is enough, but there is "${more}" too`)
  if (switches.has('containerd'))
    return socketTarget(flags, argument ?? CONTAINERD_SOCKET, 'containerd')
  if (switches.has('etcd')) return etcdTargets(flags)
  if (argument !== undefined && argument.startsWith('unix:')) {
    return socketTarget(flags, argument.replace(/^unix:(?:\/\/)?/, ''), null)
  }
  if (argument !== undefined)
    return { clusters: [], targets: [urlTarget(flags, argument)], address: null }
  const cluster = await readCluster(flags, io)
  const target: TargetSpec = {
    name: text['pod'] === undefined ? (text['component'] ?? 'kube-apiserver') : 'pod',
    find: text['pod'] === undefined ? findInCluster(flags) : NAMED_POD,
    cluster: cluster.name,
    component: text['component'] ?? (text['pod'] === undefined ? 'kube-apiserver' : null),
    credentials: text['pod'] === undefined ? clusterCredentials(flags) : credentials(flags),
    namedBy: 'operator',
    processesMax: 1000,
  }
  const address = text['pod'] === undefined ? null : podAddress(flags, text['pod'], cluster.name)
  return { clusters: [cluster], targets: [target], address }
}

async function readCluster({ text }: ParsedFlags, io: CommandIo): Promise<ClusterSpec> {
  const paths = kubeconfigPaths(text['kubeconfig'] ?? null, io.env)
  const context = text['context'] ?? null
  const name = text['cluster'] ?? context ?? (await currentContext(paths)) ?? 'cluster'
  return { name, access: { kind: 'kubeconfig', paths, context, allowsExec: true } }
}

/** The least that suffices for the component: one server, the leader, the named nodes. */
function findInCluster({ text, lists, switches }: ParsedFlags): TargetFind {
  const component = text['component'] ?? 'kube-apiserver'
  const isAll = switches.has('all-instances')
  if (component === 'kube-apiserver') {
    return { kind: 'apiservers', reach: isAll ? 'instances' : 'server' }
  }
  if (component === 'kubelet') {
    const nodes = lists.get('node') ?? []
    if (nodes.length === 0 && !isAll) {
      throw new CommandError('say which --node, or --all-instances for the kubelet of every node')
    }
    return {
      kind: 'kubelets',
      reach: 'node-proxy',
      nodes: nodes.length === 0 ? null : nodes,
      labelSelector: null,
      port: null,
      scheme: 'https',
    }
  }
  const known = CONTROL_PLANE.find((name) => name === component)
  if (known === undefined) {
    const names = ['kube-apiserver', 'kubelet', ...CONTROL_PLANE].join(', ')
    throw new CommandError(
      `--component in a cluster is one of ${names}; name other processes by URL or --pod`,
    )
  }
  return {
    kind: 'control-plane',
    component: known,
    only: isAll || known === 'etcd' || known === 'kube-proxy' ? 'all' : 'leader',
    reach: 'port-forward',
    namespace: null,
    port: null,
  }
}

/** A pod given by name counts as discovered; which credentials it gets is the user's choice. */
const NAMED_POD: TargetFind = { kind: 'url', url: 'http://pod' }

const POD_PORT = 6060

function podAddress({ text }: ParsedFlags, named: string, cluster: string): ProcessAddress {
  const [, namespace, pod, port] = /^([a-z0-9-]+)\/([a-z0-9.-]+)(?::(\d{1,5}))?$/.exec(named) ?? []
  if (namespace === undefined || pod === undefined) {
    throw new CommandError(`--pod is NAMESPACE/NAME:PORT, not ${JSON.stringify(named)}`)
  }
  const scheme = text['scheme'] ?? 'http'
  if (scheme !== 'http' && scheme !== 'https') {
    throw new CommandError(`--scheme is http or https, not ${JSON.stringify(scheme)}`)
  }
  const route = {
    via: 'port-forward',
    namespace,
    pod,
    port: Number(port ?? POD_PORT),
    scheme,
  } as const
  return {
    key: `${cluster}/${text['component'] ?? 'go'}/${namespace}/${pod}:${route.port}`,
    target: 'pod',
    component: text['component'] ?? null,
    instance: `${namespace}/${pod}`,
    cluster,
    route,
    pathPrefix: '',
    pprofPath: '/debug/pprof',
    kinds: null,
    isIdentityStable: true,
    note: null,
  }
}

function urlTarget(flags: ParsedFlags, address: string): TargetSpec {
  const url = /^[a-z]+:\/\//.test(address) ? address : `http://${address}`
  if (!/^https?:/.test(url) || !URL.canParse(url)) {
    throw new CommandError(`"${address}" is not an address such as http://10.0.0.1:6060`)
  }
  return {
    ...outside(flags),
    name: 'url',
    find: { kind: 'url', url },
    component: flags.text['component'] ?? null,
  }
}

function etcdTargets(flags: ParsedFlags): CaptureTargets {
  const endpoints = (flags.text['endpoints'] ?? '').split(',').filter((each) => each !== '')
  if (endpoints.length === 0) {
    throw new CommandError(
      '--etcd needs --endpoints https://ADDRESS:2379, and mostly --cacert, --cert, --key',
    )
  }
  const targets = endpoints.map((endpoint) => ({
    ...urlTarget(flags, endpoint),
    component: 'etcd',
  }))
  return { clusters: [], targets, address: null }
}

function socketTarget(
  flags: ParsedFlags,
  socketPath: string,
  component: string | null,
): CaptureTargets {
  const target: TargetSpec = {
    ...outside(flags),
    name: 'unix',
    find: { kind: 'unix', socketPath },
    component: flags.text['component'] ?? component,
  }
  return { clusters: [], targets: [target], address: null }
}

function outside(flags: ParsedFlags) {
  return {
    cluster: null,
    credentials: credentials(flags),
    namedBy: 'operator',
    processesMax: 1,
  } as const
}

function clusterCredentials(flags: ParsedFlags): CredentialsSpec {
  const own = credentials(flags)
  return own.from === 'none' ? { from: 'cluster', tls: own.tls } : own
}

function credentials({ text, switches }: ParsedFlags): CredentialsSpec {
  const certFile = text['cert'] ?? null
  const keyFile = text['key'] ?? null
  if ((certFile === null) !== (keyFile === null)) {
    throw new CommandError(
      `--cert and --key go together, but --${certFile === null ? 'cert' : 'key'} is missing`,
    )
  }
  const tokenFile = text['token-file'] ?? null
  const tls = {
    caFile: text['cacert'] ?? null,
    serverName: null,
    isVerified: !switches.has('insecure'),
  }
  if (certFile === null && tokenFile === null) return { from: 'none', tls }
  return { from: 'files', tls, tokenFile, basic: null, certFile, keyFile }
}
