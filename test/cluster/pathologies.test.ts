import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lacks } from '../requirements.ts'
import { type ControlPlane, startControlPlane } from './control-plane.ts'
import { captureHere } from './run-capture.ts'
import { START_MS_MAX } from './start-ms-max.ts'

const PODS = 3000
const SETS = 1200
const AMPLE = ['--kube-api-qps=1000', '--kube-api-burst=2000']
/** What makes a controller-manager of a large cluster wait for itself. */
const THROTTLED = ['--kube-api-qps=5', '--kube-api-burst=5', '--concurrent-endpoint-syncs=20']

describe.skipIf(lacks('control-plane'))('what is wrong is found in a live capture', () => {
  let cluster: ControlPlane
  beforeAll(async () => {
    cluster = await startControlPlane({ controllerManagerFlags: AMPLE })
    await cluster.kubectl(['create', 'namespace', 'load'])
    await load('pods', '-n', PODS, '-workers', 16)
  }, START_MS_MAX)
  afterAll(() => cluster?.stop())

  test('an idle API server gives no reason to warn', async () => {
    expect(findingsOf(await capture('kube-apiserver'))).not.toContainEqual(WORTH_A_WARNING)
  })

  test('LISTs without resourceVersion are answered by etcd', async () => {
    const findings = await captureUnder(['list', '-workers', 8], 'kube-apiserver')
    expect(findings).toContainEqual(finding('apiserver.list-from-etcd'))
    expect(findings).toContainEqual(WORTH_A_WARNING)
  })

  test('LISTs with resourceVersion=0 are not', async () => {
    const findings = await captureUnder(
      ['list', '-resource-version', 0, '-workers', 8],
      'kube-apiserver',
    )
    expect(findings.map(({ rule }) => rule)).not.toContain('apiserver.list-from-etcd')
  })

  test('connections that are opened for one request each', async () => {
    const findings = await captureUnder(['tls', '-workers', 16], 'kube-apiserver')
    expect(findings).toContainEqual(finding('apiserver.tls-handshakes'))
  })

  test('watches that begin again and again', async () => {
    const findings = await captureUnder(['rewatch', '-workers', 32], 'kube-apiserver')
    expect(findings).toContainEqual(finding('apiserver.watch-init-events'))
  })

  test('a controller-manager that reads every revision for each StatefulSet', async () => {
    // Where no pods are, which it would read as well.
    const namespace = ['-namespace', 'sets']
    await cluster.kubectl(['create', 'namespace', 'sets'])
    await load('statefulsets', '-n', SETS, ...namespace)
    const findings = await captureUnder(
      ['touch-statefulsets', '-n', SETS, ...namespace],
      'kube-controller-manager',
    )
    expect(findings).toContainEqual(finding('kcm.statefulset-revisions'))
  })

  test('a controller-manager whose workers wait for its own client', async () => {
    await cluster.restartControllerManager(THROTTLED)
    await load('services', '-n', 400)
    const findings = await captureUnder(
      ['change-pods', '-n', 400, '-workers', 4],
      'kube-controller-manager',
    )
    // Which workers wait depends on how far it has come since it was started.
    const rule = expect.stringMatching(/^(?:client\.throttled|kcm\.endpoints-throttled)$/)
    expect(findings).toContainEqual(expect.objectContaining({ rule, level: SERIOUS }))
  })

  const load = (mode: string, ...args: readonly (string | number)[]) =>
    cluster.load(['-mode', mode, '-namespace', 'load', ...args.map(String)])

  async function capture(component: string) {
    const args = ['--component', component, '--seconds', '4', '--json']
    const run = await captureHere(cluster, ['--kubeconfig', cluster.kubeconfig, ...args])
    expect(run.error).not.toMatch(/failed/)
    return run.out
  }

  /** Captures while the load generator is at work in a mode. */
  async function captureUnder(mode: readonly (string | number)[], component: string) {
    const over = new AbortController()
    const args = ['-namespace', 'load', '-for', '5m', '-mode', ...mode.map(String)]
    const running = cluster.load(args, over.signal)
    try {
      // Its first requests are behind it when the CPU is measured.
      await new Promise((resolve) => setTimeout(resolve, 1000))
      return findingsOf(await capture(component))
    } finally {
      over.abort()
      await running
    }
  }
})

interface Finding {
  readonly rule: string
  readonly level: string
}

const SERIOUS = expect.stringMatching(/warning|critical/)
const WORTH_A_WARNING = expect.objectContaining({ level: SERIOUS })

/** Whatever its level: that follows from the processor time that a busy machine leaves. */
function finding(rule: string) {
  return expect.objectContaining({ rule })
}

function findingsOf(json: string): readonly Finding[] {
  const [capture] = JSON.parse(json).captures
  return capture.report.findings.map(({ rule, level }: Finding) => ({ rule, level }))
}
