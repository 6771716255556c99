import { expect, test } from 'vitest'
import { diagnose } from '../../../diagnosis/index.ts'
import { loadRules } from '../../../judge/index.ts'
import { profileFromFolded } from '../../../profile/index.ts'
import { saidTo } from '../said-to-server.ts'

const { ruleSet } = await loadRules()
const FLOW = 'k8s.io/apiserver/pkg/util/flowcontrol.(*configController).startRequest'

function loggingOf(logger: string): string {
  return saidTo({ rule: 'any.logging', stacks: `${FLOW}; k8s.io/klog/v2.${logger} 100` })
}

test('lines that come from a high verbosity alone show that it is high, whatever --v says', () => {
  const said = loggingOf('Verbose.Infof')
  expect(said).toMatch(/so it runs above -v=2, whatever its flags say/)
  expect(said).toMatch(/PUT --data 2/)
  expect(said).not.toMatch(/-v=2 or less|If it runs above/)
})

test('of errors the level is not known', () => {
  const said = loggingOf('Errorf')
  expect(said).toMatch(/If it runs at -v=2 or less/)
  expect(said).toMatch(/If it runs above -v=2 \(below\): lower it now/)
  expect(said).not.toMatch(/so it runs above/)
})

function cachedBy(component: string, kind: string): string {
  const reflector = 'k8s.io/client-go/tools/cache.(*Reflector).list'
  return saidTo({
    rule: 'client.informer-memory',
    component,
    reads: 'inuse_space',
    stacks: `${reflector}; k8s.io/api/core/v1.(*${kind}List).Unmarshal 700000000`,
  })
}

test('a component whose cache is ConfigMaps is told of these, not of pods', () => {
  const said = cachedBy('kube-controller-manager', 'ConfigMap')
  expect(said).toMatch(/Secrets and ConfigMaps are 100% of it\. Where they hold documents/)
  expect(said).not.toMatch(/clean finished Jobs/)
})

test('one whose cache is pods is told of pods', () => {
  const said = cachedBy('kube-controller-manager', 'Pod')
  expect(said).toMatch(/clean finished Jobs and pods/)
  expect(said).not.toMatch(/documents/)
})

function waitsOf(durationNs: bigint): string {
  const block = profileFromFolded('main.(*board).digest; sync.(*Mutex).Lock 5000 90000000000', [
    { type: 'contentions', unit: 'count' },
    { type: 'delay', unit: 'nanoseconds' },
  ])
  return diagnose([{ path: 'block.pb.gz', profile: { ...block, durationNs } }], ruleSet, {
    language: 'en',
  })
    .findings.filter(({ rule }) => rule === 'runtime.lock-held')
    .map(({ meaning }) => meaning)
    .join('\n')
}

test('how many wait for a lock is left out where the profile does not say how long it took', () => {
  expect(waitsOf(0n)).toMatch(/^Goroutines wait for a lock in main\.\(\*board\)\. A goroutine/)
})

test('how many wait for a lock is said of a profile with a duration', () => {
  expect(waitsOf(10_000_000_000n)).toMatch(/a lock in main\.\(\*board\): 9\.0* on average\./)
})

const LIST = 'k8s.io/apiserver/pkg/endpoints/handlers.ListResource.func1'

function listsThatHold(frame: string): string {
  return saidTo({
    rule: 'apiserver.list-inflight-memory',
    reads: 'inuse_space',
    stacks: `${LIST}; k8s.io/apiserver/pkg/${frame} 2500000000`,
    minor: 30,
  })
}

test('lists that hold encoded answers alone come from the cache, so none is looked for in etcd', () => {
  const encoded = listsThatHold('endpoints/handlers/responsewriters.SerializeObject')
  expect(encoded).toMatch(/read from etcd: in servers up to 1\.30 all of them/)
  expect(encoded).not.toMatch(/apiserver_storage_list_fetched_objects_total/)
})

test('those that hold what was read from etcd are looked for there', () => {
  const read = listsThatHold('storage/etcd3.(*store).GetList')
  expect(read).toMatch(/apiserver_storage_list_fetched_objects_total/)
})

function collectorBeside(stacks: string, allocated: string): string {
  const cpu = profileFromFolded(`runtime.gcBgMarkWorker 6000000000\n${stacks}`, [
    { type: 'cpu', unit: 'nanoseconds' },
  ])
  const heap = profileFromFolded(`main.serve; ${allocated} 3000000000`, [
    { type: 'alloc_space', unit: 'bytes' },
  ])
  const inputs = [
    { path: 'cpu.pb.gz', profile: { ...cpu, durationNs: 10_000_000_000n } },
    { path: 'heap.pb.gz', profile: heap },
  ]
  return diagnose(inputs, ruleSet, { language: 'en' })
    .findings.filter(({ rule }) => rule === 'runtime.gc-share')
    .flatMap(({ evidence }) => evidence.map(({ text }) => text))
    .join('\n')
}

test('who allocated most since the start is said where the CPU profile shows that it still works', () => {
  const said = collectorBeside('main.serve; main.decode 4000000000', 'main.decode')
  expect(said).toMatch(/Most is allocated in main\.decode/)
})

test('who allocated most long ago is not said', () => {
  const said = collectorBeside('main.serve; main.encode 4000000000', 'main.decode')
  expect(said).toMatch(/of it/)
  expect(said).not.toMatch(/Most is allocated/)
})

test.each([
  ['go.etcd.io/raft/v3', /--snapshot-catchup-entries/, /--snapshot-count is larger/],
  ['go.etcd.io/etcd/raft/v3', /--snapshot-count is larger/, /--snapshot-catchup-entries/],
])('etcd with the raft log of %s is advised for its own version', (raft, right, wrong) => {
  const said = saidTo({
    rule: 'etcd.raft-memory',
    component: 'etcd',
    reads: 'inuse_space',
    stacks: `go.etcd.io/etcd/server/v3/etcdserver.(*raftNode).start; ${raft}.(*MemoryStorage).Append 5000000000`,
  })
  expect(said).toMatch(right)
  expect(said).not.toMatch(wrong)
})

test('bytes are not told as a number of connections or of broadcasters', () => {
  const heap = { component: 'shop', reads: 'inuse_space' } as const
  const connections = saidTo({
    ...heap,
    rule: 'client.grpc-connection-leak',
    stacks: 'google.golang.org/grpc/internal/transport.newHTTP2Client 90000000',
  })
  expect(connections).toMatch(/^A client makes its own connection/m)
  const broadcasters = saidTo({
    ...heap,
    rule: 'client.event-broadcaster-leak',
    stacks: 'k8s.io/client-go/tools/record.NewBroadcaster 90000000',
  })
  expect(broadcasters).toMatch(/^A process needs one for each source of events/m)
})
