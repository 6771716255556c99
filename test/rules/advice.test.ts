import { expect, test } from 'vitest'
import { diagnose } from '../../diagnosis/index.ts'
import { loadRules } from '../../judge/index.ts'
import { cpuProfile } from '../diagnosis/make-rule.ts'

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
const RANGE = 'go.etcd.io/etcd/server/v3/etcdserver/txn.Range'

test.each([
  [
    'apiserver.rbac',
    'kube-apiserver',
    `${RBAC}; k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac.RuleAllows 300`,
    /Merge them/,
    /Bind groups|Delete bindings|RoleBindings: only/,
  ],
  [
    'apiserver.cel',
    'kube-apiserver',
    `${MUTATING}.(*Plugin).Admit; ${PATCHER}; runtime.mallocgc 300`,
    /one policy with one patch/,
    /nested all/,
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
    'runtime.sched-overhead',
    'shop',
    'runtime.mcall; runtime.gosched_m; runtime.goschedImpl; runtime.schedule 300',
    /sweeper/,
    /batches of messages/,
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
  const preempting = [
    'scheduler.preemption',
    'kube-scheduler',
    'k8s.io/kubernetes/pkg/scheduler/framework/preemption.(*Evaluator).DryRunPreemption 300',
  ] as const
  expect(remedyOf(...preempting, 'scheduler_preemption_victims_count')).toContain('Keep room')
  expect(remedyOf(...preempting, 'scheduler_pending_pods')).toContain('cannot be placed')
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
  expect(conflicts('code="409",resource="poddisruptionbudgets"')).toMatch(/^They are evictions/)
  expect(conflicts('code="409",resource="configmaps"')).toMatch(/^Let one controller/)
  expect(conflicts('code="200",resource="configmaps"')).toBe('')
})
