import { expect, test } from 'vitest'
import { type Pages, saidTo } from './said-to-server.ts'

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

test('a webhook that answers five calls a second, however many wait, has a limiter', () => {
  expect(ofHook(calls(50, 565))).toMatch(/a limit is what holds it up/)
  expect(ofHook(calls(37, 420))).not.toMatch(/a limit is what holds it up/)
})

test('a webhook that takes longer than ten seconds has a time-out of its own', () => {
  expect(ofHook(calls(50, 565))).toMatch(/timeoutSeconds is above the 10/)
  expect(ofHook(calls(50, 565))).not.toMatch(/above its average answer/)
  expect(ofHook(calls(50, 100))).toMatch(/above its average answer/)
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
        apiserver_storage_transformation_operations_total: [0, 23_142],
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
