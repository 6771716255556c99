import type { TargetFind, TargetSpec } from '../../store/index.ts'
import { writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import type { ServerOptions } from 'node:https'
import { join } from 'node:path'
import {
  type ClusterSpec,
  type Discovery,
  openReach,
  type ReachOptions,
} from '../../collect/index.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { serve, TARGET } from './fake-process.ts'

/** Objects by path, without the query; what is not there is refused as by RBAC. */
export type FakeObjects = Readonly<Record<string, object | RequestListener>>

export interface FakeCluster {
  readonly spec: ClusterSpec
  readonly origin: string
  /** Paths with their queries, in the order asked. */
  readonly asked: string[]
}

export interface FakeClusterOptions {
  readonly tls?: ServerOptions
  readonly caFile?: string
  readonly token?: string
}

/** An API server that knows these objects, and a kubeconfig for it. */
export async function fakeCluster(
  objects: FakeObjects,
  { tls, caFile, token = 'cluster-token' }: FakeClusterOptions = {},
): Promise<FakeCluster> {
  const asked: string[] = []
  const origin = await serve((request, reply) => {
    const url = request.url ?? ''
    asked.push(url)
    const path = url.split('?')[0] ?? ''
    const found = objects[path]
    if (typeof found === 'function') found(request, reply)
    else if (found !== undefined) reply.end(JSON.stringify(found))
    else reply.writeHead(403).end(JSON.stringify({ kind: 'Status', message: refusal(path) }))
  }, tls ?? null)
  const path = join(await temporaryDirectory(), 'config')
  const cluster = { server: origin, ...(caFile && { 'certificate-authority': caFile }) }
  writeFileSync(
    path,
    JSON.stringify({
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { token } }],
    }),
  )
  const access = { kind: 'kubeconfig', paths: [path], context: null, allowsExec: false } as const
  return { origin, asked, spec: { name: 'prod', access } }
}

/** As Kubernetes words it. */
function refusal(path: string): string {
  const [, group = '', rest = path] = /^\/apis\/([^/]+)\/v1(\/.*)$/.exec(path) ?? []
  const [, namespace, resource = ''] = /\/namespaces\/([^/]+)\/([^/]+)/.exec(rest) ?? [
    '',
    '',
    /\/([^/]+)$/.exec(rest)?.[1] ?? '',
  ]
  const whole = group === '' ? resource : `${resource}.${group}`
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`
  return `${whole} is forbidden: User "viewer" cannot list resource "${resource}" in API group "${group}" ${where}`
}

export function targetIn(find: TargetFind, rest: Partial<TargetSpec> = {}): TargetSpec {
  return {
    ...TARGET,
    component: null,
    cluster: 'prod',
    find,
    credentials: { ...TARGET.credentials, from: 'cluster' },
    ...rest,
  }
}

/** What is found of the target. */
export async function discover(
  spec: ClusterSpec,
  target: TargetSpec,
  options: Partial<ReachOptions> = {},
): Promise<Discovery> {
  const reach = openReach({
    clusters: [spec],
    allow: ['127.0.0.0/8'],
    env: {},
    isInteractive: false,
    ...options,
  })
  try {
    return await reach.discoverProcesses(target)
  } finally {
    reach.close()
  }
}

export const SLICES = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices'
export const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases'
export const SYSTEM_PODS = '/api/v1/namespaces/kube-system/pods'

export interface FakePod {
  readonly name: string
  readonly namespace?: string
  readonly node?: string
  readonly ip?: string
  readonly phase?: string
  readonly annotations?: Readonly<Record<string, string>>
  readonly command?: readonly string[]
}

export function podList(pods: readonly FakePod[]): object {
  return {
    items: pods.map(
      ({ name, namespace = 'kube-system', node, ip, phase = 'Running', ...rest }) => ({
        metadata: { name, namespace, annotations: rest.annotations ?? {} },
        spec: { nodeName: node, containers: [{ command: rest.command ?? [] }] },
        status: { phase, podIP: ip },
      }),
    ),
  }
}

export function sliceList(addresses: readonly string[], port: number): object {
  return { items: [{ ports: [{ port }], endpoints: [{ addresses }] }] }
}
