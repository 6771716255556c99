import { expect, test } from 'vitest'
import { fillNext } from '../../diagnosis/index.ts'

const NOTHING = { group: null, kind: null, component: null }

test.each([
  ['core/v1.Pod', 'pods'],
  ['networking/v1.NetworkPolicy', 'networkpolicies'],
  ['core/v1.Endpoints', 'endpoints'],
  ['networking/v1.Ingress', 'ingresses'],
])('objects of kind %s are the resource %s', (kind, resource) => {
  expect(fillNext('{resource}', { ...NOTHING, kind })).toBe(resource)
})

const QUERY = 'rate(lists_total{verb="LIST"[[,resource="{resource}"]]}[5m])'

test('a query is narrowed to what was seen, and stays whole where nothing was', () => {
  expect(fillNext(QUERY, { ...NOTHING, kind: 'core/v1.Pod' })).toBe(
    'rate(lists_total{verb="LIST",resource="pods"}[5m])',
  )
  expect(fillNext(QUERY, NOTHING)).toBe('rate(lists_total{verb="LIST"}[5m])')
})

test.each([
  ['kube-apiserver', `kubectl get --raw '/debug/pprof/heap?gc=1' > heap.pb.gz`],
  ['kubelet', `kubectl get --raw "/api/v1/nodes/$NODE/proxy/debug/pprof/heap?gc=1" > heap.pb.gz`],
  ['containerd', /--unix-socket \/run\/containerd\/debug\.sock/],
  ['kube-scheduler', /https:\/\/127\.0\.0\.1:10259\/debug\/pprof\/heap\?gc=1/],
  [null, `curl -s "http://$ADDRESS/debug/pprof/heap?gc=1" > heap.pb.gz`],
])('a profile of %s is fetched the way it is reached', (component, command) => {
  expect(fillNext('{pprof:heap?gc=1} > heap.pb.gz', { ...NOTHING, component })).toMatch(command)
})
