import { writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer as createTcpServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { DEFAULT_TLS, type ClusterSpec } from '../../collect/index.ts'
import { lacks } from '../requirements.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { until } from '../until.ts'
import { certificateFolder } from './certificate-folder.ts'
import { podList, SYSTEM_PODS, targetIn } from './fake-cluster.ts'
import { answerWell, captureOf, CPU_PROFILE, listen, serve } from './fake-process.ts'

const KCM = 'kube-controller-manager'

/** What a test wants to happen to tunnels. */
interface Tunnelling {
  /** Called with each socket and the port it is for; bridges to that port on loopback without it. */
  readonly onTunnel?: (socket: WebSocket, port: number) => void
  /** Refuses upgrades with this answer. */
  readonly refusal?: string
  /** The only one that is accepted; it is put in place of the other when that is refused. */
  readonly token?: string
}

/** A cluster with one controller manager, whose API server forwards ports as Kubernetes does. */
async function forwardingCluster({ onTunnel = bridge, refusal, token }: Tunnelling = {}) {
  const server = createHttpServer((request, reply) => {
    const pods = podList([{ name: `${KCM}-a`, node: 'a', ip: '10.0.0.1' }])
    reply.end(request.url?.startsWith(SYSTEM_PODS) === true ? JSON.stringify(pods) : '{}')
  })
  const tunnels = new WebSocketServer({
    noServer: true,
    handleProtocols: (protocols) =>
      protocols.has('v4.channel.k8s.io') ? 'v4.channel.k8s.io' : false,
  })
  const asked: unknown[] = []
  server.on('upgrade', (request, stream, head) => {
    asked.push([request.url, request.headers.authorization])
    if (refusal !== undefined) {
      stream.end(refusal)
      return
    }
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      write(token)
      stream.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n')
      return
    }
    const port = Number(new URL(request.url ?? '/', 'http://any').searchParams.get('ports'))
    tunnels.handleUpgrade(request, stream, head, (socket) => {
      const portBytes = Buffer.of(port & 0xff, port >> 8)
      for (const channel of [0, 1]) socket.send(Buffer.concat([Buffer.of(channel), portBytes]))
      onTunnel(socket, port)
    })
  })
  const origin = `http://127.0.0.1:${await listen(server)}`
  const path = join(await temporaryDirectory(), 'config')
  const write = (token: string) =>
    writeFileSync(
      path,
      JSON.stringify({
        'current-context': 'c',
        contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
        clusters: [{ name: 'c', cluster: { server: origin } }],
        users: [{ name: 'u', user: { token } }],
      }),
    )
  write('cluster-token')
  const access = { kind: 'kubeconfig', paths: [path], context: null, allowsExec: false } as const
  const spec: ClusterSpec = { name: 'prod', access }
  return { spec, asked }
}

function bridge(socket: WebSocket, port: number): Socket {
  const stream = connect(port, '127.0.0.1')
  const send = (channel: number, bytes: Buffer) =>
    socket.send(Buffer.concat([Buffer.of(channel), bytes]))
  stream.on('data', (bytes) => send(0, bytes))
  stream.on('error', ({ message }) => send(1, Buffer.from(`error forwarding port: ${message}`)))
  stream.on('close', () => socket.close())
  socket.on('message', (message: Buffer) => stream.write(message.subarray(1)))
  socket.on('close', () => stream.destroy())
  return stream
}

async function captureThrough(cluster: { readonly spec: ClusterSpec }, port: number) {
  return await captureOf({
    url: '',
    clusters: [cluster.spec],
    kinds: ['goroutine', 'heap'],
    isRetried: false,
    target: targetIn({
      kind: 'control-plane',
      component: KCM,
      only: 'all',
      reach: 'port-forward',
      namespace: null,
      port,
    }),
  })
}

describe.skipIf(lacks('openssl'))('a process on loopback of its node', () => {
  const certificates = certificateFolder()

  test('is asked through one tunnel, over TLS, with the credentials of the cluster', async () => {
    const seen: unknown[] = []
    const process = await serve((request, reply) => {
      seen.push(request.headers.authorization)
      answerWell(request, reply)
    }, certificates.pair('named'))
    const { port } = new URL(process)
    const cluster = await forwardingCluster()
    const { status, files, notes } = await captureThrough(cluster, Number(port))
    expect(status).toBe('complete')
    expect(files.get('heap.pb.gz')?.equals(CPU_PROFILE)).toBe(true)
    expect(seen).toEqual(['Bearer cluster-token', 'Bearer cluster-token'])
    expect(cluster.asked).toEqual([
      [
        `/api/v1/namespaces/kube-system/pods/${KCM}-a/portforward?ports=${port}`,
        'Bearer cluster-token',
      ],
    ])
    expect(notes).toEqual([])
  })

  test('that speaks no TLS is asked through the tunnel as it is', async () => {
    const process = await serve(answerWell)
    const cluster = await forwardingCluster()
    const { status, error } = await captureOf({
      url: '',
      clusters: [cluster.spec],
      kinds: ['goroutine', 'heap', 'allocs'],
      isRetried: false,
      target: targetIn({
        kind: 'control-plane',
        component: 'kube-proxy',
        only: 'all',
        reach: 'port-forward',
        namespace: null,
        port: Number(new URL(process).port),
      }),
    })
    expect({ status, error }).toEqual({ status: 'complete', error: null })
    expect(cluster.asked).toHaveLength(1)
  })

  test('comes through whole when it is large', async () => {
    const large = Buffer.concat([CPU_PROFILE, Buffer.alloc(5_000_000, 7)])
    const process = await serve((_, reply) => reply.end(large), certificates.pair('named'))
    const { files } = await captureThrough(await forwardingCluster(), Number(new URL(process).port))
    expect(files.get('heap.pb.gz')?.equals(large)).toBe(true)
  })

  test('is verified where its authority is given', async () => {
    const process = await serve(answerWell, certificates.pair('server'))
    const cluster = await forwardingCluster()
    const caFile = certificates.path('ca.crt')
    const find = {
      kind: 'control-plane',
      component: KCM,
      only: 'all',
      reach: 'port-forward',
      namespace: null,
      port: Number(new URL(process).port),
    } as const
    const ask = async (serverName: string | null) =>
      await captureOf({
        url: '',
        clusters: [cluster.spec],
        isRetried: false,
        target: targetIn(find, {
          credentials: { from: 'cluster', tls: { ...DEFAULT_TLS, caFile, serverName } },
        }),
      })
    expect((await ask('kubernetes.default.svc')).status).toBe('complete')
    expect((await ask(null)).error?.code).toBe('TARGET_TLS')
  })

  test('that does not listen is reported with the message of the kubelet', async () => {
    const free = createTcpServer()
    const port = await listen(free)
    await new Promise((resolve) => free.close(resolve))
    const { error } = await captureThrough(await forwardingCluster(), port)
    expect(error).toMatchObject({
      code: 'TARGET_UNREACHABLE',
      message: expect.stringMatching(
        /^The tunnel to port \d+ of kube-system\/kube-controller-manager-a was closed: error forwarding port: connect ECONNREFUSED/,
      ),
    })
  })

  test('may not be reached by a tunnel without the right to it, which is named', async () => {
    const message = `pods "${KCM}-a" is forbidden: User "viewer" cannot create resource "pods/portforward" in API group "" in the namespace "kube-system"`
    const body = JSON.stringify({ kind: 'Status', message })
    const refusal = `HTTP/1.1 403 Forbidden\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    const { error } = await captureThrough(await forwardingCluster({ refusal }), 10_257)
    expect(error?.code).toBe('TARGET_FORBIDDEN')
    expect(error?.message).toContain(
      `A Role in kube-system grants it with the rule {apiGroups: [""], resources: ["pods/portforward"], resourceNames: ["${KCM}-a"], verbs: ["create", "get"]}`,
    )
  })

  test.each([
    [
      'another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: x\r\n\r\n',
    ],
    [
      'a redirect',
      'HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n',
    ],
    ['nothing', ''],
  ])('is not reached where the upgrade is answered with %s', async (_, refusal) => {
    const { error, status } = await captureThrough(await forwardingCluster({ refusal }), 10_257)
    expect(status).toBe('failed')
    expect(error?.code).toMatch(/^TARGET_(?:RESPONSE_INVALID|UNREACHABLE)$/)
    expect(error?.message).toContain(`port 10257 of kube-system/${KCM}-a`)
  })

  test('is reached by a new token when the old one is refused', async () => {
    const process = await serve(answerWell, certificates.pair('named'))
    const cluster = await forwardingCluster({ token: 'new-token' })
    const { status } = await captureThrough(cluster, Number(new URL(process).port))
    expect(status).toBe('complete')
    expect(cluster.asked.map((each) => (Array.isArray(each) ? each[1] : null))).toEqual([
      'Bearer cluster-token',
      'Bearer new-token',
    ])
  })

  test('is given up when the tunnel ends in the middle', async () => {
    const process = await serve((_, reply) => {
      reply.writeHead(200, { 'content-length': 1_000_000 })
      reply.write(CPU_PROFILE)
    }, certificates.pair('named'))
    const cluster = await forwardingCluster({
      onTunnel: (socket, port) => {
        let carriedBytes = 0
        bridge(socket, port).on('data', ({ length }: Buffer) => {
          carriedBytes += length
          if (carriedBytes < CPU_PROFILE.length) return
          void until(() => socket.bufferedAmount === 0).then(() => socket.terminate())
        })
      },
    })
    const { error } = await captureThrough(cluster, Number(new URL(process).port))
    expect(error?.code).toBe('PROFILE_TRUNCATED')
  })
})
