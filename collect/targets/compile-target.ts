import type {
  ControlPlaneComponent,
  CredentialsSpec,
  TargetDefinition,
  TargetFind,
  TargetSpec,
  TlsSpec,
} from '../../store/index.ts'
import { describeFind } from './describe-find.ts'
import type { FilePath, PathFault } from './targets-file-fault.ts'
import type { TargetEntry } from './targets-file-schema.ts'

const PROCESSES_MAX = 50

/** A target of the file, as the collector and the store use it. */
export interface CompiledTarget {
  readonly definition: Omit<TargetDefinition, 'schedules'>
}

/** The meaning of an entry, or what is wrong with one whose shape is valid. */
export function compileTarget(
  entry: TargetEntry,
  path: FilePath,
): CompiledTarget | { readonly faults: readonly PathFault[] } {
  const found = findOf(entry, path)
  if ('message' in found) return { faults: [found] }
  const credentials = credentialsOf(entry, { find: found, path })
  if ('message' in credentials) return { faults: [credentials] }
  const { name, kind, cluster = null } = entry
  const spec: TargetSpec = {
    name,
    find: found,
    cluster,
    component: kind === 'go' ? null : kind,
    credentials,
    namedBy: 'operator',
    processesMax: entry.discover?.limit ?? PROCESSES_MAX,
  }
  return {
    definition: {
      name,
      kind,
      cluster,
      url: found.kind === 'url' ? found.url : null,
      description: describeFind(found, cluster),
      spec,
      group: entry.concurrency?.group ?? `target ${name}`,
      groupMax: entry.concurrency?.limit ?? 1,
    },
  }
}

function findOf(entry: TargetEntry, path: FilePath): TargetFind | PathFault {
  const { url, socket, cluster, kind, discover } = entry
  const fault = (key: string, message: string): PathFault => ({ path: [...path, key], message })
  if (url !== undefined && socket !== undefined) {
    return fault('socket', 'cannot be beside `url`: a target is at one of them')
  }
  if (url !== undefined || socket !== undefined) {
    const idle = (['discover', 'reach', 'only', 'namespace', 'port', 'scheme'] as const).find(
      (key) => entry[key] !== undefined,
    )
    if (idle !== undefined) {
      return { ...fault(idle, 'has no effect beside `url` or `socket`'), isKey: true }
    }
    if (url !== undefined)
      return URL.canParse(url) ? { kind: 'url', url } : fault('url', 'is not a URL')
    return { kind: 'unix', socketPath: socket ?? '' }
  }
  if (cluster === undefined) {
    return fault('kind', 'needs a `cluster` to be found in, or a `url`, or a `socket`')
  }
  if (discover?.nodes !== undefined && kind !== 'kubelet') {
    return fault('discover', '`nodes` finds kubelets alone')
  }
  if (discover?.pods !== undefined && kind !== 'go' && kind !== 'coredns') {
    return fault('discover', `\`pods\` finds programs of kind go or coredns, not ${kind}`)
  }
  return findInCluster(entry, path)
}

function findInCluster(entry: TargetEntry, path: FilePath): TargetFind | PathFault {
  const { kind, reach, discover } = entry
  const fault = (key: string, message: string): PathFault => ({ path: [...path, key], message })
  switch (kind) {
    case 'kube-apiserver': {
      if (reach === 'port-forward' || reach === 'node-proxy') {
        return fault('reach', 'must be instances or server')
      }
      return { kind: 'apiservers', reach: reach === 'direct' ? 'instances' : (reach ?? 'auto') }
    }
    case 'kube-controller-manager':
    case 'kube-scheduler':
    case 'cloud-controller-manager':
    case 'kube-proxy':
    case 'etcd':
      return findStaticPods(entry, kind, path)
    case 'kubelet': {
      if (reach !== 'node-proxy' && reach !== 'direct') {
        return fault(
          reach === undefined ? 'kind' : 'reach',
          'kubelets need `reach: node-proxy` or `reach: direct`: both take the right `nodes/proxy`, which is as good ' +
            'as a shell on the node',
        )
      }
      const { nodes } = discover ?? {}
      return {
        kind: 'kubelets',
        reach,
        nodes: nodes?.names ?? null,
        labelSelector: nodes?.labelSelector ?? null,
        port: entry.port ?? null,
        scheme: entry.scheme ?? 'https',
      }
    }
    case 'go':
    case 'coredns':
      return findPods(entry, path)
    default:
      return fault('kind', `${kind} is not found in a cluster: say its \`socket\` or \`url\``)
  }
}

/** Controllers with leader election: all but the leader are idle. */
function findStaticPods(
  entry: TargetEntry,
  component: ControlPlaneComponent,
  path: FilePath,
): TargetFind | PathFault {
  const { reach = 'port-forward' } = entry
  if (reach !== 'port-forward' && reach !== 'direct') {
    return { path: [...path, 'reach'], message: 'must be port-forward or direct' }
  }
  const hasLeader = component !== 'etcd' && component !== 'kube-proxy'
  if (entry.only === 'leader' && !hasLeader) {
    return { path: [...path, 'only'], message: `${component} has no leader to be found: say all` }
  }
  return {
    kind: 'control-plane',
    component,
    only: entry.only ?? (hasLeader ? 'leader' : 'all'),
    reach,
    namespace: entry.namespace ?? null,
    port: entry.port ?? null,
  }
}

function findPods(entry: TargetEntry, path: FilePath): TargetFind | PathFault {
  const { reach = 'direct', discover, kind } = entry
  if (reach !== 'port-forward' && reach !== 'direct') {
    return { path: [...path, 'reach'], message: 'must be direct or port-forward' }
  }
  if (discover?.pods === undefined) {
    return {
      path,
      message: `${kind} lacks \`discover.pods\`, which says in which namespaces to look`,
    }
  }
  const { namespaces, labelSelector = null, annotations = false } = discover.pods
  if (labelSelector === null && !annotations) {
    return {
      path: [...path, 'discover', 'pods'],
      message: 'needs a `labelSelector`, or `annotations: true`',
    }
  }
  return {
    kind: 'pods',
    namespaces,
    labelSelector,
    isAnnotated: annotations,
    reach,
    port: entry.port ?? null,
    scheme: entry.scheme ?? 'http',
  }
}

interface CredentialContext {
  readonly find: TargetFind
  readonly path: FilePath
}

function credentialsOf(
  entry: TargetEntry,
  { find, path }: CredentialContext,
): CredentialsSpec | PathFault {
  const { auth, credentials } = entry
  const tls: TlsSpec = {
    caFile: entry.tls?.caFile ?? null,
    serverName: entry.tls?.serverName ?? null,
    isVerified: entry.tls?.verify !== 'skip',
  }
  const fault = (key: string, message: string): PathFault => ({ path: [...path, key], message })
  if (find.kind === 'pods') {
    const givenKey = credentials !== undefined ? 'credentials' : auth === 'cluster' ? 'auth' : null
    if (givenKey === null) return { from: 'none', tls }
    return fault(
      givenKey,
      'pods get no credentials: anyone who may edit one could have them sent anywhere',
    )
  }
  if (credentials !== undefined) {
    if (auth !== undefined) return fault('auth', 'cannot be beside `credentials`')
    const {
      tokenFile = null,
      username,
      passwordFile,
      certFile = null,
      keyFile = null,
    } = credentials
    if ((username === undefined) !== (passwordFile === undefined)) {
      return fault('credentials', 'needs `username` and `passwordFile` together')
    }
    if ((certFile === null) !== (keyFile === null)) {
      return fault('credentials', 'needs `certFile` and `keyFile` together')
    }
    const basic =
      username === undefined || passwordFile === undefined ? null : { username, passwordFile }
    return { from: 'files', tls, tokenFile, basic, certFile, keyFile }
  }
  const isPart = find.kind !== 'url' && find.kind !== 'unix'
  const asked = auth ?? (isPart ? 'cluster' : 'none')
  if (asked === 'none') return { from: 'none', tls }
  if (entry.cluster !== undefined) return { from: 'cluster', tls }
  return fault('auth', 'needs a `cluster` whose credentials to send')
}
