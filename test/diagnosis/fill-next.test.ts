import { expect, test } from 'vitest'
import { fillNext, NO_VALUES } from '../../diagnosis/index.ts'

test.each([
  ['core/v1.Pod', 'pods'],
  ['networking/v1.NetworkPolicy', 'networkpolicies'],
  ['core/v1.Endpoints', 'endpoints'],
  ['networking/v1.Ingress', 'ingresses'],
])('objects of kind %s are the resource %s', (kind, resource) => {
  expect(fillNext('{resource}', { ...NO_VALUES, kind })).toBe(resource)
})

const QUERY = 'rate(lists_total{verb="LIST"[[,resource="{resource}"]]}[5m])'

test('a query is narrowed to what was seen, and stays whole where nothing was', () => {
  expect(fillNext(QUERY, { ...NO_VALUES, kind: 'core/v1.Pod' })).toBe(
    'rate(lists_total{verb="LIST",resource="pods"}[5m])',
  )
  expect(fillNext(QUERY, NO_VALUES)).toBe('rate(lists_total{verb="LIST"}[5m])')
})

test.each([
  ['kube-apiserver', `kubectl get --raw '/debug/pprof/heap?gc=1' > heap.pb.gz`],
  ['kubelet', `kubectl get --raw "/api/v1/nodes/$NODE/proxy/debug/pprof/heap?gc=1" > heap.pb.gz`],
  ['containerd', /--unix-socket \/run\/containerd\/debug\.sock/],
  ['kube-scheduler', /https:\/\/\$\{ADDRESS:-127\.0\.0\.1:10259\}\/debug\/pprof\/heap\?gc=1/],
  [null, `curl -s "http://$ADDRESS/debug/pprof/heap?gc=1" > heap.pb.gz`],
])('a profile of %s is fetched the way it is reached', (component, command) => {
  expect(fillNext('{pprof:heap?gc=1} > heap.pb.gz', { ...NO_VALUES, component })).toMatch(command)
})

test.each([
  ['kube-scheduler', 'http', `curl -s "http://10.0.0.9:10351/debug/pprof/heap" > h`],
  ['etcd', 'http', `curl -s "http://10.0.0.9:10351/debug/pprof/heap" > h`],
  ['etcd', null, /--cert client\.crt .*"https:\/\/10\.0\.0\.9:10351\/debug\/pprof\/heap"/],
  ['kubelet', 'http', `curl -s "http://10.0.0.9:10351/debug/pprof/heap" > h`],
] as const)('%s is asked where it was captured, over %s', (component, scheme, command) => {
  const origin = { scheme, host: '10.0.0.9', port: '10351' }
  const values = { ...NO_VALUES, component, origin }
  expect(fillNext('{pprof:heap} > h', values)).toMatch(command)
})

test('a page and a flag of the process are filled in, and left out where they are not known', () => {
  const text = '{get:/metrics}[[ # --kube-api-qps={flags.kube-api-qps}]]'
  const values = { ...NO_VALUES, component: 'kube-apiserver' }
  expect(fillNext(text, values)).toBe(`kubectl get --raw '/metrics'`)
  const flags = new Map([['kube-api-qps', '20']])
  expect(fillNext(text, { ...values, flags })).toBe(
    `kubectl get --raw '/metrics' # --kube-api-qps=20`,
  )
})

test('a command asks for the port of a program that is not known to have one', () => {
  const text = "ss -Htn state established '( sport = :{port} )'"
  expect(fillNext(text, { ...NO_VALUES, component: 'my-operator' })).toBe(
    `ss -Htn state established '( sport = :'"$PORT"' )'`,
  )
  expect(fillNext(text, { ...NO_VALUES, component: 'etcd' })).toMatch(/sport = :2379 /)
})
