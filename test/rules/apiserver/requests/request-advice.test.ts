import { expect, test } from 'vitest'
import { diagnose } from '../../../../diagnosis/index.ts'
import { loadRules } from '../../../../judge/index.ts'
import { profileFromFolded } from '../../../../profile/index.ts'
import { cpuProfile } from '../../../diagnosis/make-rule.ts'

const { ruleSet } = await loadRules()

/** The values of series before the profile and after it. */
type Pages = Readonly<Record<string, readonly [number, number]>>

/** Rules that read goroutines. */
const WAITING = new Set([
  'apiserver.etcd-wait',
  'apiserver.apf-queue',
  'apiserver.fresh-wait',
  'apiserver.watchers',
  'client.reconcile-backlog',
  'client.throttled',
  'client.tls-transport-leak',
])

/** What a rule advises and asks for these stacks, while its process counts from one page to the other in a second. */
function saidOf(rule: string, component: string, stacks: string, pages: Pages): string {
  const text = `${stacks}\nnet/http.(*conn).serve 300`
  const profile = WAITING.has(rule)
    ? profileFromFolded(text, [{ type: 'goroutine', unit: 'count' }])
    : cpuProfile(text, 1)
  const kubernetesVersion = 'v1.33.0'
  const inputs = [
    { path: 'cpu.pb.gz', profile: cpuProfile('net/http.(*conn).serve 300', 1), component },
    { path: 'profile.pb.gz', profile, component, kubernetesVersion },
  ]
  return diagnose(inputs.slice(WAITING.has(rule) ? 0 : 1), ruleSet, {
    language: 'en',
    metricsBefore: pageOf(pages, 0),
    metrics: pageOf(pages, 1),
  })
    .findings.filter((finding) => finding.rule === rule)
    .flatMap(({ meaning, evidence, remedy, next }) => [
      meaning,
      ...evidence.map((each) => each.text),
      ...remedy,
      ...next.map((step) => JSON.stringify(step)),
    ])
    .join('\n')
}

function pageOf(pages: Pages, index: 0 | 1): string {
  const lines = Object.entries(pages).map(([name, values]) => `${name} ${values[index]}`)
  return ['process_start_time_seconds 1', ...lines, ''].join('\n')
}

const AS = 'k8s.io/apiserver/pkg'
const CG = 'k8s.io/client-go'
const UPDATE = `${AS}/storage/etcd3.(*store).GuaranteedUpdate`
const READS_AGAIN = `${UPDATE}; go.etcd.io/etcd/client/v3.(*kv).Get 170`
const QUEUES = `${AS}/util/flowcontrol/fairqueuing/queueset.(*request).wait; runtime.selectgo 150`
const JSON_ANSWER = `${AS}/endpoints/handlers/responsewriters.SerializeObject; k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Encode`
const SENDS = `${AS}/endpoints/handlers.(*WatchServer).HandleHTTP 300`
const DELIVERS = `${AS}/storage/cacher.(*Cacher).dispatchEvents; ${AS}/storage/cacher.(*Cacher).dispatchEvent 300`
const THROTTLED = `${CG}/rest.(*Request).tryThrottleWithInfo; ${CG}/util/flowcontrol.(*tokenBucketRateLimiter).Wait 40`
const DECODES = `k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Decode 300`

const requests = (labels: string): string => `apiserver_request_total{${labels}}`
const events = (kind: string): string => `apiserver_watch_events_total{kind="${kind}"}`

const RECONCILES =
  'sigs.k8s.io/controller-runtime/pkg/internal/controller.(*Controller[...]).reconcileHandler; main.(*reconciler).Reconcile'
const ALL_BUSY: Pages = {
  workqueue_depth: [140, 140],
  controller_runtime_active_workers: [3, 3],
  controller_runtime_max_concurrent_reconciles: [3, 3],
}
const NONE: Pages = {}

test.each<[string, string, string, string, Pages, RegExp, RegExp]>([
  [
    'an etcd that stands still, and no conflict',
    'apiserver.etcd-wait',
    'kube-apiserver',
    READS_AGAIN,
    {
      [requests('verb="PATCH",code="200"')]: [0, 5],
      'etcd_request_duration_seconds_sum{operation="get"}': [0, 20],
      'etcd_request_duration_seconds_count{operation="get"}': [0, 2],
    },
    /see first whether etcd answers at all/,
    /refused with a conflict|look at the round trip from the apiserver/,
  ],
  [
    'updates that are refused',
    'apiserver.etcd-wait',
    'kube-apiserver',
    READS_AGAIN,
    { [requests('verb="PUT",code="409"')]: [0, 90] },
    /refused with a conflict/,
    /look at the round trip from the apiserver/,
  ],
  [
    'a server of few seats',
    'apiserver.apf-queue',
    'kube-apiserver',
    QUEUES,
    { 'apiserver_flowcontrol_nominal_limit_seats{priority_level="global-default"}': [9, 9] },
    /fewer seats than by default.*max-requests-inflight/,
    /^$/,
  ],
  [
    'a server of as many seats as by default',
    'apiserver.apf-queue',
    'kube-apiserver',
    QUEUES,
    { 'apiserver_flowcontrol_nominal_limit_seats{priority_level="global-default"}': [600, 600] },
    /ConcurrencyShares/,
    /fewer seats than by default|max-requests-inflight/,
  ],
  [
    'answers with indentation',
    'apiserver.encode-json',
    'kube-apiserver',
    `${JSON_ANSWER}; encoding/json.MarshalIndent 300`,
    NONE,
    /JSON with indentation is 100% of it/,
    /protobuf"/,
  ],
  [
    'answers to creations, whose sizes nothing counts',
    'apiserver.encode-json',
    'kube-apiserver',
    `${AS}/endpoints/handlers.createHandler.func1; ${JSON_ANSWER} 300`,
    NONE,
    /Answers to writes/,
    /apiserver_response_sizes/,
  ],
  [
    'events of watches, whose sizes have a metric of their own',
    'apiserver.encode-json',
    'kube-apiserver',
    `${AS}/endpoints/handlers.(*WatchServer).HandleHTTP; k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Encode 300`,
    { 'apiserver_watch_events_sizes_sum{kind="Pod"}': [0, 900] },
    /Bytes of watch events: Pod/,
    /apiserver_response_sizes|apiserver_watch_events_sizes/,
  ],
  [
    'events of ConfigMaps',
    'apiserver.watch-dispatch',
    'kube-apiserver',
    SENDS,
    { [events('ConfigMap')]: [0, 900], [events('Lease')]: [0, 10], [events('Pod')]: [0, 10] },
    /objects whose events are sent most/,
    /EndpointSlices instead|spec[.]nodeName/,
  ],
  [
    'events of Endpoints',
    'apiserver.watch-dispatch',
    'kube-apiserver',
    DELIVERS,
    { [events('Endpoints')]: [0, 900] },
    /EndpointSlices instead/,
    /spec[.]nodeName|leases or Events/,
  ],
  [
    'requests for discovery that wait for the limiter',
    'client.throttled',
    'other',
    `${CG}/discovery.(*DiscoveryClient).ServerResourcesForGroupVersion; ${THROTTLED}`,
    NONE,
    /Requests for discovery are 100%/,
    /Whose queue grows/,
  ],
  [
    'queues of nothing, while requests wait for the limiter',
    'client.throttled',
    'kube-scheduler',
    `${CG}/kubernetes/typed/events/v1.(*events).CreateWithEventNamespace; ${THROTTLED}`,
    { workqueue_depth: [0, 0] },
    /clientConnection[.]qps/,
    /Whose queue grows/,
  ],
  [
    'watches that begin again',
    'client.json-decode',
    'other',
    `k8s.io/apimachinery/pkg/watch.(*StreamWatcher).receive; ${CG}/rest/watch.(*Decoder).Decode; ${DECODES}`,
    NONE,
    /Events of watches are 100%/,
    /Single objects/,
  ],
  [
    'objects read one by one',
    'client.json-decode',
    'other',
    `${CG}/kubernetes/typed/core/v1.(*configMaps).Get; ${CG}/rest.Result.Into; ${DECODES}`,
    NONE,
    /Single objects are 100%/,
    /Events of watches/,
  ],
  [
    'transports, with two goroutines each',
    'client.tls-transport-leak',
    'other',
    `${CG}/transport.(*dynamicClientCert).Run; runtime.chanrecv1 300\n${CG}/transport.(*dynamicClientCert).runWorker; sync.(*Cond).Wait 300`,
    NONE,
    /600 goroutines watch the client certificates of 300 transports/,
    /^$/,
  ],
  [
    'reconciles that decode the lists they asked for',
    'client.reconcile-backlog',
    'other',
    `${RECONCILES}; sigs.k8s.io/controller-runtime/pkg/client.(*unstructuredClient).List; ${CG}/rest.Result.Into 3`,
    ALL_BUSY,
    /100% of them ask the server for lists/,
    /MaxConcurrentReconciles/,
  ],
  [
    'reconciles that make clients',
    'client.reconcile-backlog',
    'other',
    `${RECONCILES}; ${CG}/discovery.(*DiscoveryClient).downloadLegacy 3`,
    ALL_BUSY,
    /100% of them ask for discovery/,
    /MaxConcurrentReconciles/,
  ],
  [
    'collections that are deleted',
    'apiserver.list-from-etcd',
    'kube-apiserver',
    `${AS}/endpoints/handlers.DeleteCollection.func1; ${AS}/registry/generic/registry.(*Store).DeleteCollection; ${AS}/storage/etcd3.(*store).GetList 700`,
    NONE,
    /are 100% of it.*deletecollection/s,
    /verb=(?:\\)?"LIST|"list"|an informer|500 ms/,
  ],
  [
    'Events of one object',
    'apiserver.list-from-etcd',
    'kube-apiserver',
    `${AS}/endpoints/handlers.ListResource; ${AS}/storage/etcd3.(*store).GetList; k8s.io/api/core/v1.(*Event).Unmarshal 700`,
    NONE,
    /saves no read/,
    /one involvedObject/,
  ],
  [
    'Events that are read and converted',
    'apiserver.event-flood',
    'kube-apiserver',
    `${AS}/endpoints/handlers.ListResource; k8s.io/kubernetes/pkg/registry/core/event.ToSelectableFields 200\n${AS}/endpoints/handlers.ListResource; k8s.io/kubernetes/pkg/apis/core/v1.Convert_v1_Event_To_core_Event 200`,
    NONE,
    /They are read, not written/,
    /EventRateLimit|Find who writes|Who writes/,
  ],
  [
    'Secrets that kubelets watch',
    'apiserver.watchers',
    'kube-apiserver',
    `${AS}/storage/cacher.(*cacheWatcher).process; runtime.selectgo 6000`,
    {
      'apiserver_longrunning_requests{resource="secrets",scope="resource",verb="WATCH"}': [1, 6000],
      'apiserver_longrunning_requests{resource="pods",scope="cluster",verb="WATCH"}': [1, 9],
    },
    /configMapAndSecretChangeDetectionStrategy: Cache/,
    /informer factory|spec\.nodeName|sum by \(resource\)/,
  ],
  [
    'Nodes that every agent watches',
    'apiserver.watch-dispatch',
    'kube-apiserver',
    DELIVERS,
    {
      'apiserver_watch_events_total{kind="Node"}': [0, 900],
      'apiserver_terminated_watchers_total{resource="nodes"}': [591, 591],
    },
    /metadata\.name for the Node/,
    /unresponsiveness|rate\(apiserver_watch_events_total/,
  ],
  [
    'versions of another resource',
    'apiserver.fresh-wait',
    'kube-apiserver',
    `${AS}/storage/cacher.(*watchCache).waitUntilFreshAndBlock; sync.(*Cond).Wait 150`,
    { 'apiserver_request_total{code="504",resource="secrets",verb="GET"}': [120, 720] },
    /the resourceVersion of an object of another resource.*responseStatus\.code==504/s,
    /^Look at etcd/m,
  ],
  [
    'reconciles that their own updates start again',
    'client.throttled',
    'other',
    `${RECONCILES}; sigs.k8s.io/controller-runtime/pkg/client.(*typedClient).Update; ${THROTTLED}`,
    NONE,
    /GenerationChangedPredicate.*its own updates do not start it again/s,
    /Where the apiserver has room: raise/,
  ],
  [
    'creations of what is there already',
    'client.reconcile-backlog',
    'other',
    `${RECONCILES}; net/http.(*Client).Get 3`,
    { ...ALL_BUSY, 'rest_client_requests_total{code="409",method="POST"}': [0, 90] },
    /MaxConcurrentReconciles/,
    /refused with a conflict/,
  ],
  [
    'reconciles that compute, or help the collector',
    'client.reconcile-backlog',
    'other',
    `${RECONCILES}; regexp.Compile 1\n${RECONCILES}; runtime.gcParkAssist; runtime.gopark 2`,
    ALL_BUSY,
    /findings on the CPU/,
    /MaxConcurrentReconciles|do less in each/,
  ],
])('%s: %s', (_, rule, component, stacks, pages, told, not) => {
  const said = saidOf(rule, component, stacks, pages)
  expect(said).toMatch(told)
  expect(said).not.toMatch(not)
})

test('one request of two hundred goroutines that waits for a moment is no finding', () => {
  const waits = `${CG}/kubernetes/typed/core/v1.(*pods).Patch; ${THROTTLED.replace(/40$/, '1')}`
  expect(saidOf('client.throttled', 'kubelet', waits, NONE)).toBe('')
})

test('reviews of what users may do are no work of a start', () => {
  const rbac = 'k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac.(*RBACAuthorizer)'
  const levelOf = (method: string) =>
    diagnose(
      [
        {
          path: 'cpu.pb.gz',
          profile: cpuProfile(`${rbac}.${method} 400\nnet/http.(*conn).serve 300`, 1),
          component: 'kube-apiserver',
          uptimeSeconds: 60,
        },
      ],
      ruleSet,
      { language: 'en' },
    ).findings.find(({ rule }) => rule === 'apiserver.rbac')?.level
  expect(levelOf('RulesFor')).toBe('critical')
  expect(levelOf('Authorize')).toBe('info')
})

test('lists of long ago are no finding', () => {
  const component = 'kube-apiserver'
  const stacks = `${AS}/storage/etcd3.(*store).GetList; k8s.io/api/core/v1.(*Pod).Unmarshal 700`
  const profile = profileFromFolded(`${stacks}\nnet/http.(*conn).serve 300`, [
    { type: 'alloc_space', unit: 'bytes' },
  ])
  const found = (pages: Pages) =>
    diagnose(
      [
        { path: 'cpu.pb.gz', profile: cpuProfile('net/http.(*conn).serve 300', 10), component },
        { path: 'heap.pb.gz', profile, component },
      ],
      ruleSet,
      { language: 'en', metricsBefore: pageOf(pages, 0), metrics: pageOf(pages, 1) },
    ).findings.map(({ rule }) => rule)
  const read = 'apiserver_storage_list_fetched_objects_total{resource="pods"}'
  expect(found({ [read]: [9000, 9000], go_goroutines: [1, 2] })).not.toContain(
    'apiserver.list-from-etcd.allocs',
  )
  expect(found({ [read]: [9000, 9900] })).toContain('apiserver.list-from-etcd.allocs')
})
