import { expect, test } from 'vitest'
import { processesIn } from '../../judge/index.ts'
import { itemOf } from '../item-of.ts'

test('clusterloader2 names profiles after component, kind, test and time: the last of each kind counts', () => {
  const processes = processesIn([
    'etcd_MemoryProfile_load_2026-03-02T08:11:43Z.pprof',
    'junit.xml',
    'kube-apiserver_CPUProfile_load_2026-03-02T08:11:43Z.pprof',
    'kube-apiserver_CPUProfile_load_2026-03-02T08:21:43Z.pprof',
    'kube-apiserver_MemoryProfile_load_2026-03-02T08:11:43Z.pprof',
  ])
  expect(processes).toMatchObject([
    { component: 'etcd', earlierCount: 0 },
    {
      component: 'kube-apiserver',
      earlierCount: 1,
      profiles: [
        'kube-apiserver_CPUProfile_load_2026-03-02T08:21:43Z.pprof',
        'kube-apiserver_MemoryProfile_load_2026-03-02T08:11:43Z.pprof',
      ],
    },
  ])
})

test('kube-burner names them after target, pod and time', () => {
  const processes = processesIn([
    'kube-apiserver-cpu-kube-apiserver-master-0-1772439103.pprof',
    'kube-apiserver-heap-kube-apiserver-master-0-1772439103.pprof',
    'kube-apiserver-heap-kube-apiserver-master-1-1772439103.pprof',
  ])
  expect(processes.map(({ component, profiles }) => [component, profiles.length])).toEqual([
    ['kube-apiserver', 2],
    ['kube-apiserver', 1],
  ])
})

test('must-gather keeps them by namespace, pod and container', () => {
  const pod = 'quay-io-x/namespaces/openshift-etcd/pods/etcd-0/etcd'
  const found = processesIn([
    `${pod}/etcd/logs/current.log`,
    `${pod}/etcd/pprof/heap`,
    `${pod}/etcd/pprof/profile`,
    `${pod}/etcd/version.json`,
    'quay-io-x/cluster-scoped-resources/core/nodes.yaml',
  ])
  const { component, instance, profiles, logs, others } = itemOf(found)
  expect({ component, instance }).toEqual({
    component: 'etcd',
    instance: 'openshift-etcd/etcd-0/etcd',
  })
  expect(profiles.map((path) => path.slice(pod.length))).toEqual([
    '/etcd/pprof/heap',
    '/etcd/pprof/profile',
  ])
  expect(logs).toEqual([`${pod}/etcd/logs/current.log`])
  expect(others).toContain(`${pod}/etcd/version.json`)
})

test('kubectl cluster-info dump has logs by namespace and pod', () => {
  const processes = processesIn([
    'kube-system/events.json',
    'kube-system/kube-apiserver-node-1/logs.txt',
    'kube-system/coredns-5d-x/logs.txt',
    'nodes.json',
  ])
  expect(processes).toMatchObject([
    { component: 'kube-apiserver', instance: 'kube-system/kube-apiserver-node-1', profiles: [] },
    { component: 'coredns', logs: ['kube-system/coredns-5d-x/logs.txt'] },
  ])
})

test('what manages a component is not taken for it', () => {
  const [found] = processesIn([
    'namespaces/o/pods/kube-apiserver-operator-x/kube-apiserver-operator/pprof/heap',
  ])
  expect(found?.component).toBeNull()
})

test('profiles of one process have what lies beside them', () => {
  expect(processesIn(['a.log', 'cpu.pb.gz', 'heap.pb.gz', 'metrics.txt'])).toMatchObject([
    {
      component: null,
      profiles: ['cpu.pb.gz', 'heap.pb.gz'],
      logs: ['a.log'],
      others: ['metrics.txt'],
    },
  ])
})
