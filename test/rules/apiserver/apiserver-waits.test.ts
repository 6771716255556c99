import { expect, test } from 'vitest'
import { type Pages, saidTo } from '../said-to-server.ts'

const AS = 'k8s.io/apiserver/pkg'
const HOOK = `${AS}/admission/plugin/webhook/validating.(*validatingDispatcher).callHook; k8s.io/client-go/rest.(*Request).Do; runtime.selectgo 60`

/** Calls of a webhook within ten seconds, and how long all of them took. */
const calls = (count: number, seconds: number): Pages => ({
  'apiserver_admission_webhook_admission_duration_seconds_sum{name="a"}': [0, seconds],
  'apiserver_admission_webhook_admission_duration_seconds_count{name="a"}': [0, count],
  'apiserver_admission_webhook_request_total{name="a"}': [0, count],
})

const ofHook = (pages: Pages) =>
  saidTo({ rule: 'apiserver.webhook-admission.waiting', stacks: HOOK, reads: 'goroutine', pages })

const gets = (count: number): Pages => ({
  'apiserver_request_total{resource="serviceaccounts",verb="GET"}': [0, count],
})

test('a webhook that answers five calls a second and reads as often has a limiter', () => {
  expect(ofHook({ ...calls(50, 565), ...gets(51) })).toMatch(/a limit is what holds it up/)
  expect(ofHook({ ...calls(37, 420), ...gets(37) })).not.toMatch(/a limit is what holds it up/)
})

test('sixty clients that wait three seconds each make a round rate without a limiter', () => {
  expect(ofHook({ ...calls(200, 600), ...gets(2000) })).not.toMatch(/a limit is what holds it up/)
  expect(ofHook({ ...calls(200, 600), ...gets(2000) })).toMatch(/why the webhook answers late/)
})

test('a webhook that takes longer than ten seconds has a time-out of its own', () => {
  expect(ofHook(calls(50, 565))).toMatch(/timeoutSeconds is above the 10/)
  expect(ofHook(calls(50, 100))).not.toMatch(/timeoutSeconds is above the 10/)
})

const beside = (count: number, seconds: number): Pages => ({
  'apiserver_admission_webhook_admission_duration_seconds_sum{name="b"}': [0, seconds],
  'apiserver_admission_webhook_admission_duration_seconds_count{name="b"}': [0, count],
  'apiserver_admission_webhook_request_total{name="b"}': [0, count],
})

test('a slow webhook is found beside one that is asked often and answers at once', () => {
  const both = { ...calls(100, 200), ...beside(6000, 30) }
  expect(ofHook(both)).not.toMatch(/write less/)
  expect(ofHook(both)).toMatch(/why the webhook answers late/)
  expect(ofHook({ ...calls(9000, 180), ...beside(9000, 90) })).toMatch(/write less/)
  const failing = {
    ...calls(100, 1000),
    ...beside(6000, 30),
    'apiserver_admission_webhook_fail_open_count{name="a"}': [0, 100] as const,
  }
  expect(ofHook(failing)).toMatch(/fail and are let through/)
  expect(ofHook(failing)).not.toMatch(/why the webhook answers late/)
})

const leases = (count: number): Pages => ({
  'apiserver_request_total{resource="leases",verb="PATCH"}': [0, count],
})

test('a webhook that is called for Leases is told to leave them out', () => {
  expect(ofHook({ ...calls(550, 500), ...leases(553) })).toMatch(/coordination\.k8s\.io/)
  expect(ofHook({ ...calls(550, 500), ...leases(100) })).not.toMatch(/coordination\.k8s\.io/)
})

test('a cache of keys that holds them all is not to be larger', () => {
  const decrypts = `${AS}/storage/value/encrypt/envelope.(*envelopeTransformer).TransformFromStorage; ${AS}/storage/value/encrypt/envelope.(*gRPCService).Decrypt; google.golang.org/grpc.(*ClientConn).Invoke 50`
  const ofKeys = (misses: number) =>
    saidTo({
      rule: 'apiserver.kms.waiting',
      stacks: `${AS}/storage/etcd3.(*store).GetList; ${decrypts}`,
      reads: 'goroutine',
      pages: {
        'apiserver_storage_transformation_operations_total{transformation_type="from_storage"}': [
          0, 23_142,
        ],
        apiserver_storage_envelope_transformation_cache_misses_total: [0, misses],
      },
    })
  expect(ofKeys(22_351)).toMatch(/cachesize/)
  expect(ofKeys(22_351)).toMatch(/apiVersion: v2/)
  expect(ofKeys(100)).not.toMatch(/cachesize/)
})

test('who tries a label out is told so, and who writes it otherwise', () => {
  const evaluates =
    'k8s.io/pod-security-admission/admission.(*Admission).EvaluatePodsInNamespace 700'
  const ofLabel = (dryRun: string) =>
    saidTo({
      rule: 'apiserver.pod-security',
      stacks: evaluates,
      pages: {
        [`apiserver_request_total{resource="namespaces",verb="PATCH",dry_run="${dryRun}"}`]: [
          0, 254,
        ],
      },
    })
  expect(ofLabel('All')).toMatch(/tries the label out/)
  expect(ofLabel('All')).not.toMatch(/two programs that undo/)
  expect(ofLabel('')).toMatch(/two programs that undo/)
  expect(ofLabel('')).not.toMatch(/tries the label out/)
})

const GETS = `${AS}/storage/etcd3.(*store).Get; go.etcd.io/etcd/client/v3.(*kv).Get 60`
const REGISTRY = `${AS}/registry/generic/registry`

/** Reads of etcd that ended within ten seconds, and how long all of them took. */
const reads = (count: number, seconds: number): Pages => ({
  'etcd_request_duration_seconds_sum{operation="get"}': [0, seconds],
  'etcd_request_duration_seconds_count{operation="get"}': [0, count],
})

const ofEtcd = (stacks: string, pages: Pages) =>
  saidTo({ rule: 'apiserver.etcd-wait', stacks, reads: 'goroutine', pages })

test('a read before a write is not to come from the watch cache', () => {
  const fromHandler = ofEtcd(`${AS}/endpoints/handlers.getResourceHandler.func1; ${GETS}`, {})
  expect(fromHandler).toMatch(/GET objects by name/)
  expect(fromHandler).not.toMatch(/Reads that come before a write/)
  for (const writer of [
    `${REGISTRY}.(*DryRunnableStorage).Create`,
    `${AS}/endpoints/handlers.CreateResource.createHandler.func1.1`,
    `${AS}/endpoints/handlers.DeleteResource.func1`,
  ]) {
    const beforeWrite = ofEtcd(`${writer}; ${GETS}`, {})
    expect(beforeWrite).toMatch(/Reads that come before a write are 100% of them/)
    expect(beforeWrite).not.toMatch(/GET objects by name/)
  }
})

test('an etcd that answers next to nothing is asked whether it answers at all', () => {
  expect(ofEtcd(GETS, reads(4, 42))).toMatch(/see first whether etcd answers at all/)
  expect(ofEtcd(GETS, reads(4, 42))).toMatch(/etcdctl endpoint status/)
  expect(ofEtcd(GETS, reads(900, 450))).not.toMatch(/answers at all|endpoint status/)
})

test('new watches that name no version are told first, and the CPU of etcd once', () => {
  const asks = `${AS}/storage/cacher.(*Cacher).Watch; ${AS}/storage/cacher.(*Cacher).getWatchCacheResourceVersion; ${AS}/storage/etcd3.(*store).GetList; go.etcd.io/etcd/client/v3.(*kv).Do 60`
  const told = ofEtcd(asks, {
    ...reads(900, 540),
    'etcd_request_duration_seconds_sum{operation="update"}': [0, 42],
    'etcd_request_duration_seconds_count{operation="update"}': [0, 100],
  })
  expect(told).toMatch(/New watches that name no resourceVersion[^]*Reads take as long as writes/)
  expect(told.match(/CPU of etcd in the same minute/g)).toHaveLength(1)
  expect(told).toMatch(/ss -tin/)
})
