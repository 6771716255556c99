import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { CaptureSummary, ListCapturesReply, ListTargetsReply } from '../../api/index.ts'
import { killAll, type KubeprofProcess, startKubeprof } from '../chaos/kubeprof-process.ts'
import { TEST_MS_MAX } from '../patience.ts'
import { lacks } from '../requirements.ts'
import { addHost } from './add-host.ts'
import { type ControlPlane, SECOND_HOST, startControlPlane } from './control-plane.ts'
import { captureHere } from './run-capture.ts'
import { START_MS_MAX } from './start-ms-max.ts'
import { until } from '../until.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Not this machine's, whose kubelet would run their pods as its own. */
const [FIRST_NODE, SECOND_NODE] = ['node-a', 'node-b'] as const
const second = lacks('control-plane') ? null : addHost()

afterAll(() => second?.remove())

describe.skipIf(second === null)('a control plane with two API servers', () => {
  const secondAddress = second?.address ?? ''
  let cluster: ControlPlane
  let kubeconfig: string
  beforeAll(async () => {
    cluster = await startControlPlane({ secondAddress })
    const manifests = await cluster.kubectl(['kustomize', join(root, 'deploy/kubernetes/base')])
    await cluster.kubectl(['apply', '-f', '-'], manifests)
    kubeconfig = await cluster.kubeconfigOf('kubeprof', 'kubeprof-collector')
    await addNode(cluster, SECOND_HOST, secondAddress)
    const slices = ['get', 'endpointslices', '-n', 'default', '-o', 'json']
    // Until both are announced.
    await until(async () => {
      const text = await cluster.kubectl(slices)
      return [ownAddress(cluster), secondAddress].every((address) => text.includes(`"${address}"`))
    })
  }, START_MS_MAX)
  afterAll(async () => {
    await killAll()
    await cluster?.stop()
  })

  test('is captured server by server, each by its own address, and named by its Lease', async () => {
    const args = ['--kubeconfig', kubeconfig, '--all-instances', '--seconds', '1']
    const { code, folder, error } = await captureHere(cluster, args)
    expect(error).not.toMatch(/failed/)
    expect(code).toBe(0)
    const names = [cluster.node, SECOND_HOST].sort()
    expect(readdirSync(folder).sort()).toEqual(names)
    const taken = names.map((name) =>
      JSON.parse(readFileSync(join(folder, name, 'capture.json'), 'utf8')),
    )
    expect(taken).toEqual(
      names.map((instance) => expect.objectContaining({ instance, status: 'complete' })),
    )
    const startTimes = names.map((name) => startTimeOf(join(folder, name, 'metrics.txt.gz')))
    expect(new Set(startTimes).size).toBe(2)
  })

  test(
    'goes on being captured on schedule when one of them is killed, and never both at once',
    async () => {
      await addPods(cluster, secondAddress)
      const kubeprof = await startCollecting(cluster, kubeconfig)
      const captures = async () => (await get<ListCapturesReply>(kubeprof, '/captures')).items
      const takenOf = async (instance: string, sinceMs = 0) =>
        (await captures()).filter(
          (one) =>
            one.instance === instance &&
            one.status === 'complete' &&
            Date.parse(one.createdAt) > sinceMs,
        )
      for (const instance of [FIRST_NODE, SECOND_NODE]) {
        const isTaken = async () => (await takenOf(instance)).length >= 3
        await vi.waitUntil(isTaken, TEST_MS_MAX)
      }
      expect(overlapsOf(await captures())).toEqual([])

      await cluster.killSecondApiserver()
      const killedAtMs = Date.now()
      const stateOf = async (instance: string) => {
        const { items } = await get<ListTargetsReply>(kubeprof, '/targets')
        return items.flatMap(({ processes }) => processes).find((one) => one.instance === instance)
          ?.state
      }
      const isGivenUp = async () => /^(?:failing|gone)$/.test((await stateOf(SECOND_NODE)) ?? '')
      await vi.waitUntil(isGivenUp, TEST_MS_MAX)
      const goesOn = async () => (await takenOf(FIRST_NODE, killedAtMs)).length >= 2
      await vi.waitUntil(goesOn, TEST_MS_MAX)
      expect(await stateOf(FIRST_NODE)).toBe('ok')
      expect(overlapsOf(await captures())).toEqual([])
    },
    2 * TEST_MS_MAX,
  )
})

/** That is there and runs nothing; the collector may look at it and at this machine's. */
async function addNode(cluster: ControlPlane, name: string, address: string): Promise<void> {
  await cluster.kubectl(['apply', '-f', '-'], nodeNamed(name))
  const status = JSON.stringify({ status: { addresses: [{ type: 'InternalIP', address }] } })
  const patch = ['--subresource=status', '--type=merge', '-p', status]
  await cluster.kubectl(['patch', 'node', name, ...patch])
  const names = [cluster.node, name].map((each) => `--resource-name=${each}`)
  await cluster.kubectl([
    'create',
    'clusterrole',
    'nodes',
    '--verb=get',
    '--resource=nodes',
    ...names,
  ])
  const account = '--serviceaccount=kubeprof:kubeprof-collector'
  await cluster.kubectl(['create', 'clusterrolebinding', 'nodes', '--clusterrole=nodes', account])
}

/** Static pods as kubeadm makes them: they show the node of an address. */
async function addPods(cluster: ControlPlane, secondAddress: string): Promise<void> {
  const places = [
    [FIRST_NODE, ownAddress(cluster)],
    [SECOND_NODE, secondAddress],
  ] as const
  for (const [nodeName, podIP] of places) {
    // A pod of no node is soon removed.
    await cluster.kubectl(['apply', '-f', '-'], nodeNamed(nodeName))
    const name = `kube-apiserver-${nodeName}`
    await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(podOf(name, nodeName)))
    const status = JSON.stringify({ status: { podIP, podIPs: [{ ip: podIP }], phase: 'Running' } })
    const patch = ['--subresource=status', '--type=merge', '-p', status]
    await cluster.kubectl(['patch', 'pod', name, '-n', 'kube-system', ...patch])
  }
}

function nodeNamed(name: string): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name } })
}

function podOf(name: string, nodeName: string) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'kube-system', labels: { component: 'kube-apiserver' } },
    spec: {
      nodeName,
      hostNetwork: true,
      automountServiceAccountToken: false,
      tolerations: [{ operator: 'Exists' }],
      containers: [{ name: 'kube-apiserver', image: 'registry.k8s.io/kube-apiserver:v1.30.4' }],
    },
  }
}

function ownAddress({ server }: ControlPlane): string {
  return new URL(server).hostname
}

async function startCollecting(
  cluster: ControlPlane,
  kubeconfig: string,
): Promise<KubeprofProcess> {
  const file = join(cluster.folder, 'targets.yaml')
  const targets = {
    clusters: [{ name: 'test', kubeconfig: { path: kubeconfig } }],
    targets: [
      {
        name: 'apiservers',
        kind: 'kube-apiserver',
        cluster: 'test',
        concurrency: { group: 'control-plane', limit: 1 },
      },
    ],
    profileSets: { quick: { cpu: { seconds: 1 }, goroutine: {} } },
    schedules: [
      { name: 'often', targets: ['apiservers'], every: '4s', take: 'quick', jitter: 'none' },
    ],
  }
  writeFileSync(file, JSON.stringify(targets))
  const data = join(cluster.folder, 'data')
  return await startKubeprof(['serve', '--port', '0', '--data', data], {
    env: {
      KUBEPROF_COLLECT_TARGETS_FILE: file,
      KUBEPROF_COLLECT_INTERVAL_MS_MIN: '1000',
      KUBEPROF_COLLECT_DISCOVER_MS: '1000',
      KUBEPROF_COLLECT_CPU_SHARE_MAX: '1',
    },
  })
}

/** Of the process whose metrics these are. */
function startTimeOf(file: string): string | undefined {
  const metrics = gunzipSync(readFileSync(file)).toString()
  return /^process_start_time_seconds (\S+)$/m.exec(metrics)?.[1]
}

/** Pairs that were under way at one time. */
function overlapsOf(captures: readonly CaptureSummary[]): readonly (readonly string[])[] {
  const spans = captures
    .flatMap(({ id, startedAt, finishedAt }) =>
      startedAt === null ? [] : [{ id, start: startedAt, end: finishedAt ?? '9999' }],
    )
    .sort((a, b) => (a.start < b.start ? -1 : 1))
  return spans.flatMap(({ id, start }, index) => {
    const before = spans[index - 1]
    return before !== undefined && start < before.end ? [[before.id, id]] : []
  })
}

async function get<Reply>({ url }: KubeprofProcess, path: string): Promise<Reply> {
  const response = await fetch(`${url}/api/v1${path}`)
  expect(response.status).toBe(200)
  return JSON.parse(await response.text())
}
