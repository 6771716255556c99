import type { TargetFind, TargetSpec } from '../../store/index.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type CaptureSink,
  checkAccess,
  DEFAULT_TLS,
  openReach,
  planCapture,
  type Reach,
  setVerbosity,
  takeCapture,
} from '../../collect/index.ts'
import { lacks } from '../requirements.ts'
import { type ControlPlane, startControlPlane } from './control-plane.ts'
import { START_MS_MAX } from './start-ms-max.ts'
import { itemOf } from '../item-of.ts'

const apiservers = { kind: 'apiservers', reach: 'instances' } as const
const controlPlane = {
  kind: 'control-plane',
  only: 'leader',
  reach: 'port-forward',
  namespace: null,
  port: null,
} as const
const manager = { ...controlPlane, component: 'kube-controller-manager' } as const

describe.skipIf(lacks('control-plane'))('a real control plane', () => {
  let cluster: ControlPlane
  beforeAll(async () => {
    cluster = await startControlPlane()
  }, START_MS_MAX)
  afterAll(() => cluster?.stop())

  test('says which rights are missing, and grants them by the rules that are named', async () => {
    await cluster.kubectl(['create', 'serviceaccount', 'bare', '-n', 'default'])
    const reach = reachBy(await cluster.kubeconfigOf('default', 'bare'))
    try {
      const look = () => checkAccess(reach, targetOf(apiservers), { profiles: ['heap'] })
      const before = (await look()).filter(({ isFine }) => !isFine)
      expect(before.map(({ text }) => text)).toEqual([
        expect.stringContaining('cannot list resource "endpointslices"'),
        'may not list endpointslices.discovery.k8s.io in default',
        'may not get /debug/pprof/heap',
        'may not get /metrics',
      ])
      const rules = [...new Set(before.map(({ remedy }) => remedy?.replace(/^[\w ]+: /, '') ?? ''))]
      // The doctor looks for goroutines, which cost the least.
      await grant([...rules, '{nonResourceURLs: ["/debug/pprof/goroutine"], verbs: ["get"]}'])
      const fine = await eventually(look, (checks) => checks.every(({ isFine }) => isFine))
      expect(fine.map(({ text }) => text)).toEqual(
        expect.arrayContaining(['answers /debug/pprof/goroutine', 'answers /metrics']),
      )
    } finally {
      reach.close()
    }
  })

  test('logs more while it is captured with a raised level, and no more after it', async () => {
    const reach = reachBy(cluster.kubeconfig)
    try {
      const target = targetOf(apiservers)
      const { processes } = await reach.discoverProcesses(target)
      const connection = await reach.openConnection(target, itemOf(processes))
      const written: unknown[] = []
      const outcome = await takeCapture(
        connection,
        planCapture('kube-apiserver', {
          seconds: 1,
          kinds: ['heap'],
          verbosity: { level: 4, restoreTo: 0 },
        }),
        {
          sink,
          signal: new AbortController().signal,
          verbosityRecords: {
            raised: (restoreTo) => Promise.resolve(void written.push(restoreTo)),
            restored: () => Promise.resolve(void written.push('restored')),
          },
        },
      )
      expect(outcome).toMatchObject({ status: 'complete', notes: [] })
      expect(written).toEqual([0, 'restored'])
      const requestsLogged = () =>
        readFileSync(join(cluster.folder, 'kube-apiserver.log'), 'utf8').split('/debug/pprof/')
          .length - 1
      const count = requestsLogged()
      expect(count).toBeGreaterThan(0)
      await takeCapture(connection, planCapture(null, { seconds: 1, kinds: ['heap'] }), {
        sink,
        signal: new AbortController().signal,
      })
      expect(requestsLogged()).toBe(count)
      connection.close()
    } finally {
      reach.close()
    }
  })

  test('reads the level that a controller manager was started with from its pod', async () => {
    const reach = reachBy(cluster.kubeconfig)
    try {
      const target = targetOf(manager)
      const { processes } = await reach.discoverProcesses(target)
      expect(await reach.readVerbosity(target, itemOf(processes))).toBe(0)
      const connection = await reach.openConnection(target, itemOf(processes))
      await setVerbosity(connection, 2)
      await setVerbosity(connection, 0)
      connection.close()
    } finally {
      reach.close()
    }
  })

  test('has a kubelet that is asked directly too', async () => {
    const reach = reachBy(cluster.kubeconfig)
    try {
      const target = targetOf({
        kind: 'kubelets',
        reach: 'direct',
        nodes: [cluster.node],
        labelSelector: null,
        port: null,
        scheme: 'https',
      })
      const { processes } = await reach.discoverProcesses(target)
      const connection = await reach.openConnection(target, itemOf(processes))
      const outcome = await takeCapture(
        connection,
        planCapture('kubelet', { seconds: 1, kinds: ['goroutine'] }),
        {
          sink,
          signal: new AbortController().signal,
        },
      )
      expect(outcome.status).toBe('complete')
      connection.close()
    } finally {
      reach.close()
    }
  })

  /** Gives these rules to the service account `bare`. */
  async function grant(rules: readonly string[]): Promise<void> {
    const text = [
      'apiVersion: rbac.authorization.k8s.io/v1',
      'kind: ClusterRole',
      'metadata: {name: bare}',
      'rules:',
      ...rules.map((rule) => `- ${rule}`),
    ].join('\n')
    await cluster.kubectl(['apply', '-f', '-'], text)
    const binding = ['create', 'clusterrolebinding', 'bare', '--clusterrole=bare']
    await cluster.kubectl([...binding, '--serviceaccount=default:bare'])
  }
})

function reachBy(kubeconfig: string): Reach {
  const access = {
    kind: 'kubeconfig',
    paths: [kubeconfig],
    context: null,
    allowsExec: false,
  } as const
  return openReach({
    clusters: [{ name: 'test', access }],
    allow: [],
    env: {},
    isInteractive: false,
  })
}

function targetOf(find: TargetFind): TargetSpec {
  return {
    name: 'target',
    find,
    cluster: 'test',
    component: null,
    credentials: { from: 'cluster', tls: DEFAULT_TLS },
    namedBy: 'operator',
    processesMax: 10,
  }
}

async function sizeOf(body: AsyncIterable<Uint8Array>): Promise<number> {
  let sizeBytes = 0
  for await (const chunk of body) sizeBytes += chunk.length
  return sizeBytes
}

const sink: CaptureSink = { write: async (_, body) => ({ sizeBytes: await sizeOf(body) }) }

/** What `look` answers once it is as it should be; RBAC takes a moment to be known. */
async function eventually<Value>(
  look: () => Promise<Value>,
  isFine: (value: Value) => boolean,
): Promise<Value> {
  for (let count = 0; count < 50; count++) {
    const value = await look()
    if (isFine(value)) return value
  }
  return await look()
}
