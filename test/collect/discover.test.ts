import type { PodsFind } from '../../store/index.ts'
import { describe, expect, test } from 'vitest'
import { lacks } from '../requirements.ts'
import { certificateFolder } from './certificate-folder.ts'
import {
  discover,
  fakeCluster,
  type FakePod,
  LEASES,
  podList,
  SLICES,
  sliceList,
  SYSTEM_PODS,
  targetIn,
} from './fake-cluster.ts'
import { answerWell, captureOf, CPU_PROFILE, serve } from './fake-process.ts'

const KCM = 'kube-controller-manager'
const leader = {
  kind: 'control-plane',
  component: KCM,
  only: 'leader',
  reach: 'port-forward',
  namespace: null,
  port: null,
} as const
const kubelets = {
  kind: 'kubelets',
  reach: 'node-proxy',
  nodes: null,
  labelSelector: null,
  port: null,
  scheme: 'https',
} as const
const pods: PodsFind = {
  kind: 'pods',
  namespaces: ['shop'],
  labelSelector: null,
  isAnnotated: true,
  reach: 'direct',
  port: null,
  scheme: 'http',
}

function leaseOf(host: string) {
  return { metadata: { labels: { 'kubernetes.io/hostname': host } } }
}

function nodeOf(name: string, address: string) {
  return { metadata: { name }, status: { addresses: [{ type: 'InternalIP', address }] } }
}

describe('API servers', () => {
  test('are found by address, and named by the nodes of their static pods', async () => {
    const { spec, asked } = await fakeCluster({
      [SLICES]: sliceList(['10.0.0.2', '10.0.0.1', 'fd00::3'], 6443),
      [SYSTEM_PODS]: podList([
        { name: 'kube-apiserver-a', node: 'node-a', ip: '10.0.0.1' },
        { name: 'kube-apiserver-b', node: 'node-b', ip: '10.0.0.2' },
      ]),
    })
    const target = targetIn({ kind: 'apiservers', reach: 'instances' })
    const { processes } = await discover(spec, target)
    expect(processes.map(({ key, instance }) => [key, instance])).toEqual([
      ['prod/kube-apiserver/10.0.0.1:6443', 'node-a'],
      ['prod/kube-apiserver/10.0.0.2:6443', 'node-b'],
      ['prod/kube-apiserver/[fd00::3]:6443', '[fd00::3]:6443'],
    ])
    expect(processes[0]).toMatchObject({
      component: 'kube-apiserver',
      isIdentityStable: true,
      route: {
        via: 'direct',
        origin: 'https://10.0.0.1:6443',
        serverName: 'kubernetes.default.svc',
      },
    })
    // Lists come from the API server's memory, as they should.
    expect(asked[0]).toContain('resourceVersion=0')
  })

  test('of which there is one are named by its Lease where pods may not be listed', async () => {
    const { spec } = await fakeCluster({
      [SLICES]: sliceList(['10.0.0.1'], 6443),
      [LEASES]: { items: [{ metadata: { labels: { 'kubernetes.io/hostname': 'cp-1' } } }] },
    })
    const target = targetIn({ kind: 'apiservers', reach: 'instances' })
    expect((await discover(spec, target)).processes[0]?.instance).toBe('cp-1')
  })

  test('of which there are several are named by the nodes of their Leases, where there are such', async () => {
    const { spec } = await fakeCluster({
      [SLICES]: sliceList(['10.0.0.1', '10.0.0.2', '10.0.0.3'], 6443),
      [LEASES]: { items: ['cp-2', 'cp-1', 'gone', 'cp-1'].map(leaseOf) },
      '/api/v1/nodes/cp-1': nodeOf('cp-1', '10.0.0.1'),
      '/api/v1/nodes/cp-2': nodeOf('cp-2', '10.0.0.2'),
    })
    const { processes } = await discover(spec, targetIn({ kind: 'apiservers', reach: 'instances' }))
    expect(processes.map(({ instance }) => instance)).toEqual(['cp-1', 'cp-2', '10.0.0.3:6443'])
  })

  test('that may not be listed leave the server of the kubeconfig, marked, and what to grant', async () => {
    const { spec, origin } = await fakeCluster({})
    const { processes, notes } = await discover(
      spec,
      targetIn({ kind: 'apiservers', reach: 'auto' }),
    )
    expect(processes).toHaveLength(1)
    expect(processes[0]).toMatchObject({
      key: `prod/kube-apiserver/${origin.replace('http://', '')}`,
      isIdentityStable: false,
      route: { via: 'api-server' },
    })
    expect(notes[0]).toContain(
      'A Role in default grants it with the rule {apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list"]}',
    )
    await expect(
      discover(spec, targetIn({ kind: 'apiservers', reach: 'instances' })),
    ).rejects.toMatchObject({ code: 'TARGET_FORBIDDEN' })
  })

  test('that cannot be connected to from here leave it too', async () => {
    const { spec } = await fakeCluster({ [SLICES]: sliceList(['127.0.0.1'], 1) })
    const { processes, notes } = await discover(
      spec,
      targetIn({ kind: 'apiservers', reach: 'auto' }),
    )
    expect(processes[0]?.route.via).toBe('api-server')
    expect(notes[0]).toContain('127.0.0.1:1 cannot be connected to from here')
  })
})

describe.skipIf(lacks('openssl'))('API servers, each at its address,', () => {
  const certificates = certificateFolder()
  const options = () => ({
    tls: certificates.pair('server'),
    caFile: certificates.path('ca.crt'),
  })
  const target = targetIn({ kind: 'apiservers', reach: 'auto' })

  test('are known by kubernetes.default.svc, and shown the token of the cluster', async () => {
    const seen: unknown[] = []
    const instance = await serve((request, reply) => {
      seen.push(request.headers.authorization)
      answerWell(request, reply)
    }, certificates.pair('named'))
    const port = Number(new URL(instance).port)
    const cluster = await fakeCluster({ [SLICES]: sliceList(['127.0.0.1'], port) }, options())
    const outcome = await captureOf({
      url: '',
      clusters: [cluster.spec],
      target,
      reach: { allow: ['127.0.0.0/8'] },
    })
    expect(outcome.status).toBe('complete')
    expect(seen).toEqual(['Bearer cluster-token'])
  })

  test('of which one is down are all found, and that one is noted', async () => {
    const instance = await serve(answerWell, certificates.pair('named'))
    const slices = [Number(new URL(instance).port), 1].map((port) => ({
      ports: [{ port }],
      endpoints: [{ addresses: ['127.0.0.1'] }],
    }))
    const cluster = await fakeCluster({ [SLICES]: { items: slices } }, options())
    const { processes, notes } = await discover(cluster.spec, target)
    expect(processes).toHaveLength(2)
    expect(notes).toEqual(['127.0.0.1:1 cannot be connected to just now.'])
  })
})

describe('a controller manager', () => {
  const both = podList([
    { name: `${KCM}-a`, node: 'a', ip: '10.0.0.1' },
    { name: `${KCM}-b`, node: 'b', ip: '10.0.0.2' },
    { name: `${KCM}-c`, node: 'c', ip: '10.0.0.3', phase: 'Pending' },
  ])

  test('is the one that leads, reached through a tunnel to its pod', async () => {
    const holder = { spec: { holderIdentity: 'b_5a1d3a4e-2f63-4be5-9d2a-000000000000' } }
    const { spec } = await fakeCluster({ [SYSTEM_PODS]: both, [`${LEASES}/${KCM}`]: holder })
    const { processes, notes } = await discover(spec, targetIn(leader))
    expect(notes).toEqual([])
    expect(processes).toMatchObject([
      {
        key: `prod/${KCM}/10.0.0.2:10257`,
        instance: 'b',
        route: { via: 'port-forward', namespace: 'kube-system', pod: `${KCM}-b`, port: 10_257 },
      },
    ])
  })

  test('is any of them where the Lease may not be read, and says what to grant', async () => {
    const { spec } = await fakeCluster({ [SYSTEM_PODS]: both })
    const { processes, notes } = await discover(spec, targetIn(leader))
    expect(processes.map(({ instance }) => instance)).toEqual(['a', 'b'])
    expect(notes[0]).toContain('resources: ["leases"]')
  })

  test('that runs nowhere in the cluster is reported so', async () => {
    const { spec } = await fakeCluster({ [SYSTEM_PODS]: podList([]) })
    await expect(discover(spec, targetIn(leader))).rejects.toMatchObject({
      code: 'TARGET_NO_PROCESS',
      message: expect.stringContaining('that a cloud keeps to itself'),
    })
  })
})

describe('kubelets', () => {
  test('are found by their nodes, page by page, and no more than there may be', async () => {
    const { spec } = await fakeCluster({
      '/api/v1/nodes': (request, reply) => {
        const isFirst = !String(request.url).includes('continue=')
        const found = isFirst
          ? page([node('a', '10.0.0.1')], 'next')
          : page([node('b', '10.0.0.2'), node('c', '10.0.0.3')], '')
        reply.end(JSON.stringify(found))
      },
    })
    const { processes, notes } = await discover(spec, targetIn(kubelets, { processesMax: 2 }))
    expect(processes.map(({ key, route }) => [key, route])).toEqual([
      ['prod/kubelet/a:10250', { via: 'node-proxy', node: 'a' }],
      ['prod/kubelet/b:10250', { via: 'node-proxy', node: 'b' }],
    ])
    expect(notes).toEqual(['1 of 3 processes are left out: the target may have 2.'])
  })

  test('are asked directly under the same key', async () => {
    const { spec } = await fakeCluster({ '/api/v1/nodes/a': node('a', '10.0.0.1') })
    const find = { ...kubelets, reach: 'direct', nodes: ['a'] } as const
    expect((await discover(spec, targetIn(find))).processes).toMatchObject([
      { key: 'prod/kubelet/a:10250', route: { via: 'direct', origin: 'https://10.0.0.1:10250' } },
    ])
  })

  test('that are named need no right to list nodes; the right for proxying is reported', async () => {
    const message =
      'nodes "a" is forbidden: User "viewer" cannot get resource "nodes/proxy" in API group "" at the cluster scope'
    const cluster = await fakeCluster({
      '/api/v1/nodes/a/proxy/debug/pprof/heap': (_, reply) => {
        reply.writeHead(403).end(JSON.stringify({ message }))
      },
    })
    const { error } = await captureOf({
      url: '',
      clusters: [cluster.spec],
      target: targetIn({ ...kubelets, nodes: ['a'] }),
    })
    expect(error?.message).toContain(
      '{apiGroups: [""], resources: ["nodes/proxy"], resourceNames: ["a"], verbs: ["get"]}',
    )
    expect(cluster.asked).toEqual(['/api/v1/nodes/a/proxy/debug/pprof/heap'])
  })
})

describe('pods', () => {
  const shop = '/api/v1/namespaces/shop/pods'
  test('that opt in by annotation are found with their settings', async () => {
    const { spec } = await fakeCluster({
      [shop]: podList([
        pod('cart', {
          'kubeprof.dev/scrape': 'true',
          'kubeprof.dev/port': '6060',
          'kubeprof.dev/scheme': 'https',
          'kubeprof.dev/path': '/internal/pprof/',
          'kubeprof.dev/profiles': 'cpu, heap',
          'kubeprof.dev/component': 'cart',
        }),
        pod('alloy', {
          'profiles.grafana.com/cpu.scrape': 'true',
          'profiles.grafana.com/cpu.port': '8080',
        }),
        pod('quiet', {}),
      ]),
    })
    const { processes } = await discover(spec, targetIn(pods))
    expect(processes).toMatchObject([
      {
        key: 'prod/cart/10.1.0.7:6060',
        instance: 'shop/cart',
        component: 'cart',
        pprofPath: '/internal/pprof',
        kinds: ['cpu', 'heap'],
        route: { via: 'direct', origin: 'https://10.1.0.7:6060' },
      },
      { key: 'prod/go/10.1.0.7:8080', instance: 'shop/alloy', kinds: null },
    ])
  })

  test.each([
    ['kubeprof.dev/port', '70000', 'names no port'],
    ['kubeprof.dev/port', '6060@evil', 'names no port'],
    ['kubeprof.dev/scheme', 'gopher', 'a scheme other than http and https'],
    ['kubeprof.dev/path', '//evil.example/', 'is not a plain path'],
    ['kubeprof.dev/path', '/../secrets', 'is not a plain path'],
    ['kubeprof.dev/component', '<img>', 'is not a name'],
    ['kubeprof.dev/profiles', 'cmdline', 'a kind that is not taken of pods'],
  ])('with %s: %s are left out', async (key, value, why) => {
    const annotations = { 'kubeprof.dev/scrape': 'true', 'kubeprof.dev/port': '80', [key]: value }
    const { spec } = await fakeCluster({ [shop]: podList([pod('bad', annotations)]) })
    await expect(discover(spec, targetIn(pods))).rejects.toMatchObject({
      code: 'TARGET_NO_PROCESS',
      message: expect.stringContaining(why),
    })
  })

  test('get no credentials, though the target has those of the cluster', async () => {
    const seen: unknown[] = []
    const origin = await serve((request, reply) => {
      seen.push(request.headers.authorization)
      reply.end(CPU_PROFILE)
    })
    const annotations = {
      'kubeprof.dev/scrape': 'true',
      'kubeprof.dev/port': new URL(origin).port,
    }
    const cluster = await fakeCluster({
      [shop]: podList([{ name: 'app', namespace: 'shop', ip: '127.0.0.1', annotations }]),
    })
    const capture = {
      url: '',
      clusters: [cluster.spec],
      target: targetIn(pods),
      reach: { allow: ['127.0.0.0/8'] },
    }
    expect((await captureOf(capture)).status).toBe('complete')
    expect(seen).toEqual([undefined])
    // And where it may not be asked, it is not.
    const denied = await captureOf({ ...capture, reach: { allow: [] } })
    expect(denied.error?.code).toBe('TARGET_ADDRESS_DENIED')
    expect(seen).toHaveLength(1)
  })
})

function page(items: readonly object[], token: string): object {
  return { items, metadata: { continue: token } }
}

function pod(name: string, annotations: Record<string, string>): FakePod {
  return { name, namespace: 'shop', ip: '10.1.0.7', annotations }
}

function node(name: string, address: string): object {
  return {
    metadata: { name },
    status: {
      addresses: [{ type: 'InternalIP', address }],
      daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
    },
  }
}
