import { expect, test } from 'vitest'
import { inferOrigin, type Profile, profileFromFolded } from '../../profile/index.ts'

const cpu = { type: 'cpu', unit: 'nanoseconds' }

test.each([
  ['/usr/local/bin/kube-apiserver', 'a', 'kube-apiserver'],
  ['/usr/bin/etcd (deleted)', 'a', 'etcd'],
  ['/src/server', 'k8s.io/kubernetes/cmd/kube-apiserver/app.Run', 'kube-apiserver'],
  ['/hyperkube', 'k8s.io/kubernetes/pkg/scheduler.(*Scheduler).scheduleOne', 'kube-scheduler'],
  ['/app', 'go.etcd.io/etcd/server/v3/storage/wal.(*WAL).Save', 'etcd'],
  ['/x', 'github.com/coreos/etcd/cmd/vendor/github.com/coreos/etcd/mvcc.(*store).Read', 'etcd'],
  ['/x', 'k8s.io/kubernetes/vendor/k8s.io/kubernetes/pkg/kubelet.(*Kubelet).Run', 'kubelet'],
  [
    '/bin/wardle',
    'k8s.io/apiserver/pkg/registry/generic/registry.(*Store).List',
    'aggregated-apiserver',
  ],
  [
    '/bin/sample-apiserver',
    'k8s.io/apiserver/pkg/endpoints/handlers.ListResource',
    'sample-apiserver',
  ],
])('a profile of %s with %s is of %s', (mappingFile, func, component) => {
  expect(originOf(`${func} 1`, mappingFile).component).toBe(component)
})

test.each([
  ['/manager', 'sigs.k8s.io/kueue/pkg/scheduler.(*Scheduler).schedule', 'kueue'],
  [
    '/app/cmd/controller/controller',
    'github.com/cert-manager/cert-manager/pkg/controller.New',
    'cert-manager',
  ],
  ['/bin/my-operator', 'sigs.k8s.io/cluster-api/util/patch.NewHelper', 'my-operator'],
  ['/bin/operator', 'github.com/cert-manager/cert-manager/pkg/client/x.New', 'operator'],
  ['/bin/descheduler', 'sigs.k8s.io/descheduler/pkg/descheduler.Run', 'descheduler'],
])('%s with code of %s is the program %s', (mappingFile, func, component) => {
  expect(originOf(`${func} 1`, mappingFile).component).toBe(component)
})

test('a program with code of a component is itself', () => {
  const stacks = `sigs.k8s.io/descheduler/pkg/descheduler.Run 1
k8s.io/kubernetes/pkg/scheduler/framework.New 1
k8s.io/kubernetes/pkg/scheduler/internal.New 1`
  expect(originOf(stacks, '/x').component).toBe('descheduler')
})

test.each([
  ['k8s.io/client-go/tools/cache.(*Reflector).ListAndWatch'],
  ['go.etcd.io/etcd/client/v3.(*Client).Get'],
  ['k8s.io/kubernetes/pkg/apis/core.DoSomething'],
  ['k8s.io/apiserver/pkg/server/filters.WithCORS'],
])('a client that links %s is called by its own name', (func) => {
  expect(originOf(`${func} 1`, '/bin/my-operator').component).toBe('my-operator')
})

test('a binary called main without telling functions stays unnamed', () => {
  expect(originOf('main.main 1', '/main').component).toBeNull()
})

test.each([
  [
    'k8s.io/apiserver/pkg/server.New @/go/pkg/mod/k8s.io/apiserver@v0.30.4/pkg/server/a.go',
    'v1.30.4',
  ],
  ['k8s.io/apiserver/pkg/storage/etcd3.decodeListItem', '1.30-1.31'],
  ['k8s.io/apiserver/pkg/storage/cacher.(*CacheDelegator).GetList', '>=1.33'],
  ['k8s.io/kubernetes/vendor/k8s.io/apiserver/pkg/storage/etcd3.(*store).List', '<=1.23'],
  ['k8s.io/client-go/util/workqueue.(*Typed[go.shape.string]).Get', '>=1.31'],
  ['main.main', null],
  ['k8s.io/kubernetes/pkg/kubelet/pleg.(*GenericPLEG).Relist', '>=1.26'],
])('%s is of Kubernetes %s', (func, version) => {
  expect(originOf(`${func} 1`).kubernetesVersion).toBe(version)
})

const FILES = '@/go/pkg/mod/k8s.io'

test.each([
  [
    'a module that a folder replaces',
    `k8s.io/apiextensions-apiserver/pkg/apiserver.New ${FILES}/apiextensions-apiserver@v0.0.0/pkg/a.go`,
    null,
  ],
  [
    'a commit without a release',
    `k8s.io/api/core/v1.New ${FILES}/api@v0.0.0-20240101000000-0123456789ab/core/v1/a.go`,
    null,
  ],
  [
    'such a module beside one with a version',
    `k8s.io/apiextensions-apiserver/pkg/apiserver.New ${FILES}/apiextensions-apiserver@v0.0.0/pkg/a.go 1\nk8s.io/apiserver/pkg/server.New ${FILES}/apiserver@v0.35.4/pkg/server/a.go`,
    'v1.35.4',
  ],
  [
    'an older library in a server',
    `k8s.io/client-go/rest.New ${FILES}/client-go@v0.30.1/rest/a.go 1\nk8s.io/apiserver/pkg/server.New ${FILES}/apiserver@v0.35.4/pkg/server/a.go`,
    'v1.35.4',
  ],
])('of %s the version is what is sure', (_, funcs, version) => {
  expect(originOf(`${funcs} 1`).kubernetesVersion).toBe(version)
})

test.each([
  [
    'runtime.mallocgc @/root/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.22.5.linux-amd64/src/runtime/malloc.go',
    '1.22.5',
  ],
  ['runtime.mallocgc @/usr/local/go1.19/src/runtime/malloc.go', '1.19'],
  ['runtime.mallocgc @/usr/local/go/src/runtime/malloc.go', null],
  ['runtime.mallocgcSmallScanNoHeaderSC5', '>=1.26'],
  ['runtime.runtimer', '1.14-1.22'],
  ['runtime.timerproc', '<=1.13'],
])('%s is of Go %s', (func, version) => {
  expect(originOf(`${func} 1`).goVersion).toBe(version)
})

test.each([
  ['github.com/coreos/etcd/mvcc.(*store).Read', '<=3.3'],
  ['go.etcd.io/etcd/mvcc.(*storeTxnRead).rangeKeys', '3.4'],
  ['go.etcd.io/etcd/etcdserver/api/v3rpc.(*watchServer).Watch', '3.4'],
  ['go.etcd.io/etcd/server/v3/etcdserver/api/v3rpc.(*watchServer).Watch', '>=3.5'],
  ['go.etcd.io/etcd/server/v3/mvcc.(*storeTxnRead).rangeKeys', '3.5'],
  ['go.etcd.io/etcd/server/v3/storage/mvcc.(*storeTxnRead).rangeKeys', '>=3.6'],
])('etcd with %s is %s', (func, version) => {
  expect(originOf(`${func} 1`, '/usr/bin/etcd').etcdVersion).toBe(version)
})

test('the raft library tells etcd 3.5 from 3.6', () => {
  const server = 'go.etcd.io/etcd/server/v3/etcdserver.(*raftNode).start 1\n'
  const versions = [
    'go.etcd.io/etcd/raft/v3.(*node).run 1',
    'go.etcd.io/raft/v3.(*node).run 1',
  ].map((raft) => originOf(server + raft).etcdVersion)
  expect(versions).toEqual(['3.5', '>=3.6'])
})

test('a client of etcd says nothing of the version of its server', () => {
  const stacks = `k8s.io/kubernetes/cmd/kube-apiserver/app.Run 1
go.etcd.io/etcd/client/v3.(*Client).Get 1
go.etcd.io/etcd/raft/v3.(*node).run 1`
  expect(originOf(stacks)).toMatchObject({ component: 'kube-apiserver', etcdVersion: null })
})

test('functions that contradict each other give no version', () => {
  const both = 'runtime.timerproc 1\nruntime.gcDrainMarkWorkerIdle 1'
  expect(originOf(both).goVersion).toBeNull()
})

function originOf(folded: string, mappingFile = '/bin/x') {
  const profile: Profile = profileFromFolded(folded, cpu, { mappingFile })
  return inferOrigin(profile)
}
