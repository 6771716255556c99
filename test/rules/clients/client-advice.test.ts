import { expect, test } from 'vitest'
import { type Pages, saidTo, type Server } from '../said-to-server.ts'

const CR = 'sigs.k8s.io/controller-runtime/pkg'
const LIMITER =
  'k8s.io/client-go/rest.(*Request).tryThrottleWithInfo; k8s.io/client-go/util/flowcontrol.(*tokenBucketRateLimiter).Wait'
const RECONCILES = `${CR}/internal/controller.(*Controller).reconcileHandler`
const PATCHES = `${RECONCILES}; main.(*owner).Reconcile; ${CR}/client.(*client).Patch; ${LIMITER} 4`
const READS = `${RECONCILES}; main.(*pods).Reconcile; ${CR}/client.(*client).Get; ${LIMITER} 4`
const JOINS = 'main.key; runtime.concatstring3; runtime.concatstrings'
const ASKS = `${RECONCILES}; main.(*pods).Reconcile; net/http.(*Client).do 4`
const ANSWERS = `${CR}/webhook/admission.(*Webhook).Handle; main.validate; ${CR}/client.(*client).Get; ${LIMITER} 60`

/** Of each controller: reconciles in ten seconds, and keys added. */
const controllers = (each: Readonly<Record<string, readonly [number, number]>>): Pages =>
  Object.fromEntries(
    Object.entries(each).flatMap(([name, [done, added]]) => [
      [`controller_runtime_reconcile_total{controller="${name}",result="success"}`, [0, done]],
      [`workqueue_adds_total{name="${name}"}`, [0, added]],
      [`workqueue_depth{name="${name}"}`, [4, 5]],
    ]),
  )
const WORKERS: Pages = {
  'controller_runtime_active_workers{controller="pods"}': [4, 4],
  'controller_runtime_max_concurrent_reconciles{controller="pods"}': [4, 4],
}
const patched = (count: number): Pages => ({
  'rest_client_requests_total{code="200",method="PATCH"}': [0, count],
})
const keys = (name: string, [before, after]: readonly [number, number]): Pages => ({
  [`workqueue_depth{name="${name}"}`]: [before, after],
})
const reconcilesOf = (seconds: number, count: number): Pages => ({
  'controller_runtime_reconcile_time_seconds_sum{controller="pods"}': [0, seconds],
  'controller_runtime_reconcile_time_seconds_count{controller="pods"}': [0, count],
})

const operator: Server = {
  rule: 'client.throttled',
  component: 'operator',
  reads: 'goroutine',
  minor: 30,
  stacks: PATCHES,
}

/** Jobs of one controller that wait for the limiter, half a second or more each. */
const jobs = (sent: number, depths: readonly [number, number]): Server => ({
  rule: 'client.throttled',
  component: 'kube-controller-manager',
  reads: 'goroutine',
  stacks: `k8s.io/kubernetes/pkg/controller/job.(*Controller).worker; k8s.io/client-go/kubernetes/typed/core/v1.(*pods).Create; ${LIMITER} 5`,
  pages: {
    ...keys('job', depths),
    'rest_client_rate_limiter_duration_seconds_sum{verb="POST"}': [0, sent],
    'rest_client_rate_limiter_duration_seconds_count{verb="POST"}': [0, sent],
  },
})

test.each<[string, Server, RegExp, RegExp]>([
  [
    'a limit below the default',
    jobs(52, [295, 290]),
    /so it is set lower/,
    /raise --kube-api-qps and/,
  ],
  ['the default limit', jobs(200, [295, 290]), /raise --kube-api-qps and/, /set lower/],
  ['a burst that the limit stretches', jobs(52, [0, 290]), /raise --kube-api-qps and/, /set lower/],
  [
    'two controllers that are woken by each write',
    {
      ...operator,
      pages: { ...controllers({ a: [160, 161], b: [175, 174] }), ...patched(196) },
    },
    /wakes several of its controllers/,
    /Where its own updates start it again|raise the limit|Writes are/,
  ],
  [
    'two such controllers beside one that rests, at five requests a second',
    {
      ...operator,
      pages: { ...controllers({ a: [42, 42], b: [43, 43], c: [1, 1] }), ...patched(50) },
    },
    /wakes several of its controllers/,
    /raise the limit/,
  ],
  [
    'two controllers that each wake themselves',
    {
      ...operator,
      pages: { ...controllers({ a: [160, 161], b: [175, 174] }), ...patched(330) },
    },
    /Its own updates start it again/,
    /wakes several/,
  ],
  [
    'two controllers, one of which hardly works',
    {
      ...operator,
      pages: { ...controllers({ a: [160, 161], b: [9, 9] }), ...patched(80) },
    },
    /Where its own updates start it again/,
    /wakes several/,
  ],
  [
    'keys that come again without a write',
    {
      ...operator,
      stacks: READS,
      pages: { ...controllers({ pods: [50, 47] }), ...keys('pods', [1997, 1992]) },
    },
    /SyncPeriod/,
    /raise the limit/,
  ],
  [
    'a queue that is worked off',
    {
      ...operator,
      stacks: READS,
      pages: { ...controllers({ pods: [50, 12] }), ...keys('pods', [1997, 1959]) },
    },
    /raise the limit/,
    /SyncPeriod/,
  ],
  [
    'reconciles that take less than what the log line tells',
    { ...operator, stacks: READS, pages: reconcilesOf(40, 50) },
    /see their stacks/,
    /Waited for|log line/,
  ],
  [
    'reconciles that take longer',
    { ...operator, stacks: READS, pages: reconcilesOf(140, 50) },
    /log line[^]*Waited for/,
    /admission webhook/,
  ],
  [
    'answers of a webhook',
    {
      ...operator,
      stacks: ANSWERS,
      pages: { 'controller_runtime_webhook_requests_in_flight{webhook="/v"}': [60, 60] },
    },
    /100% of them are answers of its admission webhook[^]*GetAPIReader/,
    /The log line/,
  ],
  [
    'keys that come again without a write, while another server is asked',
    {
      ...operator,
      rule: 'client.reconcile-backlog',
      stacks: ASKS,
      pages: { ...controllers({ pods: [50, 47] }), ...keys('pods', [1997, 1992]), ...WORKERS },
    },
    /SyncPeriod/,
    /MaxConcurrentReconciles/,
  ],
  [
    'a queue that is worked off, while another server is asked',
    {
      ...operator,
      rule: 'client.reconcile-backlog',
      stacks: ASKS,
      pages: { ...controllers({ pods: [50, 12] }), ...keys('pods', [1997, 1959]), ...WORKERS },
    },
    /MaxConcurrentReconciles/,
    /SyncPeriod/,
  ],
  [
    'creations that a quota refuses',
    {
      ...operator,
      component: 'kube-controller-manager',
      pages: {
        'rest_client_requests_total{code="403",method="POST"}': [0, 169],
        'rest_client_requests_total{code="201",method="POST"}': [0, 158],
      },
    },
    /Many creations are refused[^]*FailedCreate/,
    /admission webhook/,
  ],
  [
    'creations of what is there already',
    {
      ...operator,
      component: 'kube-controller-manager',
      pages: {
        'rest_client_requests_total{code="409",method="POST"}': [0, 169],
        'rest_client_requests_total{code="201",method="POST"}': [0, 158],
      },
    },
    /kube-api-qps/,
    /refused/,
  ],
  [
    'short texts that are joined',
    {
      ...operator,
      rule: 'runtime.text-built-again',
      reads: 'cpu',
      stacks: `${JOINS}; runtime.mallocgc 250\n${JOINS}; runtime.memmove 150`,
    },
    /io[.]WriteString/,
    /strings[.]Builder/,
  ],
  [
    'a long text that grows',
    {
      ...operator,
      rule: 'runtime.text-built-again',
      reads: 'cpu',
      stacks: `${JOINS}; runtime.mallocgc 150\n${JOINS}; runtime.memmove 250`,
    },
    /strings[.]Builder/,
    /io[.]WriteString/,
  ],
])('%s: the advice is for that', (_name, server, said, unsaid) => {
  const text = saidTo(server)
  expect(text).toMatch(said)
  expect(text).not.toMatch(unsaid)
})

const ofPlugin = (runs: number, answers: Pages) =>
  saidTo({
    rule: 'client.exec-credential',
    component: 'client',
    reads: 'goroutine',
    stacks: 'k8s.io/client-go/plugin/pkg/client/auth/exec.(*Authenticator).getCreds 30',
    pages: { 'rest_client_exec_plugin_call_total{call_status="no_error"}': [0, runs], ...answers },
  })
const answersOf = (code: number, count: number): Pages => ({
  [`rest_client_requests_total{code="${code}",method="GET"}`]: [0, count],
})

test('a plugin that runs for each request is said to return what has expired', () => {
  expect(ofPlugin(17, answersOf(200, 17))).toMatch(
    /\nThe plugin runs for nearly each[^]*Time the plugin/,
  )
  expect(ofPlugin(17, answersOf(200, 170))).not.toMatch(/for nearly each/)
  expect(ofPlugin(17, answersOf(401, 17))).not.toMatch(/for nearly each/)
  expect(ofPlugin(1, answersOf(200, 1))).not.toMatch(/for nearly each/)
})
