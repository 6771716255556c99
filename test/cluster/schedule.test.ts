import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type {
  CaptureReply,
  CaptureSummary,
  ListCapturesReply,
  ListTargetsReply,
  Report,
} from '../../api/index.ts'
import { killAll, type KubeprofProcess, startKubeprof } from '../chaos/kubeprof-process.ts'
import { lacks } from '../requirements.ts'
import { type ControlPlane, startControlPlane } from './control-plane.ts'
import { captureHere } from './run-capture.ts'
import { START_MS_MAX } from './start-ms-max.ts'
import { until } from '../until.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const TARGETS = ['apiservers', 'manager', 'scheduler', 'kubelets', 'etcd', 'containerd']

describe.skipIf(lacks('control-plane'))('a collector of a real control plane', () => {
  let cluster: ControlPlane
  let kubeprof: KubeprofProcess
  beforeAll(async () => {
    cluster = await startControlPlane()
    const manifests = await cluster.kubectl(['kustomize', join(root, 'deploy/kubernetes/example')])
    const ours = manifests.replaceAll('node-a', cluster.node)
    await cluster.kubectl(['apply', '-f', '-'], ours)
    const kubeconfig = await cluster.kubeconfigOf('kubeprof', 'kubeprof-collector')
    const file = join(cluster.folder, 'targets.yaml')
    writeFileSync(file, JSON.stringify(targetsFile(cluster, kubeconfig)))
    const data = join(cluster.folder, 'data')
    kubeprof = await startKubeprof(['serve', '--port', '0', '--data', data], {
      env: { KUBEPROF_COLLECT_TARGETS_FILE: file, KUBEPROF_COLLECT_INTERVAL_MS_MIN: '1000' },
    })
  }, START_MS_MAX)
  afterAll(async () => {
    await killAll()
    await cluster?.stop()
  })

  test('takes every part of it on schedule, with the rights of the manifests', async () => {
    for (const target of TARGETS) {
      const capture = await captured(target, ({ origin }) => origin === 'schedule')
      expect({ target, error: capture.error }).toEqual({ target, error: null })
      expect(capture).toMatchObject({ status: 'complete', schedule: 'baseline' })
      const profiles = capture.parts.filter(({ profileId }) => profileId !== null)
      expect(profiles.map(({ kind }) => kind).sort()).toEqual(['cpu', 'goroutine', 'heap'])
    }
    const { items } = await get<ListTargetsReply>('/targets')
    const processes = items.flatMap((target) => target.processes)
    expect(processes.map(({ state }) => state)).toEqual(TARGETS.map(() => 'ok'))
    expect(processes.map(({ nextRun }) => nextRun?.schedule)).toEqual(TARGETS.map(() => 'baseline'))
  })

  test('takes one when it is asked to, and judges it', async () => {
    const asked = {
      target: 'manager',
      seconds: 1,
      profiles: ['cpu', 'trace', 'metrics', 'block'],
    }
    const { items } = await post<ListCapturesReply>('/captures', asked)
    const id = items[0]?.id ?? ''
    await until(async () => (await captureOf(id)).reportStatus === 'ready')
    const capture = await captureOf(id)
    expect(capture).toMatchObject({
      status: 'complete',
      origin: 'demand',
      component: 'kube-controller-manager',
      instance: cluster.node,
    })
    const trace = await fetch(`${kubeprof.url}/api/v1/captures/${id}/files/trace.out`)
    expect((await trace.text()).slice(0, 13)).toMatch(/^go 1\.\d+ trace/)
  })

  test('takes one when an alert comes in', async () => {
    const alert = {
      status: 'firing',
      labels: { alertname: 'KubeAPIErrorBudgetBurn' },
      startsAt: new Date().toISOString(),
      fingerprint: 'a1',
    }
    await post('/triggers/alertmanager', { version: '4', alerts: [alert] })
    const capture = await captured('apiservers', ({ origin }) => origin === 'alert')
    expect(capture.status).toBe('complete')
  })

  test('takes in what kubeprof capture pushes, and judges it as the command did', async () => {
    const args = ['--kubeconfig', cluster.kubeconfig, '--seconds', '1', '--json']
    const run = await captureHere(cluster, [...args, '--push', kubeprof.url])
    expect(run.code).toBe(0)
    const id = /pushed: \S+\/(\w+)$/m.exec(run.error)?.[1] ?? ''
    await until(async () => (await captureOf(id)).reportStatus === 'ready')
    expect(await captureOf(id)).toMatchObject({
      origin: 'command',
      status: 'complete',
      component: 'kube-apiserver',
      kubernetesVersion: 'v1.30.4',
    })
    const { findings } = await get<Report>(`/captures/${id}/report`)
    const [{ report }] = JSON.parse(run.out).captures
    expect(findings.map(({ rule }) => rule)).toEqual(
      report.findings.map(({ rule }: { readonly rule: string }) => rule),
    )
  })

  test('says which right it lost, and how to grant it, while the others go on', async () => {
    const binding = ['rolebinding', 'kubeprof-forward-controllers', '-n', 'kube-system']
    await cluster.kubectl(['delete', ...binding])
    const lostAt = Date.now()
    const later = ({ createdAt }: CaptureSummary) => Date.parse(createdAt) > lostAt
    const lost = await captured('scheduler', (capture) => later(capture) && capture.error !== null)
    expect(lost).toMatchObject({ status: 'failed', error: { code: 'TARGET_FORBIDDEN' } })
    expect(lost.error?.message).toMatch(
      /A Role in kube-system grants it with the rule .*"pods\/portforward"/,
    )
    expect((await captured('etcd', later)).status).toBe('complete')
    const { items } = await get<ListTargetsReply>('/targets')
    const scheduler = items.find(({ name }) => name === 'scheduler')?.processes[0]
    expect(scheduler?.error?.code).toBe('TARGET_FORBIDDEN')
  })

  /** Waits for a finished capture of a target. */
  async function captured(
    target: string,
    isIt: (capture: CaptureSummary) => boolean,
  ): Promise<CaptureSummary> {
    const found: CaptureSummary[] = []
    await until(async () => {
      const { items } = await get<ListCapturesReply>(`/captures?target=${target}`)
      found.push(...items.filter((capture) => capture.finishedAt !== null && isIt(capture)))
      return found.length > 0
    })
    const [capture] = found
    if (capture === undefined) throw new Error('waitUntil has thrown')
    return capture
  }

  async function captureOf(id: string): Promise<CaptureSummary> {
    return (await get<CaptureReply>(`/captures/${id}`)).capture
  }

  async function get<Reply>(path: string): Promise<Reply> {
    const response = await fetch(`${kubeprof.url}/api/v1${path}`)
    expect(response.status).toBe(200)
    return JSON.parse(await response.text())
  }

  async function post<Reply>(path: string, body: unknown): Promise<Reply> {
    const response = await fetch(`${kubeprof.url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(response.status).toBe(202)
    return JSON.parse(await response.text())
  }
})

/** One target for each way to a process. */
function targetsFile(cluster: ControlPlane, kubeconfig: string) {
  const { etcd, ca, node, containerdSocket } = cluster
  const credentials = { certFile: etcd.client.cert, keyFile: etcd.client.key }
  return {
    clusters: [{ name: 'test', kubeconfig: { path: kubeconfig } }],
    targets: [
      { name: 'apiservers', kind: 'kube-apiserver', cluster: 'test' },
      { name: 'manager', kind: 'kube-controller-manager', cluster: 'test' },
      { name: 'scheduler', kind: 'kube-scheduler', cluster: 'test' },
      {
        name: 'kubelets',
        kind: 'kubelet',
        cluster: 'test',
        reach: 'node-proxy',
        discover: { nodes: { names: [node] } },
      },
      { name: 'etcd', kind: 'etcd', url: etcd.url, credentials, tls: { caFile: ca } },
      { name: 'containerd', kind: 'containerd', socket: containerdSocket },
    ],
    profileSets: { quick: { cpu: { seconds: 1 }, heap: {}, goroutine: {}, metrics: {} } },
    schedules: [{ name: 'baseline', targets: TARGETS, every: '15s', take: 'quick' }],
    triggers: [
      {
        name: 'slow',
        alert: { alertname: 'KubeAPIErrorBudgetBurn' },
        targets: ['apiservers'],
        take: 'quick',
      },
    ],
  }
}
