import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CaptureSummary, ListCapturesReply } from '../../api/index.ts'
import { killAll, type KubeprofProcess, startKubeprof } from '../chaos/kubeprof-process.ts'
import { lacks } from '../requirements.ts'
import { until } from '../until.ts'
import { type ControlPlane, startControlPlane } from './control-plane.ts'
import { START_MS_MAX } from './start-ms-max.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

describe.skipIf(lacks('control-plane'))('a collector in the cluster that it captures', () => {
  let cluster: ControlPlane
  let folder: string
  const tokens = new Map<string, string>()
  let kubeprof: KubeprofProcess
  beforeAll(async () => {
    cluster = await startControlPlane()
    const manifests = await cluster.kubectl(['kustomize', join(root, 'deploy/kubernetes/base')])
    await cluster.kubectl(['apply', '-f', '-'], manifests)
    folder = join(cluster.folder, 'service-account')
    mkdirSync(folder)
    copyFileSync(cluster.ca, join(folder, 'ca.crt'))
    mount(await makeToken('first'))
    kubeprof = await startCollecting(cluster, folder)
  }, START_MS_MAX)
  afterAll(async () => {
    await killAll()
    await cluster?.stop()
  })

  test('reads the token that is mounted, and the next one when the first is over', async () => {
    await captured(({ status }) => status === 'complete')
    mount(await makeToken('second'))
    const endedAtMs = await endToken('first')
    await captured((one) => one.status === 'complete' && isAfter(one, endedAtMs))
    expect((await captures()).map(({ error }) => error?.code)).not.toContain(UNAUTHENTICATED)
  })

  test('says when its token is not taken any more, and goes on with the next', async () => {
    const endedAtMs = await endToken('second')
    const refused = await captured((one) => one.status === 'failed' && isAfter(one, endedAtMs))
    expect(refused.error?.code).toBe(UNAUTHENTICATED)
    mount(await makeToken('third'))
    const mountedAtMs = Date.now()
    await captured((one) => one.status === 'complete' && isAfter(one, mountedAtMs))
  })

  /** As a kubelet asks for it. It ends with the secret that it is bound to, for none lasts less than ten minutes. */
  async function makeToken(name: string): Promise<string> {
    await cluster.kubectl(['create', 'secret', 'generic', name, '-n', 'kubeprof'])
    const bound = ['--bound-object-kind=Secret', `--bound-object-name=${name}`, '--duration=10m']
    const asked = ['create', 'token', 'kubeprof-collector', '-n', 'kubeprof', ...bound]
    const token = (await cluster.kubectl(asked)).trim()
    tokens.set(name, token)
    return token
  }

  /** Answers when it was over; the API server remembers for some seconds that it was good. */
  async function endToken(name: string): Promise<number> {
    await cluster.kubectl(['delete', 'secret', name, '-n', 'kubeprof'])
    const asked = ['auth', 'whoami', `--token=${tokens.get(name)}`]
    const isOver = () =>
      cluster.kubectl(asked).then(
        () => false,
        () => true,
      )
    await until(isOver)
    return Date.now()
  }

  /** Whole at once, as the kubelet does it. */
  function mount(token: string): void {
    writeFileSync(join(folder, 'token.next'), token)
    renameSync(join(folder, 'token.next'), join(folder, 'token'))
  }

  async function captures(): Promise<readonly CaptureSummary[]> {
    const response = await fetch(`${kubeprof.url}/api/v1/captures`)
    const { items }: ListCapturesReply = JSON.parse(await response.text())
    return items
  }

  async function captured(isIt: (capture: CaptureSummary) => boolean): Promise<CaptureSummary> {
    const found: CaptureSummary[] = []
    const look = async () => found.push(...(await captures()).filter(isIt)) > 0
    await until(look)
    const [capture] = found
    if (capture === undefined) throw new Error('waitUntil has thrown')
    return capture
  }
})

const UNAUTHENTICATED = 'TARGET_UNAUTHENTICATED'

function isAfter({ createdAt }: CaptureSummary, timeMs: number): boolean {
  return Date.parse(createdAt) > timeMs
}

async function startCollecting(cluster: ControlPlane, folder: string): Promise<KubeprofProcess> {
  const file = join(cluster.folder, 'targets.yaml')
  const targets = {
    clusters: [{ name: 'here', inCluster: true }],
    targets: [{ name: 'apiservers', kind: 'kube-apiserver', cluster: 'here' }],
    profileSets: { quick: { cpu: { seconds: 1 }, goroutine: {} } },
    schedules: [{ name: 'often', targets: ['apiservers'], every: '3s', take: 'quick' }],
  }
  writeFileSync(file, JSON.stringify(targets))
  const { hostname, port } = new URL(cluster.server)
  const data = join(cluster.folder, 'data')
  return await startKubeprof(['serve', '--port', '0', '--data', data], {
    env: {
      KUBERNETES_SERVICE_HOST: hostname,
      KUBERNETES_SERVICE_PORT: port,
      KUBEPROF_COLLECT_SERVICE_ACCOUNT_FOLDER: folder,
      KUBEPROF_COLLECT_TARGETS_FILE: file,
      KUBEPROF_COLLECT_INTERVAL_MS_MIN: '1000',
      KUBEPROF_COLLECT_CPU_SHARE_MAX: '1',
    },
  })
}
