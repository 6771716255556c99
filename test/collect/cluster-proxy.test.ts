import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { ClusterSpec } from '../../collect/index.ts'
import { lacks } from '../requirements.ts'
import { certificateFolder } from './certificate-folder.ts'
import { discover, fakeCluster, podList, SYSTEM_PODS, targetIn } from './fake-cluster.ts'
import { answerWell, captureOf, listen } from './fake-process.ts'

const scheduler = {
  kind: 'control-plane',
  component: 'kube-scheduler',
  only: 'all',
  reach: 'port-forward',
  namespace: null,
  port: null,
} as const

describe.skipIf(lacks('openssl'))('a cluster behind a proxy', () => {
  const certificates = certificateFolder()
  const caFile = certificates.path('ca.crt')

  test('is asked by the proxy that its kubeconfig names', async () => {
    const { spec, tunnels } = await proxiedCluster('http')
    const { processes } = await discover(spec, targetIn(scheduler))
    expect(processes.map(({ instance }) => instance)).toEqual(['a'])
    expect(tunnels).toEqual(['cluster.example:6443'])
  })

  test('is captured through its server alone, which is noted', async () => {
    const { spec } = await proxiedCluster('http')
    const { processes, notes } = await discover(
      spec,
      targetIn({ kind: 'apiservers', reach: 'auto' }),
    )
    expect(processes[0]?.route).toEqual({ via: 'api-server' })
    expect(notes[0]).toContain('it is behind a proxy')
    const outcome = await captureOf({
      url: '',
      clusters: [spec],
      target: targetIn({ kind: 'apiservers', reach: 'auto' }),
    })
    expect(outcome.status).toBe('complete')
  })

  test('that is not an HTTP proxy is refused', async () => {
    const { spec } = await proxiedCluster('socks5')
    await expect(discover(spec, targetIn(scheduler))).rejects.toMatchObject({
      code: 'TARGET_CREDENTIALS',
      message: 'The cluster cannot be asked: its proxy-url is not an HTTP proxy.',
    })
  })

  /** A cluster whose server has a name that only the proxy knows. */
  async function proxiedCluster(scheme: string) {
    const pods = podList([{ name: 'kube-scheduler-a', node: 'a', ip: '10.0.0.1' }])
    const cluster = await fakeCluster(
      { [SYSTEM_PODS]: pods, '/debug/pprof/heap': answerWell },
      { tls: certificates.pair('named'), caFile },
    )
    const tunnels: unknown[] = []
    const proxy = createServer().on('connect', (request, client) => {
      tunnels.push(request.url)
      const server = connect(Number(new URL(cluster.origin).port), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n')
        client.pipe(server).pipe(client)
      })
      server.on('error', () => client.destroy())
      client.on('error', () => server.destroy())
    })
    const { spec } = cluster
    setCluster(spec, {
      server: 'https://cluster.example:6443',
      'certificate-authority': caFile,
      'tls-server-name': 'kubernetes.default.svc',
      'proxy-url': `${scheme}://127.0.0.1:${await listen(proxy)}`,
    })
    return { spec, tunnels }
  }
})

/** Writes another cluster into the kubeconfig. */
function setCluster({ access }: ClusterSpec, cluster: object): void {
  const path = access.kind === 'kubeconfig' ? (access.paths[0] ?? '') : ''
  const config: object = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, JSON.stringify({ ...config, clusters: [{ name: 'c', cluster }] }))
}
