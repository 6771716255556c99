import { expect, test } from 'vitest'
import { type Pages, saidTo } from '../said-to-server.ts'

const WORKER =
  'sigs.k8s.io/controller-runtime/pkg/internal/controller.(*Controller).processNextWorkItem'
const failed: Pages = { 'controller_runtime_reconcile_total{result="error"}': [400, 540] }

const ofReconciles = (method: string, code: number, answers: number) =>
  saidTo({
    rule: 'client.reconcile-errors',
    component: 'shop',
    reads: 'goroutine',
    stacks: `${WORKER} 3`,
    pages: {
      ...failed,
      [`rest_client_requests_total{code="${code}",method="${method}"}`]: [400, 400 + answers],
    },
  })

test.each([
  ['PATCH', 422, /refused as invalid.*reconcile\.TerminalError/],
  ['GET', 403, /refused by RBAC.*add it to its Role/],
  ['PUT', 409, /refused with a conflict.*retry\.RetryOnConflict/],
])(
  'reconciles that fail by a %s which is answered %d are told what helps',
  (method, code, told) => {
    const said = ofReconciles(method, code, 140)
    expect(said).toMatch(told)
    expect(said).not.toMatch(/not ready yet/)
    expect(ofReconciles(method, code, 70)).not.toMatch(told)
    expect(ofReconciles(method, code, 70)).toMatch(/not ready yet/)
  },
)

const PREEMPTION =
  'k8s.io/kubernetes/pkg/scheduler/framework/preemption.(*Evaluator).DryRunPreemption'

const ofPreemption = (victims: number, tried: number, nodes: number) =>
  saidTo({
    rule: 'scheduler.preemption',
    component: 'kube-scheduler',
    stacks: `${PREEMPTION} 400`,
    pages: {
      scheduler_preemption_victims_count: [0, victims],
      scheduler_preemption_attempts_total: [0, tried],
      'scheduler_cache_size{type="nodes"}': [nodes, nodes],
    },
  })

test('a bound of the search for victims helps where victims are found, among many nodes', () => {
  expect(ofPreemption(900, 1000, 2000)).toMatch(/minCandidateNodesAbsolute/)
  expect(ofPreemption(900, 1000, 100)).not.toMatch(/minCandidateNodesAbsolute/)
  expect(ofPreemption(20, 1000, 2000)).not.toMatch(/minCandidateNodesAbsolute/)
})

test('pods that are tried again and again in vain should be fewer at once', () => {
  expect(ofPreemption(20, 1000, 100)).toMatch(/suspended Jobs/)
  expect(ofPreemption(900, 1000, 100)).not.toMatch(/suspended Jobs/)
})

const SERVER = 'go.etcd.io/etcd/server/v3'
const GRANT = `${SERVER}/etcdserver/apply.(*applierV3backend).LeaseGrant`

const ofLeases = (ttl: number) =>
  saidTo({
    rule: 'etcd.lease-churn',
    component: 'etcd',
    stacks: `${GRANT} 200`,
    pages: {
      etcd_debugging_lease_granted_total: [0, 2000],
      etcd_debugging_lease_ttl_total_sum: [0, 2000 * ttl],
      etcd_debugging_lease_ttl_total_count: [0, 2000],
    },
  })

test('what applies a grant is granting, and leases of seconds are not shared for a minute', () => {
  expect(ofLeases(8)).toMatch(/Granting and revoking are 100%/)
  expect(ofLeases(8)).not.toMatch(/same minute/)
  expect(ofLeases(600)).toMatch(/same minute/)
})

const HPA = 'k8s.io/kubernetes/pkg/controller/podautoscaler.(*HorizontalController).Run'

const ofAutoscalers = (type: string) =>
  saidTo({
    rule: 'kcm.autoscalers-fail',
    component: 'kube-controller-manager',
    reads: 'goroutine',
    stacks: `${HPA} 1`,
    pages: {
      'horizontal_pod_autoscaler_controller_reconciliations_total{error="internal"}': [0, 90],
      'rest_client_requests_total{code="404",method="GET"}': [0, 90],
      [`horizontal_pod_autoscaler_controller_metric_computation_total{metric_type="${type}"}`]: [
        0, 90,
      ],
    },
  })

test('autoscalers that ask an adapter alone are not told of metrics-server', () => {
  expect(ofAutoscalers('External')).toMatch(/install the adapter/)
  expect(ofAutoscalers('External')).not.toMatch(/metrics-server/)
  expect(ofAutoscalers('Resource')).toMatch(/metrics-server/)
})

const JOB = 'k8s.io/kubernetes/pkg/controller/job.(*Controller)'
const LIMITER = 'k8s.io/client-go/rest.(*Request).tryThrottleWithInfo'

const ofJobs = (doing: string) =>
  saidTo({
    rule: 'client.worker-saturation',
    component: 'kube-controller-manager',
    reads: 'goroutine',
    stacks: `${JOB}.worker; ${JOB}.manageJob; ${doing} 5\n${JOB}.manageJob.func5; ${LIMITER} 40`,
  })

test('workers that wait for the pods they make are not on the CPU', () => {
  expect(ofJobs('sync.(*WaitGroup).Wait')).toMatch(/raise --kube-api-qps/)
  expect(ofJobs('sync.(*WaitGroup).Wait')).not.toMatch(/on the CPU/)
})

const QUEUESET = 'k8s.io/apiserver/pkg/util/flowcontrol/fairqueuing/queueset.(*request)'
const HANDLERS = 'k8s.io/apiserver/pkg/endpoints/handlers'
const VALIDATING =
  'k8s.io/apiserver/pkg/admission/plugin/webhook/validating.(*validatingDispatcher).Dispatch'

const ofQueue = (work: string) =>
  saidTo({
    rule: 'apiserver.apf-queue',
    reads: 'goroutine',
    stacks: `${QUEUESET}.wait 61
${QUEUESET}.Finish; ${HANDLERS}/finisher.finishRequest 29
${HANDLERS}/finisher.finishRequest.func1; ${work} 29`,
  })

test('writes that wait for a webhook keep their seats, so more seats are not advised', () => {
  expect(ofQueue(VALIDATING)).toMatch(/29 of 29 do.*mend that first/)
  expect(ofQueue(VALIDATING)).not.toMatch(/nominalConcurrencyShares in its/)
  expect(ofQueue('main.work')).toMatch(/nominalConcurrencyShares in its/)
})

const PATCHER =
  'k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch.(*applyConfigPatcher).Patch'

const ofPolicies = (work: string) =>
  saidTo({ rule: 'apiserver.cel', stacks: `${PATCHER}; ${work} 200`, minor: 36 })

test('what a mutating policy computes is no merging of its patch', () => {
  const merging = /Merging the patches of mutating policies is/
  expect(ofPolicies('sigs.k8s.io/structured-merge-diff/v6/typed.(*mergingWalker).merge')).toMatch(
    merging,
  )
  expect(
    ofPolicies('k8s.io/apiserver/pkg/admission/plugin/cel.(*mutatingEvaluator).ForInput'),
  ).not.toMatch(merging)
})

test('bytes of buffers and handlers that wait are told apart', () => {
  const LISTENER = 'k8s.io/client-go/tools/cache.(*processorListener)'
  const rule = 'client.informer-backlog'
  const buffers = saidTo({
    rule,
    component: 'shop',
    reads: 'inuse_space',
    stacks: `${LISTENER}.pop; k8s.io/utils/buffer.(*RingGrowing).WriteOne 90000000`,
  })
  expect(buffers).toMatch(/are buffers in front of event handlers/)
  expect(buffers).not.toMatch(/handlers wait for the answer/)
  const waiting = saidTo({
    rule,
    component: 'shop',
    reads: 'goroutine',
    stacks: `${LISTENER}.run; main.tell; net/http.(*Client).do 1`,
    pages: { process_resident_memory_bytes: [100e6, 130e6] },
  })
  expect(waiting).toMatch(/1 event handlers wait for the answer/)
  expect(waiting).not.toMatch(/are buffers in front/)
})
