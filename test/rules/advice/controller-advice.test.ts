import { expect, test } from 'vitest'
import { diagnose, profileOfCase, type Reads } from '../../../diagnosis/index.ts'
import { loadRules } from '../../../judge/index.ts'
import { type Pages, saidTo } from '../said-to-server.ts'

const { ruleSet } = await loadRules()

interface Process {
  readonly reads: Reads
  readonly component: string
  readonly kubernetesVersion: string
  readonly stacks: string
  /** What its counters grow by in ten seconds. */
  readonly growth?: Readonly<Record<string, number>>
}

/** What a rule advises for these stacks, while counters grow. */
function remedyOf(rule: string, { reads, stacks, growth = {}, ...process }: Process): string {
  const profile = profileOfCase({ reads, seconds: 10, stacks })
  const page = (factor: number) =>
    Object.entries(growth)
      .map(([name, value]) => `${name} ${value * (name.includes('depth') ? 1 : factor)}\n`)
      .join('') + 'process_start_time_seconds 1\n'
  const cpu = profileOfCase({ reads: 'cpu', seconds: 10, stacks: 'runtime.mcall 5' })
  const inputs = [
    { path: reads, profile, ...process },
    ...(reads === 'cpu' ? [] : [{ path: 'cpu', profile: cpu, ...process }]),
  ]
  return diagnose(inputs, ruleSet, {
    language: 'en',
    metricsBefore: page(1),
    metrics: page(2),
  })
    .findings.filter((finding) => finding.rule === rule)
    .flatMap((finding) => finding.remedy)
    .join('\n')
}

const CONTROLLERS = 'k8s.io/kubernetes/pkg/controller'
const ASKED = 'k8s.io/client-go/rest.(*Request).Do; k8s.io/client-go/rest.(*Request).request'
const NAMESPACES = `${CONTROLLERS}/namespace.(*NamespaceController).worker; ${CONTROLLERS}/namespace/deletion.(*namespacedResourcesDeleter).Delete; ${ASKED}`
const AUTOSCALERS = `${CONTROLLERS}/podautoscaler.(*HorizontalController).worker; ${CONTROLLERS}/podautoscaler/metrics.(*resourceMetricsClient).GetResourceMetric; ${ASKED}`
const DAEMONS = `${CONTROLLERS}/daemon.(*DaemonSetsController).runWorker; ${ASKED}`
const QUEUE = (name: string) => ({
  [`workqueue_depth{name="${name}"}`]: 170,
  [`workqueue_work_duration_seconds_sum{name="${name}"}`]: 200,
  [`workqueue_work_duration_seconds_count{name="${name}"}`]: 100,
})
/** Requests of ten milliseconds, of which so much is the wait for the limiter. */
const requests = (limited: number) => ({
  rest_client_request_duration_seconds_sum: 100,
  rest_client_request_duration_seconds_count: 10_000,
  rest_client_rate_limiter_duration_seconds_sum: limited,
  rest_client_rate_limiter_duration_seconds_count: 10_000,
})

const saidOfWorkers = (stacks: string, growth: Readonly<Record<string, number>> = {}) =>
  remedyOf('client.worker-saturation', {
    reads: 'goroutine',
    component: 'kube-controller-manager',
    kubernetesVersion: '1.30.4',
    stacks,
    growth,
  })

test('a higher limit of requests comes after what ends by itself, where no worker waits for it', () => {
  const remedy = saidOfWorkers(`${NAMESPACES} 10`, { ...QUEUE('namespace'), ...requests(40) })
  expect(remedy).toMatch(/^Requests are answered soon[\s\S]*ends by itself/)
  expect(remedy).toContain('Where it does not end soon enough by itself')
  expect(remedy).not.toContain('before anything else')
  expect(remedy).not.toContain('concurrent')
})

test('a higher limit of requests is not advised where requests hardly wait for it', () => {
  const remedy = saidOfWorkers(`${NAMESPACES} 10`, { ...QUEUE('namespace'), ...requests(10) })
  expect(remedy).not.toContain('--kube-api-qps')
  expect(remedy).toContain('--concurrent-namespace-syncs (10 when unset)')
})

test('a higher limit of requests is not advised where workers wait for a server of metrics', () => {
  const remedy = saidOfWorkers(`${AUTOSCALERS} 5`, {
    ...QUEUE('horizontalpodautoscaler'),
    ...requests(40),
  })
  expect(remedy).not.toContain('--kube-api-qps')
})

test('the flag that gives a controller more workers is named', () => {
  expect(saidOfWorkers(`${AUTOSCALERS} 5`)).toContain(
    '--concurrent-horizontal-pod-autoscaler-syncs',
  )
  const remedy = saidOfWorkers(`${DAEMONS} 5`)
  expect(remedy).toContain('--concurrent-...-syncs of this controller')
  expect(remedy).not.toMatch(/namespace-syncs|autoscaler-syncs/)
})

const COUNTED = `${CONTROLLERS}/resourcequota.(*Controller).syncResourceQuota`
const saidOfQuotas = (growth: Readonly<Record<string, number>>) =>
  remedyOf('kcm.resourcequota', {
    reads: 'cpu',
    component: 'kube-controller-manager',
    kubernetesVersion: '1.30.4',
    stacks: `${COUNTED} 300`,
    growth: { 'workqueue_adds_total{name="resourcequota_primary"}': 330, ...growth },
  })

test('quotas that are counted while nothing is deleted are counted for their period', () => {
  expect(saidOfQuotas({})).toMatch(/^Nothing that quotas count was deleted meanwhile/)
})

test('quotas that are counted for deletions are not said to be counted for their period', () => {
  const remedy = saidOfQuotas({
    'workqueue_adds_total{name="resource_quota_controller_resource_changes"}': 50,
  })
  expect(remedy).not.toContain('was deleted meanwhile')
  expect(remedy).toContain('are deleted all the time')
})

const SYNCED = 'k8s.io/kubernetes/pkg/proxy/iptables.(*Proxier).syncProxyRules'
const REMOVED = `${SYNCED}; k8s.io/kubernetes/pkg/proxy/conntrack.CleanStaleEntries`
/** So many syncs in ten seconds, which take so many seconds together. */
const syncs = (count: number, seconds: number) => ({
  kubeproxy_sync_proxy_rules_duration_seconds_sum: seconds,
  kubeproxy_sync_proxy_rules_duration_seconds_count: count,
})
const saidOfProxy = (
  rule: string,
  stacks: string,
  kubernetesVersion: string,
  growth: Readonly<Record<string, number>>,
) => remedyOf(rule, { reads: 'cpu', component: 'kube-proxy', kubernetesVersion, stacks, growth })

const saidOfSyncs = (version: string, seconds: number) =>
  saidOfProxy('kubeproxy.sync', `${SYNCED} 300`, version, syncs(8, seconds))
const saidOfRemoving = (version: string, seconds: number) =>
  saidOfProxy('kubeproxy.conntrack', `${REMOVED} 300`, version, syncs(3, seconds))

test('syncs of over a second are gathered, and need another mode where iptables-restore is slow', () => {
  expect(saidOfSyncs('1.27.16', 10)).toContain('of several times that')
  expect(saidOfSyncs('1.27.16', 10)).toContain('upgrade to 1.33 or newer and use nftables')
  expect(saidOfSyncs('1.27.16', 4)).not.toMatch(/several times that|nftables/)
  expect(saidOfSyncs('1.35.1', 10)).not.toContain('upgrade to 1.33')
  expect(saidOfSyncs('1.25.1', 10)).not.toContain('several times that')
})

test('stale connections that take a program each are a matter of an upgrade', () => {
  expect(saidOfRemoving('1.29.15', 15)).toContain('go through the table once for all of them')
  expect(saidOfRemoving('1.29.15', 15)).toContain('fewer are gone when it syncs')
  expect(saidOfRemoving('1.29.15', 1)).not.toContain('fewer are gone when it syncs')
  expect(saidOfRemoving('1.33.1', 15)).not.toContain('upgrade')
})

test('containerd is asked by more than the kubelet', () => {
  const remedy = remedyOf('containerd.cri-list', {
    reads: 'cpu',
    component: 'containerd',
    kubernetesVersion: '',
    stacks:
      'github.com/containerd/containerd/pkg/cri/server.(*criService).ListContainers 300\nmain.main 200',
  })
  expect(remedy).toMatch(/^Where more than the kubelet asks/)
})

const KK = 'k8s.io/kubernetes/pkg/controller'
const ofAutoscalers = (reads: Pages, asked: Readonly<Record<string, number>> = { Resource: 140 }) =>
  saidTo({
    rule: 'kcm.autoscalers-fail',
    component: 'kube-controller-manager',
    reads: 'goroutine',
    stacks: `${KK}/podautoscaler.(*HorizontalController).Run; runtime.chanrecv 1`,
    pages: {
      'horizontal_pod_autoscaler_controller_reconciliations_total{error="internal"}': [0, 140],
      ...Object.fromEntries(
        Object.entries(asked).map(([type, count]) => [
          `horizontal_pod_autoscaler_controller_metric_computation_total{metric_type="${type}"}`,
          [0, count] as const,
        ]),
      ),
      ...reads,
    },
  })
const reads = (code: number, count: number): Pages => ({
  [`rest_client_requests_total{code="${code}",method="GET"}`]: [0, count],
})

test('autoscalers whose metrics cannot be read are not told of requests of containers', () => {
  expect(ofAutoscalers(reads(404, 140))).toMatch(/install metrics-server/)
  expect(ofAutoscalers(reads(404, 140))).not.toMatch(/missing request/)
  expect(ofAutoscalers(reads(503, 140))).not.toMatch(/missing request|install metrics-server/)
  expect(ofAutoscalers(reads(200, 280))).toMatch(/missing request/)
  expect(ofAutoscalers(reads(404, 10))).toMatch(/missing request/)
})

test('autoscalers that end before any metric is asked for are told of what they scale', () => {
  const gone = ofAutoscalers(reads(404, 140), {})
  expect(gone).toMatch(/FailedGetScale[^]*scaleTargetRef/)
  expect(gone).not.toMatch(/install|apiservices/)
  expect(ofAutoscalers(reads(404, 140))).not.toMatch(/FailedGetScale|adapter/)
})

test('autoscalers are told of the server of metrics that is asked, and how it answers', () => {
  const custom = ofAutoscalers(reads(404, 140), { Pods: 140 })
  expect(custom).toMatch(/adapter has no metric of that name/)
  const unavailable = ofAutoscalers(reads(503, 140))
  expect(unavailable).toMatch(/answered 503[^]*Deployment behind it/)
  expect(unavailable).not.toMatch(/FailedGetResourceMetric/)
  expect(ofAutoscalers(reads(200, 280))).not.toMatch(/answered 503|answered 404/)
})

const ofCreations = (seconds: number, others = 0) =>
  saidTo({
    rule: 'kcm.replicaset-workers',
    component: 'kube-controller-manager',
    reads: 'goroutine',
    stacks: [
      `${KK}/replicaset.(*ReplicaSetController).worker; ${KK}/replicaset.slowStartBatch; sync.(*WaitGroup).Wait 5`,
      `${KK}/replicaset.slowStartBatch.func1; net/http.(*Client).do 15`,
    ].join('\n'),
    pages: {
      'workqueue_depth{name="replicaset"}': [135, 135],
      'rest_client_request_duration_seconds_sum{verb="POST"}': [0, seconds],
      'rest_client_request_duration_seconds_count{verb="POST"}': [0, 200],
      'rest_client_request_duration_seconds_sum{verb="PUT"}': [0, others],
      'rest_client_request_duration_seconds_count{verb="PUT"}': [0, 200],
    },
  })

test('more workers are advised where creations are answered quickly, webhooks where they are not', () => {
  expect(ofCreations(120)).toMatch(/answered late[^]*kubectl get validating/)
  expect(ofCreations(120)).not.toMatch(/answers quickly/)
  expect(ofCreations(4)).toMatch(/Where the apiserver answers quickly, raise/)
  expect(ofCreations(4)).not.toMatch(/answered late|kubectl get validating/)
})

test('where all requests are answered late it is the apiserver, not a webhook of pods', () => {
  expect(ofCreations(120, 110)).toMatch(/why the apiserver is slow/)
  expect(ofCreations(120, 110)).not.toMatch(/webhook|validating/)
  expect(ofCreations(120, 10)).not.toMatch(/why the apiserver is slow/)
})

const REPLICASETS: Pages = {
  'workqueue_depth{name="replicaset"}': [135, 135],
  'rest_client_requests_total{code="201",method="POST"}': [0, 28],
  'rest_client_requests_total{code="403",method="POST"}': [0, 20],
}

const ofRefused = (retries: number) =>
  saidTo({
    rule: 'kcm.replicaset-workers',
    component: 'kube-controller-manager',
    reads: 'goroutine',
    stacks: `${KK}/replicaset.(*ReplicaSetController).worker; ${KK}/replicaset.slowStartBatch; sync.(*WaitGroup).Wait 5`,
    pages: {
      ...REPLICASETS,
      'workqueue_work_duration_seconds_count{name="replicaset"}': [0, 50],
      'workqueue_retries_total{name="replicaset"}': [0, retries],
    },
  })

test('creations that a quota refuses come first, also where not each sync fails', () => {
  expect(ofRefused(19)).toMatch(/creations are refused/)
  expect(ofRefused(5)).not.toMatch(/creations are refused/)
  // They wait for what they started.
  expect(ofRefused(5)).not.toMatch(/on the CPU/)
})

const ofEndpoints = (
  rule: string,
  stacks: string,
  reads: 'cpu' | 'goroutine',
  queued: number,
  limited: number,
) =>
  saidTo({
    rule,
    component: 'kube-controller-manager',
    reads,
    stacks,
    pages: {
      ...Object.fromEntries(
        ['endpoint_slice', 'endpoint'].flatMap((name) => [
          [`workqueue_queue_duration_seconds_sum{name="${name}"}`, [0, queued * 100] as const],
          [`workqueue_queue_duration_seconds_count{name="${name}"}`, [0, 100] as const],
        ]),
      ),
      'rest_client_rate_limiter_duration_seconds_sum{verb="PUT"}': [0, limited * 100],
      'rest_client_rate_limiter_duration_seconds_count{verb="PUT"}': [0, 100],
    },
  })
const SYNCS = `${KK}/endpointslice.(*Controller).syncService 300\nmain.main 300`
const THROTTLED = `${KK}/endpointslice.(*Controller).worker; ${KK}/endpointslice.(*Controller).syncService; k8s.io/client-go/rest.(*Request).tryThrottleWithInfo 4`

test('a batch period is advised once, and not where Services wait in their queue for longer', () => {
  const period = /updates-batch-period=500ms/
  expect(ofEndpoints('kcm.endpoints-syncs', SYNCS, 'cpu', 0.1, 0)).toMatch(period)
  expect(ofEndpoints('kcm.endpoints-syncs', SYNCS, 'cpu', 0.1, 0.4)).not.toMatch(period)
  expect(ofEndpoints('kcm.endpoints-throttled', THROTTLED, 'goroutine', 0.1, 0.4)).toMatch(period)
  expect(ofEndpoints('kcm.endpoints-throttled', THROTTLED, 'goroutine', 4, 0.4)).not.toMatch(period)
})
