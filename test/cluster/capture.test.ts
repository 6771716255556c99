import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { summariseTrace } from '../../profile/index.ts'
import { lacks } from '../requirements.ts'
import { type ControlPlane, startControlPlane } from './control-plane.ts'
import { stateTimes } from './go-tool-trace.ts'
import { captureHere } from './run-capture.ts'
import { START_MS_MAX } from './start-ms-max.ts'
import { until } from '../until.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const PROFILES = ['block.pb.gz', 'cpu.pb.gz', 'goroutine.pb.gz', 'heap.pb.gz']
const METRICS = ['metrics-before.txt.gz', 'metrics.txt.gz']
const FROM_CLUSTER = ['capture.json', ...METRICS, ...PROFILES]
const QUICK = ['--seconds', '1']

describe.skipIf(lacks('control-plane'))('kubeprof capture, of a real control plane', () => {
  let cluster: ControlPlane
  /** Of the service account that the manifests make, with their rights and no others. */
  let collector: readonly string[]
  beforeAll(async () => {
    cluster = await startControlPlane()
    const manifests = await cluster.kubectl(['kustomize', join(root, 'deploy/kubernetes/example')])
    const ours = manifests.replaceAll('node-a', cluster.node)
    await cluster.kubectl(['apply', '-f', '-'], ours)
    const kubeconfig = await cluster.kubeconfigOf('kubeprof', 'kubeprof-collector')
    collector = ['--kubeconfig', kubeconfig, ...QUICK]
  }, START_MS_MAX)
  afterAll(() => cluster?.stop())

  describe('with the rights of the manifests', () => {
    test('takes an API server, whichever answers at the address of the kubeconfig', async () => {
      const { code, files, manifest, error } = await captureHere(cluster, collector)
      expect(error).not.toMatch(/failed/)
      expect(code).toBe(0)
      expect(files).toEqual([...FROM_CLUSTER, 'version.json'].sort())
      expect(manifest).toMatchObject({
        status: 'complete',
        component: 'kube-apiserver',
        kubernetesVersion: 'v1.30.4',
        seconds: 1,
      })
    })

    test('takes each API server by its own address', async () => {
      const { code, manifest } = await captureHere(cluster, [...collector, '--all-instances'])
      expect(code).toBe(0)
      expect(manifest).toMatchObject({ status: 'complete', instance: cluster.node })
    })

    test.each(['kube-controller-manager', 'kube-scheduler'])(
      'takes the leading %s, which listens on loopback of its node, through a tunnel',
      async (component) => {
        const run = await captureHere(cluster, [...collector, '--component', component])
        expect(run.error).not.toMatch(/failed/)
        expect(run.code).toBe(0)
        expect(run.files).toEqual([...FROM_CLUSTER].sort())
        expect(run.manifest).toMatchObject({ component, instance: cluster.node, cluster: 'test' })
        expect(run.out).toMatch(new RegExp(`cpu.pb.gz: cpu, ${component}`))
      },
    )

    test('takes a kubelet through the API server', async () => {
      const args = [...collector, '--component', 'kubelet', '--node', cluster.node]
      const { code, files, manifest } = await captureHere(cluster, args)
      expect(code).toBe(0)
      expect(files).toEqual([...FROM_CLUSTER].sort())
      expect(manifest).toMatchObject({ component: 'kubelet', instance: cluster.node })
    })

    test('is refused all that they do not grant', async () => {
      const other = await captureHere(cluster, [
        ...collector,
        '--component',
        'kubelet',
        '--node',
        'x',
      ])
      expect(other.code).toBe(3)
      expect(other.error).toContain('cannot get resource "nodes/proxy"')
      const pod = ['--pod', 'default/other:6060']
      expect((await captureHere(cluster, [...collector, ...pod])).error).toMatch(
        /A Role in default grants it with the rule .*"pods\/portforward".*"create", "get"/,
      )
    })
  })

  test('takes everything there is, when it is asked to', async () => {
    const kinds =
      'cpu,heap,allocs,goroutine,block,mutex,threadcreate,trace,goroutine-text,metrics,version,healthz'
    const { code, files, out } = await captureHere(cluster, [...collector, '--profiles', kinds])
    expect(code).toBe(0)
    const more = ['allocs.pb.gz', 'mutex.pb.gz', 'threadcreate.pb.gz', 'trace.out', 'healthz.txt']
    const all = [...FROM_CLUSTER, ...more, 'goroutine-debug2.txt.gz', 'version.json']
    expect(files).toEqual(all.sort())
    expect(out).toMatch(/mutex/)
  })

  test('takes an execution trace, whose sums are those of go tool trace', async () => {
    const load = new AbortController()
    const running = cluster.load(['-mode', 'list', '-for', '1m'], load.signal)
    const { folder, out } = await captureHere(cluster, [...collector, '--profiles', 'trace'])
    load.abort()
    await running
    const file = join(folder, 'trace.out')
    const { states } = summariseTrace(readFileSync(file))
    const expected = await stateTimes(file)
    for (const [state, totalNs] of Object.entries(states)) {
      expect(Math.abs(totalNs - (expected[state] ?? 0)) / totalNs).toBeLessThan(0.001)
    }
    expect(out).toMatch(/^Execution trace of Go 1\.\d+, /m)
  })

  test('takes etcd with a client certificate, and says so where it has none', async () => {
    const { url, client } = cluster.etcd
    const args = ['--etcd', '--endpoints', url, '--cacert', cluster.ca, ...QUICK]
    const cert = ['--cert', client.cert, '--key', client.key]
    const { code, files, manifest } = await captureHere(cluster, [...args, ...cert])
    expect(code).toBe(0)
    expect(files).toEqual(['mutex.pb.gz', 'version.json', ...FROM_CLUSTER].sort())
    expect(manifest).toMatchObject({ component: 'etcd', status: 'complete' })
    const bare = await captureHere(cluster, args)
    expect(bare.code).toBe(3)
    expect(bare.error).toMatch(/client certificate/)
  })

  test('takes containerd at its socket, which has profiles alone', async () => {
    const { code, files } = await captureHere(cluster, [
      '--containerd',
      cluster.containerdSocket,
      ...QUICK,
    ])
    expect(code).toBe(0)
    expect(files).toEqual(['capture.json', ...PROFILES].sort())
  })

  test('takes a pod by its name, with credentials for it where they are given', async () => {
    const token = join(cluster.folder, 'token')
    writeFileSync(
      token,
      readFileSync(join(cluster.folder, 'tokens.csv'), 'utf8').split(',')[0] ?? '',
    )
    const pod = `kube-system/kube-scheduler-${cluster.node}:${cluster.ports.scheduler}`
    const args = ['--kubeconfig', cluster.kubeconfig, '--pod', pod, '--scheme', 'https', ...QUICK]
    expect((await captureHere(cluster, args)).error).toMatch(/system:anonymous/)
    const { code, files } = await captureHere(cluster, [...args, '--token-file', token])
    expect(code).toBe(0)
    expect(files).toEqual(expect.arrayContaining(PROFILES))
  })

  test('names the right that is missing, and the rule that it prints grants it', async () => {
    const paths = ['profile', 'goroutine', 'block'].map((name) => `/debug/pprof/${name}`)
    await grant('short', [{ nonResourceURLs: [...paths, '/metrics'], verbs: ['get'] }])
    const args = ['--kubeconfig', await cluster.kubeconfigOf('default', 'short'), ...QUICK]
    const refused = await captureHere(cluster, args)
    expect(refused.code).toBe(3)
    expect(refused.manifest.status).toBe('partial')
    expect(refused.files).toEqual(expect.arrayContaining(['cpu.pb.gz', 'goroutine.pb.gz']))
    expect(refused.error).toContain('cannot get path "/debug/pprof/heap"')
    const rule = /A ClusterRole grants it with the rule (\{.*\})$/m.exec(refused.error)?.[1] ?? ''
    expect(rule).toBe('{nonResourceURLs: ["/debug/pprof/heap"], verbs: ["get"]}')
    await cluster.kubectl(['apply', '-f', '-'], clusterRole('short-too', rule))
    await bind('short-too', 'short')
    // Until the rule is known.
    await until(async () => {
      return (await captureHere(cluster, args)).code === 0
    })
  })

  test('keeps what was taken when it is ended, and lets the process go', async () => {
    const folder = join(mkdtempSync(join(cluster.folder, 'ended-')), 'capture')
    const args = ['capture', '--kubeconfig', cluster.kubeconfig, '--seconds', '60', '-o', folder]
    const child = spawn(join(root, 'bin/kubeprof'), args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let error = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text))
    await until(() => error.includes('cpu.pb.gz: measuring for 60 s'))
    child.kill('SIGINT')
    await once(child, 'exit')
    expect(child.exitCode).toBe(3)
    expect(error).toContain(`what was taken is in ${folder}`)
    expect(existsSync(join(folder, 'metrics-before.txt.gz'))).toBe(true)
    const manifest = JSON.parse(readFileSync(join(folder, 'capture.json'), 'utf8'))
    expect(manifest).toMatchObject({ status: 'cancelled', component: 'kube-apiserver' })
    // A second CPU profile is refused as long as the first runs.
    expect((await captureHere(cluster, collector)).manifest.status).toBe('complete')
  })

  /** A service account of `default` with these rights. */
  async function grant(name: string, rules: readonly object[]): Promise<void> {
    await cluster.kubectl(['create', 'serviceaccount', name])
    await cluster.kubectl(
      ['apply', '-f', '-'],
      clusterRole(name, ...rules.map((rule) => JSON.stringify(rule))),
    )
    await bind(name, name)
  }

  async function bind(role: string, account: string): Promise<void> {
    const what = [`--clusterrole=${role}`, `--serviceaccount=default:${account}`]
    await cluster.kubectl(['create', 'clusterrolebinding', role, ...what])
  }
})

/** Of rules in YAML, one line each. */
function clusterRole(name: string, ...rules: readonly string[]): string {
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: ${name} }
rules:
${rules.map((rule) => `- ${rule}`).join('\n')}
`
}
