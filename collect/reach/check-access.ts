import type { ProcessAddress, TargetSpec } from '../../store/index.ts'
import { AppError } from '../../api/errors.ts'
import { readRefusal } from './refusal-of-answer.ts'
import { type AccessRight, grantOf, rightText } from './kube/access-right.ts'
import type { Cluster } from './kube/cluster.ts'
import { readHead } from './net/http-client.ts'
import { valueAt } from '../../api/json-value.ts'
import type { ProcessConnection } from './process-connection.ts'
import type { Reach } from './reach.ts'

/** One thing that was checked. */
export interface AccessCheck {
  /** The process, or `discovery`. */
  readonly subject: string
  readonly isFine: boolean
  readonly text: string
  /** What to do, for example the ClusterRole rule to add, as YAML on one line. */
  readonly remedy: string | null
}

export interface CheckOptions {
  /** Names of the pprof profiles to be captured: `profile`, `heap`. */
  readonly profiles: readonly string[]
  readonly signal?: AbortSignal
}

/**
 * Checks whether a target can be discovered, reached and read, without profiling anything: it asks for the rights
 * (SelfSubjectAccessReview), and reads the goroutine profile of each process, which costs the process least.
 */
export async function checkAccess(
  reach: Reach,
  target: TargetSpec,
  options: CheckOptions,
): Promise<AccessCheck[]> {
  const cluster = target.cluster === null ? null : reach.cluster(target.cluster)
  const checks: AccessCheck[] = []
  const found = await attempt('discovery', async () => {
    const { processes, notes } = await reach.discoverProcesses(target, options.signal)
    const names = processes.map(({ instance }) => instance).join(', ')
    checks.push(fine('discovery', `found ${names}`), ...notes.map(noted))
    return processes
  })
  if ('check' in found) checks.push(found.check)
  const processes = 'value' in found ? found.value : []
  if (cluster !== null && target.namedBy === 'operator') {
    const rights = rightsFor(target, processes, options.profiles)
    checks.push(...(await checkRights(cluster, rights, options)))
  }
  for (const address of processes) {
    checks.push(...(await checkProcess(reach, target, address, options)))
  }
  return checks
}

type Attempt<Value> = { readonly value: Value } | { readonly check: AccessCheck }

async function attempt<Value>(
  subject: string,
  work: () => Promise<Value>,
): Promise<Attempt<Value>> {
  try {
    return { value: await work() }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const rule = error.details?.['rule']
    const remedy = typeof rule === 'string' ? rule : null
    return { check: { subject, isFine: false, text: error.message, remedy } }
  }
}

function fine(subject: string, text: string): AccessCheck {
  return { subject, isFine: true, text, remedy: null }
}

function noted(note: string): AccessCheck {
  return { subject: 'discovery', isFine: true, text: note, remedy: null }
}

type ResourceRight = Extract<AccessRight, { kind: 'resource' }>

function resource(verb: string, resource: string, rest: Partial<ResourceRight> = {}): AccessRight {
  return { kind: 'resource', verb, group: '', resource, namespace: null, name: null, ...rest }
}

/** The RBAC rights that discovering and capturing the target needs. */
function rightsFor(
  { find }: TargetSpec,
  processes: readonly ProcessAddress[],
  profiles: readonly string[],
): AccessRight[] {
  const inSystem = { namespace: 'kube-system' }
  const lease = { ...inSystem, group: 'coordination.k8s.io' }
  const slices = { namespace: 'default', group: 'discovery.k8s.io' }
  const paths = [...profiles.map((name) => `/debug/pprof/${name}`), '/metrics', '/version'].map(
    (path): AccessRight => ({ kind: 'path', verb: 'get', path }),
  )
  switch (find.kind) {
    case 'apiservers':
      return [resource('list', 'endpointslices', slices), ...paths]
    case 'control-plane': {
      const namespace = find.namespace ?? 'kube-system'
      const forwards = processes.flatMap(({ route }) =>
        route.via === 'port-forward'
          ? [resource('create', 'pods/portforward', { namespace, name: route.pod })]
          : [],
      )
      const leads =
        find.only === 'leader'
          ? [resource('get', 'leases', { ...lease, name: find.component })]
          : []
      // The API server authorizes these; etcd and kube-proxy do no authorization.
      const isAsking = !/^(?:etcd|kube-proxy)$/.test(find.component)
      return [
        resource('list', 'pods', { namespace }),
        ...leads,
        ...forwards,
        ...(isAsking ? paths : []),
      ]
    }
    case 'kubelets':
      return [
        ...(find.nodes === null ? [resource('list', 'nodes')] : []),
        ...processes.map(({ route, instance }) =>
          resource('get', 'nodes/proxy', {
            name: route.via === 'node-proxy' ? route.node : instance,
          }),
        ),
      ]
    case 'pods':
      return find.namespaces.map((namespace) => resource('list', 'pods', { namespace }))
    default:
      return []
  }
}

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'

async function checkRights(
  cluster: Cluster,
  rights: readonly AccessRight[],
  { signal }: CheckOptions,
): Promise<AccessCheck[]> {
  const checks: AccessCheck[] = []
  for (const right of rights) {
    const words = rightText(right)
    const found = await attempt('rights', async () => {
      const answer = await cluster.askJson({
        path: REVIEWS,
        aim: 'review the rights of these credentials',
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: specOf(right),
        },
        ...(signal && { signal }),
      })
      return valueAt(answer, 'status', 'allowed') === true
    })
    if ('check' in found) return [...checks, found.check]
    if (found.value) checks.push(fine('rights', `may ${words}`))
    else {
      const { role, text } = grantOf(right)
      const missing = `may not ${words}`
      checks.push({ subject: 'rights', isFine: false, text: missing, remedy: `${role}: ${text}` })
    }
  }
  return checks
}

function specOf(right: AccessRight) {
  if (right.kind === 'path') {
    return { nonResourceAttributes: { verb: right.verb, path: right.path } }
  }
  const [resource = '', subresource = ''] = right.resource.split('/')
  return {
    resourceAttributes: {
      verb: right.verb,
      group: right.group,
      resource,
      subresource,
      namespace: right.namespace ?? '',
      name: right.name ?? '',
    },
  }
}

const LIMITS = { headersMsMax: 15_000, wholeMsMax: 20_000, bytesMax: 64 * 1024 ** 2 } as const
const HEAD_BYTES_MAX = 64 * 1024

async function checkProcess(
  reach: Reach,
  target: TargetSpec,
  address: ProcessAddress,
  { signal }: CheckOptions,
): Promise<AccessCheck[]> {
  const subject = `${address.component ?? 'process'} ${address.instance}`
  const opened = await attempt(subject, () => reach.openConnection(target, address))
  if ('check' in opened) return [opened.check]
  const connection = opened.value
  try {
    const pages = [`${address.pprofPath}/goroutine`, '/metrics']
    const checks: AccessCheck[] = connection.warnings.map((warning) => fine(subject, warning))
    for (const path of pages) {
      const found = await attempt(subject, () => ask(connection, path, signal))
      checks.push('check' in found ? found.check : fine(subject, found.value))
    }
    return checks
  } finally {
    connection.close()
  }
}

/** The result in words. Programs without /metrics can still be profiled. */
async function ask(
  connection: ProcessConnection,
  path: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const answer = await connection.get(path, LIMITS, signal)
  if (answer.status === 404 && path === '/metrics') return 'has no /metrics'
  if (answer.status !== 200) throw await readRefusal(connection, path, answer)
  await readHead(answer.body, HEAD_BYTES_MAX)
  return `answers ${path}`
}
