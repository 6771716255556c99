import type { TargetFind } from '../../store/index.ts'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { checkAccess, openReach } from '../../collect/index.ts'
import { fakeCluster, type FakeObjects, podList, SYSTEM_PODS, targetIn } from './fake-cluster.ts'
import { CPU_PROFILE } from './fake-process.ts'

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'

/** What the doctor says, in lines. */
async function diagnose(find: TargetFind, objects: FakeObjects, denied: readonly string[]) {
  const cluster = await fakeCluster({
    ...objects,
    [REVIEWS]: async (request, reply) => {
      const { spec } = JSON.parse(await text(request))
      const { path, verb, resource, subresource, namespace } = {
        ...spec.nonResourceAttributes,
        ...spec.resourceAttributes,
      }
      const asked =
        path ?? `${[resource, subresource].filter(Boolean).join('/')} ${namespace}`.trim()
      reply.end(JSON.stringify({ status: { allowed: !denied.includes(`${verb} ${asked}`) } }))
    },
  })
  const reach = openReach({ clusters: [cluster.spec], allow: [], env: {}, isInteractive: false })
  try {
    const checks = await checkAccess(reach, targetIn(find), { profiles: ['profile', 'heap'] })
    return checks.map(({ subject, isFine, text, remedy }) => ({ subject, isFine, text, remedy }))
  } finally {
    reach.close()
  }
}

test('a missing right is reported with its rule, beside what works', async () => {
  const message = 'forbidden: User "viewer" cannot get path "/metrics"'
  const checks = await diagnose(
    { kind: 'apiservers', reach: 'server' },
    {
      '/debug/pprof/goroutine': (_, reply) => reply.end(CPU_PROFILE),
      '/metrics': (_, reply) => reply.writeHead(403).end(JSON.stringify({ message })),
    },
    ['get /metrics', 'list endpointslices default'],
  )
  const rule = '{nonResourceURLs: ["/metrics"], verbs: ["get"]}'
  expect(checks.filter(({ isFine }) => !isFine)).toEqual([
    {
      subject: 'rights',
      isFine: false,
      text: 'may not list endpointslices.discovery.k8s.io in default',
      remedy:
        'Role in default: {apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list"]}',
    },
    {
      subject: 'rights',
      isFine: false,
      text: 'may not get /metrics',
      remedy: `ClusterRole: ${rule}`,
    },
    {
      subject: expect.stringContaining('kube-apiserver 127.0.0.1:'),
      isFine: false,
      text: expect.stringContaining(message),
      remedy: rule,
    },
  ])
  expect(checks.map(({ text }) => text)).toEqual(
    expect.arrayContaining(['may get /debug/pprof/heap', 'answers /debug/pprof/goroutine']),
  )
})

test('a program without metrics can be captured all the same', async () => {
  const checks = await diagnose(
    { kind: 'apiservers', reach: 'server' },
    {
      '/debug/pprof/goroutine': (_, reply) => reply.end(CPU_PROFILE),
      '/metrics': (_, reply) => reply.writeHead(404).end(),
    },
    [],
  )
  expect(checks.filter(({ isFine }) => !isFine)).toEqual([])
  expect(checks.map(({ text }) => text)).toContain('has no /metrics')
})

test('a target that cannot be discovered is reported with the reason', async () => {
  const find = {
    kind: 'control-plane',
    component: 'kube-scheduler',
    only: 'leader',
    reach: 'port-forward',
    namespace: null,
    port: null,
  } as const
  const checks = await diagnose(find, {}, ['list pods kube-system'])
  expect(checks[0]).toMatchObject({
    subject: 'discovery',
    isFine: false,
    text: expect.stringContaining('cannot list resource "pods"'),
    remedy: '{apiGroups: [""], resources: ["pods"], verbs: ["list"]}',
  })
})

test('a tunnel needs a right to each pod', async () => {
  const find = {
    kind: 'control-plane',
    component: 'kube-scheduler',
    only: 'all',
    reach: 'port-forward',
    namespace: null,
    port: null,
  } as const
  const pods = podList([{ name: 'kube-scheduler-a', node: 'a', ip: '10.0.0.1' }])
  const checks = await diagnose(find, { [SYSTEM_PODS]: pods }, [
    'create pods/portforward kube-system',
  ])
  expect(checks.find(({ text }) => text.includes('portforward'))).toMatchObject({
    isFine: false,
    text: 'may not create pods/portforward kube-scheduler-a in kube-system',
    remedy: expect.stringContaining('verbs: ["create", "get"]'),
  })
})
