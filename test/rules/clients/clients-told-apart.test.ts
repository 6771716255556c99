import { expect, test } from 'vitest'
import { type Server, saidTo } from '../said-to-server.ts'

const LIMIT =
  'k8s.io/client-go/rest.(*Request).tryThrottleWithInfo; k8s.io/client-go/util/flowcontrol.(*tokenBucketRateLimiter).Wait'
const PODS = 'k8s.io/client-go/kubernetes/typed/core/v1.(*pods)'
const HANDLER =
  'sigs.k8s.io/controller-runtime/pkg/internal/controller.(*Controller[...]).reconcileHandler'

const limited = (caller: string, component = 'shop'): Server => ({
  rule: 'client.throttled',
  component,
  reads: 'goroutine',
  stacks: `${caller}; ${LIMIT} 30`,
})

const reconciles = (done: number, added: number, result = 'success'): Server => ({
  ...limited(`${HANDLER}; sigs.k8s.io/controller-runtime/pkg/client.(*client).Patch`),
  pages: {
    [`controller_runtime_reconcile_total{result="${result}"}`]: [100, 100 + done],
    'rest_client_requests_total{code="200",method="PATCH"}': [100, 100 + done],
    'workqueue_adds_total{name="pods"}': [900, 900 + added],
    'workqueue_depth{name="pods"}': [700, 700 - done + added],
  },
})

const failed = (code: number, method: string): Server => ({
  rule: 'client.reconcile-errors',
  component: 'shop',
  reads: 'goroutine',
  stacks:
    'sigs.k8s.io/controller-runtime/pkg/internal/controller.(*Controller).processNextWorkItem 3',
  pages: {
    'controller_runtime_reconcile_total{result="error"}': [400, 540],
    [`rest_client_requests_total{code="${code}",method="${method}"}`]: [400, 540],
  },
})

const retries = (pages: Server['pages'] = {}): Server => ({
  rule: 'client.reflector-retry',
  component: 'shop',
  reads: 'goroutine',
  pages,
  stacks:
    'k8s.io/client-go/tools/cache.(*Reflector).Run; k8s.io/apimachinery/pkg/util/wait.BackoffUntil; runtime.selectgo 7',
})

test.each<[string, Server, RegExp, RegExp]>([
  [
    'polls in front of the limiter',
    limited(`k8s.io/apimachinery/pkg/util/wait.PollUntilContextTimeout; ${PODS}.Get`),
    /Polls are 100%.*UntilWithSync/,
    /Reads are|raise the limit/,
  ],
  [
    'single objects in front of the limiter',
    limited(`main.report; ${PODS}.Get`),
    /Reads are 100%[^]*raise the limit/,
    /Polls are|several lists/,
  ],
  ['lists', limited(`main.report; ${PODS}.List`), /several lists of one kind/, /Polls are/],
  ['updates', limited(`main.label; ${PODS}.Update`), /Writes are 100%/, /Reads are/],
  [
    'objects that are removed',
    limited(`main.clean; ${PODS}.Delete`),
    /raise the limit/,
    /Writes are/,
  ],
  [
    'Events of the kubelet',
    limited(`k8s.io/client-go/tools/record.recordEvent; ${PODS}.Create`, 'kubelet'),
    /Events are 100%.*eventRecordQPS/,
    /kubeAPIQPS/,
  ],
  [
    'statuses of the kubelet',
    limited(`k8s.io/kubernetes/pkg/kubelet/status.(*manager).syncBatch; ${PODS}.Patch`, 'kubelet'),
    /kubeAPIQPS/,
    /eventRecordQPS/,
  ],
  ['keys that come for each write', reconciles(300, 300), /start it again/, /ask to be called/],
  [
    'a wave, of which no write brings a key',
    reconciles(300, 20),
    /raise the limit/,
    /Where its own updates start it again/,
  ],
  [
    'reconciles that ask to be called again',
    reconciles(300, 300, 'requeue_after'),
    /Nearly all reconciles ask to be called again/,
    /Updates of reconciles/,
  ],
  ['a read without the right', failed(403, 'GET'), /refused by RBAC/, /exceeded quota/],
  ['a write that a quota refuses', failed(403, 'POST'), /exceeded quota/, /refused by RBAC/],
  ['a token that has expired', failed(401, 'GET'), /answer is 401/, /not ready yet|RBAC/],
  ['a webhook that is gone', failed(500, 'POST'), /failed calling webhook/, /not ready yet/],
  ['nothing that was refused', failed(200, 'GET'), /not ready yet/, /webhook|RBAC|401/],
  ['informers without counters', retries(), /By what the log says/, /If it says not found/],
  [
    'informers that are refused',
    retries({ 'rest_client_requests_total{code="403",method="GET"}': [2, 40] }),
    /If the log says forbidden/,
    /By what the log says|not found|429/,
  ],
  [
    'informers whose token has expired',
    retries({ 'rest_client_requests_total{code="401",method="GET"}': [2, 40] }),
    /says Unauthorized/,
    /forbidden|429/,
  ],
])('%s: what the client is advised', (_name, server, said, unsaid) => {
  const advice = saidTo(server).replace(/\{"what".*$/gm, '')
  expect(advice).toMatch(said)
  expect(advice).not.toMatch(unsaid)
})

const informers = (root: string, kind: string): Server => ({
  rule: 'client.informer-memory',
  component: 'shop',
  reads: 'inuse_space',
  stacks: `k8s.io/client-go/tools/cache.(*Reflector).list; ${kind} 320000000
k8s.io/client-go/tools/cache.(*Reflector).list; k8s.io/apimachinery/pkg/apis/meta/v1/unstructured.unstructuredJSONScheme.Decode 320000000
${root} 4000000`,
})

test('forms of one kind are for a program with the cache of controller-runtime', () => {
  const pods = 'k8s.io/api/core/v1.(*PodList).Unmarshal'
  const manager = saidTo(informers('sigs.k8s.io/controller-runtime/pkg/cache.New', pods))
  expect(manager).toMatch(/in several forms[^]*ByObject/)
  expect(manager).not.toMatch(/SetTransform|OnlyMetadata/)
  const factory = saidTo(informers('main.main', pods))
  expect(factory).toMatch(/SetTransform/)
  expect(factory).not.toMatch(/in several forms|ByObject/)
})

const waits = (queued: number): Server => ({
  rule: 'client.reconcile-backlog',
  component: 'shop',
  reads: 'goroutine',
  stacks: `${HANDLER}; main.(*reconciler).Reconcile; runtime.gopark 4`,
  pages: {
    'controller_runtime_reconcile_total{result="success"}': [100, 400],
    'rest_client_requests_total{code="200",method="PUT"}': [100, 400],
    workqueue_adds_total: [900, 1200 + queued],
    workqueue_depth: [300, 300 + queued],
    controller_runtime_active_workers: [4, 4],
    controller_runtime_max_concurrent_reconciles: [4, 4],
  },
})

test('more reconciles at once are not advised to those that start themselves again', () => {
  expect(saidTo(waits(0))).toMatch(/Where its own updates start it again/)
  expect(saidTo(waits(0))).not.toMatch(/raise MaxConcurrentReconciles/)
  expect(saidTo(waits(90))).toMatch(/raise MaxConcurrentReconciles/)
})

const writes = (method: string, seconds: number): Server => ({
  rule: 'client.reconcile-backlog',
  component: 'shop',
  reads: 'goroutine',
  stacks: `${HANDLER}; sigs.k8s.io/controller-runtime/pkg/client.(*typedClient).Patch; k8s.io/client-go/rest.(*Request).Do; net/http.(*Client).do; runtime.gopark 1`,
  pages: {
    'controller_runtime_reconcile_total{result="requeue_after"}': [30, 60],
    [`rest_client_requests_total{code="200",method="${method}"}`]: [30, 60],
    controller_runtime_reconcile_time_seconds_sum: [10, 10 + seconds],
    controller_runtime_reconcile_time_seconds_count: [30, 60],
    workqueue_adds_total: [390, 420],
    workqueue_depth: [360, 360],
    controller_runtime_active_workers: [1, 1],
    controller_runtime_max_concurrent_reconciles: [1, 1],
  },
})

test('writes that are answered late are told to look for webhooks, patches too', () => {
  for (const method of ['PATCH', 'PUT'])
    expect(saidTo(writes(method, 10))).toMatch(/validating or mutating webhook/)
  expect(saidTo(writes('PATCH', 10))).not.toMatch(/ask to be called again/)
  expect(saidTo(writes('PATCH', 2))).not.toMatch(/validating or mutating webhook/)
})
