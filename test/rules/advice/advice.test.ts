import { expect, test } from 'vitest'
import { diagnose } from '../../../diagnosis/index.ts'
import { loadRules } from '../../../judge/index.ts'
import { cpuProfile } from '../../diagnosis/make-rule.ts'

const { ruleSet } = await loadRules()

/** Two pages of /metrics between which the counters grew by these numbers. */
function pagesOf(counters: Readonly<Record<string, number>>) {
  const page = (factor: number) =>
    Object.entries(counters)
      .map(([name, value]) => `${name} ${value * factor}\n`)
      .join('') + 'process_start_time_seconds 1\n'
  return { metricsBefore: page(0), metrics: page(1) }
}

/** What a rule advises for these stacks, while one counter grows. */
function remedyOf(rule: string, component: string, stacks: string, counter: string): string {
  const profile = cpuProfile(stacks + REST, 1)
  return diagnose([{ path: 'cpu.pb.gz', profile, component }], ruleSet, {
    language: 'en',
    ...pagesOf({ [counter]: 500 }),
  })
    .findings.filter((finding) => finding.rule === rule)
    .flatMap((finding) => finding.remedy)
    .join('\n')
}

const REST = '\nnet/http.(*conn).serve 300'
const HANDLERS = 'k8s.io/apiserver/pkg/endpoints/handlers'
const WATCH = `${HANDLERS}.(*WatchServer).HandleHTTP`
const RBAC = 'k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac.(*RBACAuthorizer).Authorize'
const MUTATING = 'k8s.io/apiserver/pkg/admission/plugin/policy/mutating'
const PATCHER = `${MUTATING}/patch.(*applyConfigPatcher).Patch`
const ENCODE = 'k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Encode'
const JSON_OF = 'k8s.io/apimachinery/pkg/runtime'
const DECODE = `k8s.io/client-go/rest.Result.Into; ${JSON_OF}/serializer/json.(*Serializer).Decode`
const CACHER = 'k8s.io/apiserver/pkg/storage/cacher'
const READER = 'sigs.k8s.io/controller-runtime/pkg/cache/internal.(*CacheReader)'
const RANGE = 'go.etcd.io/etcd/server/v3/etcdserver/txn.Range'
const KEYS = 'go.etcd.io/etcd/server/v3/storage/mvcc.(*storeTxnCommon).rangeKeys'

test.each([
  [
    'apiserver.rbac',
    'kube-apiserver',
    `${RBAC}; k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac.RuleAllows 300`,
    /merge them/,
    /bind groups|delete them|RoleBindings: only/,
  ],
  [
    'apiserver.cel',
    'kube-apiserver',
    `${MUTATING}.(*Plugin).Admit; ${PATCHER}; runtime.mallocgc 300`,
    /one policy with one patch/,
    /walk long lists/,
  ],
  [
    'apiserver.gzip',
    'kube-apiserver',
    `${WATCH}; compress/gzip.(*Writer).Write; compress/flate.(*compressor).write 300`,
    /WatchListCompression/,
    /APIResponseCompression|128 KiB/,
  ],
  [
    'apiserver.encode-json',
    'kube-apiserver',
    `${HANDLERS}/responsewriters.SerializeObject; ${ENCODE}; sigs.k8s.io/yaml.JSONToYAML 300`,
    /asks for JSON/,
    /protobuf/,
  ],
  [
    'apiserver.encode-json',
    'kube-apiserver',
    `${HANDLERS}.ListResource.func1; ${WATCH}; ${HANDLERS}.(*watchEncoder).Encode; ${ENCODE} 300`,
    /Watch events are/,
    /Lists are/,
  ],
  [
    'apiserver.encode-json',
    'kube-apiserver',
    `${WATCH}; ${HANDLERS}.(*watchEncoder).Encode; ${ENCODE} 100\n${WATCH}; ${ENCODE}; k8s.io/apimachinery/pkg/runtime.RawExtension.MarshalJSON 200`,
    /frame of tables/,
    /protobuf|metadata informers/,
  ],
  [
    'client.informer-handlers',
    'shop',
    'k8s.io/client-go/tools/cache.(*processorListener).run; sigs.k8s.io/controller-runtime/pkg/internal/source.(*EventHandler[...]).OnAdd; main.podsOfNode 300',
    /map functions/,
    /FilteringResourceEventHandler/,
  ],
  [
    'apiserver.audit',
    'kube-apiserver',
    'k8s.io/apiserver/pkg/audit.LogRequestObject; k8s.io/apiserver/pkg/audit.encodeObject 300',
    /every level but None/,
    /level Metadata in place/,
  ],
  [
    'etcd.range',
    'etcd',
    `${RANGE}; go.etcd.io/etcd/server/v3/etcdserver/txn.sortRangeResults; sort.Sort 30\n${RANGE}; runtime.mallocgc 300`,
    /sorted by something else/,
    /answers are small/,
  ],
  [
    'etcd.hash',
    'etcd',
    'go.etcd.io/etcd/server/v3/etcdserver.(*hashKVHandler).ServeHTTP; go.etcd.io/etcd/server/v3/storage/mvcc.(*hashStorage).HashByRev; go.etcd.io/etcd/server/v3/storage/mvcc.unsafeHashByRev 300',
    /Members compare themselves/,
    /Clients ask for it/,
  ],
  [
    'kubelet.metrics-stats',
    'kubelet',
    'k8s.io/kubernetes/pkg/kubelet/server.(*Server).getPods; encoding/json.Marshal 300',
    /polls them/,
    /metric-resolution|metrics\/resource/,
  ],
  [
    'any.logging',
    'shop',
    'main.main; log.(*Logger).Printf; fmt.Appendf 300',
    /package log has no levels/,
    /ask whether that level/,
  ],
  [
    'apiserver.table-printing',
    'kube-apiserver',
    `${WATCH}; ${HANDLERS}.asTable 300`,
    /watches that ask for tables/,
    /Scripts|Dashboards/,
  ],
  [
    'apiserver.openapi-download',
    'kube-apiserver',
    'k8s.io/kube-openapi/pkg/handler3.(*OpenAPIService).HandleGroupVersion; net/http.ServeContent 300',
    /If-None-Match/,
    /openapi\/v2/,
  ],
  [
    'client.informer-full-scan',
    'shop',
    'sigs.k8s.io/controller-runtime/pkg/cache/internal.(*CacheReader).List; k8s.io/client-go/tools/cache.ListAllByNamespace 300',
    /MatchingFields/,
    /lister/,
  ],
  [
    'client.informer-full-scan',
    'shop',
    'main.sync; k8s.io/client-go/tools/cache.ListAll 300',
    /AddIndexers/,
    /MatchingFields|namespace's lister/,
  ],
  [
    'client.informer-full-scan',
    'kube-state-metrics',
    'main.sync; k8s.io/client-go/tools/cache.ListAllByNamespace 300',
    /more objects of that kind than needed/,
    /AddIndexers/,
  ],
  [
    'client.json-decode',
    'shop',
    `${DECODE}; ${JSON_OF}/serializer/json.SimpleMetaFactory.Interpret 120
${DECODE}; k8s.io/apimachinery/pkg/apis/meta/v1/unstructured.unstructuredJSONScheme.Decode 180`,
    /typed client with protobuf/,
    /AcceptContentTypes/,
  ],
  [
    'runtime.gc-share',
    'shop',
    'runtime.systemstack; runtime.gcAssistAlloc.func1; runtime.gcDrainN 300',
    /GOGC=200/,
    /raise it with the limit/,
  ],
  [
    'client.informer-full-scan',
    'cert-manager',
    'main.sync; k8s.io/client-go/tools/cache.ListAllByNamespace 300',
    /more objects of that kind than needed/,
    /AddIndexers/,
  ],
  [
    'runtime.sched-overhead',
    'shop',
    'runtime.mcall; runtime.gosched_m; runtime.goschedImpl; runtime.schedule 300',
    /runtime\.Gosched in a loop/,
    /batches of messages/,
  ],
  [
    'runtime.gc-share',
    'shop',
    'runtime.gcBgMarkWorker; runtime.gcDrain 600\nmain.batch; runtime.GC; runtime.sweepone 25',
    /calls runtime\.GC/,
    /GOGC=200|names who allocates/,
  ],
  [
    'runtime.deepcopy',
    'shop',
    `${READER}.List; k8s.io/api/core/v1.(*Pod).DeepCopyInto 300
${READER}.List; sigs.k8s.io/controller-runtime/pkg/cache/internal.byIndexes; k8s.io/client-go/tools/cache.(*cache).ByIndex 5`,
    /by an index too/,
    /MatchingFields/,
  ],
  [
    'runtime.deepcopy',
    'shop',
    `${READER}.List; k8s.io/api/core/v1.(*Pod).DeepCopyInto 300
${READER}.List; k8s.io/client-go/tools/cache.(*cache).ByIndex 5`,
    /MatchingFields/,
    /by an index too/,
  ],
  [
    'any.logging',
    'shop',
    'main.sync; github.com/go-logr/zapr.(*zapLogger).WithValues; go.uber.org/zap.(*Logger).With 300',
    /makes loggers with values/,
    /off by default/,
  ],
  [
    'apiserver.encode-json',
    'kube-apiserver',
    `${WATCH}; ${HANDLERS}.(*watchEncoder).Encode; ${ENCODE} 300
${CACHER}.(*cacheWatcher).processInterval; ${CACHER}.(*cacheWatcher).sendWatchCacheEvent 100`,
    /most of them initial ones/,
    /fewer changes/,
  ],
] as const)(
  '%s of %s: advice is for what the stacks are of',
  (id, component, stacks, told, not) => {
    const input = { path: 'cpu.pb.gz', profile: cpuProfile(stacks + REST, 1), component }
    const { findings } = diagnose([{ ...input, kubernetesVersion: 'v1.37.2' }], ruleSet, {
      language: 'en',
      ...pagesOf({ etcd_mvcc_range_total: 1000, etcd_network_client_grpc_sent_bytes_total: 3e5 }),
    })
    const remedy = findings.filter(({ rule }) => rule === id).flatMap((finding) => finding.remedy)
    expect(remedy.join('\n')).toMatch(told)
    expect(remedy.join('\n')).not.toMatch(not)
  },
)

test.each([
  [20, /filter by revision/, /it is their number/],
  [20_000, /it is their number/, /filter by revision/],
])('small answers of %d range reads a second', (ranges, told, not) => {
  const input = { path: 'cpu.pb.gz', profile: cpuProfile(`${RANGE}; ${KEYS} 300${REST}`, 1) }
  const { findings } = diagnose([{ ...input, component: 'etcd' }], ruleSet, {
    language: 'en',
    ...pagesOf({
      etcd_mvcc_range_total: ranges,
      etcd_network_client_grpc_sent_bytes_total: ranges,
    }),
  })
  const [finding] = findings.filter(({ rule }) => rule === 'etcd.range')
  expect(finding?.remedy.join('\n')).toMatch(told)
  expect(finding?.remedy.join('\n')).not.toMatch(not)
})

test('metrics tell whose events are sent, and whether preemption finds victims', () => {
  const sent = (labels: string) =>
    remedyOf(
      'apiserver.watch-dispatch',
      'kube-apiserver',
      `${WATCH} 300`,
      `apiserver_watch_events_total{${labels}}`,
    )
  expect(sent('group="discovery.k8s.io",resource="endpointslices"')).toContain('batch-period')
  expect(sent('group="discovery.k8s.io",kind="EndpointSlice"')).toContain('batch-period')
  expect(sent('group="",resource="pods"')).not.toContain('batch-period')
  const starting = [
    'apiserver.watch-init-events',
    'kube-apiserver',
    `${CACHER}.(*cacheWatcher).processInterval; ${CACHER}.(*cacheWatcher).sendWatchCacheEvent 300`,
  ] as const
  const ended = 'apiserver_terminated_watchers_total{resource="pods"}'
  expect(remedyOf(...starting, ended)).toContain('server itself ended watches')
  expect(remedyOf(...starting, 'apiserver_init_events_total')).not.toContain('ended watches')
  const preempting = [
    'scheduler.preemption',
    'kube-scheduler',
    'k8s.io/kubernetes/pkg/scheduler/framework/preemption.(*Evaluator).DryRunPreemption 300',
  ] as const
  expect(remedyOf(...preempting, 'scheduler_preemption_victims_count')).toContain('keep room')
  expect(remedyOf(...preempting, 'scheduler_pending_pods')).toContain('can never be placed')
})

/** What is advised while the server updates objects, and answers requests with these labels. */
function conflicts(labels: string): string {
  return remedyOf(
    'apiserver.write-conflicts',
    'kube-apiserver',
    'k8s.io/apiserver/pkg/storage/etcd3.(*store).GuaranteedUpdate 300',
    `apiserver_request_total{${labels},verb="PUT"}`,
  )
}

test('updates that are refused are conflicts, too, and evictions have their own advice', () => {
  expect(conflicts('code="409",resource="poddisruptionbudgets"')).toMatch(
    /^Most updates that are refused are of PodDisruptionBudgets/,
  )
  const all = conflicts('code="409",resource="configmaps"')
  expect(all).toMatch(/^Nearly all updates are refused/)
  expect(all).toContain('Where several write the same object')
  expect(conflicts('code="200",resource="configmaps"')).toBe('')
})

/** The queries and commands of a program whose page has these metrics. */
function stepsOf(component: string | null, page: string | null) {
  const scan = 'main.sync; k8s.io/client-go/tools/cache.ListAllByNamespace 300'
  const input = { path: 'cpu.pb.gz', profile: cpuProfile(scan + REST, 1), component }
  const { findings } = diagnose([input], ruleSet, { language: 'en', metrics: page })
  const [finding] = findings.filter(({ rule }) => rule === 'client.informer-full-scan')
  return finding?.next.flatMap(({ metric = [], command = [] }) => [metric, command].flat())
}

test('a query for metrics that a process counts of itself is given to those that have them', () => {
  const ofQueues = expect.stringContaining('workqueue_adds_total')
  expect(stepsOf('shop', null)).toEqual([])
  expect(stepsOf(null, null)).toEqual([])
  expect(stepsOf('shop', 'go_goroutines 9\n')).toEqual([])
  expect(stepsOf('shop', 'workqueue_adds_total{name="a"} 9\n')).toEqual([ofQueues])
  expect(stepsOf('kube-controller-manager', null)).toContainEqual(ofQueues)
})

/** The queries for a kube-apiserver, or one like it, that compresses much. */
function queriesOf(component: string, page: string | null) {
  const lists = `${HANDLERS}/responsewriters.SerializeObject; compress/gzip.(*Writer).Write 300`
  const input = { path: 'cpu.pb.gz', profile: cpuProfile(lists + REST, 1), component }
  return diagnose([input], ruleSet, { language: 'en', metrics: page })
    .findings.filter(({ rule }) => rule === 'apiserver.gzip')
    .flatMap(({ next }) => next.flatMap(({ metric = [] }) => metric))
}

test('a query for metrics of a component is given where its page has them', () => {
  const ofBytes = expect.stringContaining('apiserver_response_sizes_sum')
  const page = 'apiserver_response_sizes_sum{verb="LIST"} 9\n'
  expect(queriesOf('kube-apiserver', null)).toContainEqual(ofBytes)
  expect(queriesOf('kube-apiserver', page)).toContainEqual(ofBytes)
  expect(queriesOf('kube-apiserver', 'apiserver_request_total 9\n')).toEqual([])
  // The queries are of the apiserver, and this is the page of another process.
  expect(queriesOf('sample-apiserver', 'go_goroutines 9\n')).toContainEqual(ofBytes)
})

/** The remarks on a finding. */
function limitsOf(rule: string, component: string, stacks: string): string {
  const input = { path: 'cpu.pb.gz', profile: cpuProfile(stacks + REST, 1), component }
  return diagnose([input], ruleSet, { language: 'en' })
    .findings.filter((finding) => finding.rule === rule)
    .flatMap(({ evidence }) => evidence)
    .filter(({ kind }) => kind === 'limits')
    .map((each) => ('text' in each ? each.text : ''))
    .join('\n')
}

test('k3s is told how it hands flags on, where advice names one', () => {
  const gzip = `${HANDLERS}/responsewriters.SerializeObject; compress/gzip.(*Writer).Write 300`
  expect(limitsOf('apiserver.gzip', 'k3s', gzip)).toContain('--kube-apiserver-arg=')
  expect(limitsOf('apiserver.gzip', 'kube-apiserver', gzip)).not.toContain('--kube-apiserver-arg=')
  const table = `${HANDLERS}.asTable 300`
  expect(limitsOf('apiserver.table-printing', 'k3s', table)).not.toContain('--kube-apiserver-arg=')
})

test('advice to change code says whom it is for, in programs that may be of others', () => {
  const patterns = 'main.match; regexp.MatchString; regexp.compile 300'
  const rule = 'runtime.pattern-compiled-again'
  expect(limitsOf(rule, 'shop', patterns)).toContain('those who build this program')
  expect(limitsOf(rule, 'kube-apiserver', patterns)).not.toContain('who build')
})
