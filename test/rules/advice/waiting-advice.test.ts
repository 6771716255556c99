import { expect, test } from 'vitest'
import { diagnose } from '../../../diagnosis/index.ts'
import { loadRules } from '../../../judge/index.ts'
import { profileFromFolded } from '../../../profile/index.ts'

const { ruleSet } = await loadRules()

/** What counters have grown by in the ten seconds between two pages. */
type Growth = Readonly<Record<string, number>>

/** What a rule says of goroutines, or of what was allocated since the start, while counters grew. */
function saidOf(
  rule: string,
  { reads = 'goroutine', component = 'etcd', stacks = 'main.main 300' },
  growth: Growth,
): string {
  const unit = reads === 'goroutine' ? 'count' : 'bytes'
  const profile = profileFromFolded(stacks, [{ type: reads, unit }])
  const cpu = profileFromFolded('main.main 5 50000000', CPU, { durationNs: 10_000_000_000n })
  const page = (factor: number) =>
    Object.entries({ ...growth, process_start_time_seconds: 1 })
      .map(([name, value]) => `${name} ${name.startsWith('process') ? 1 : value * (factor + 1)}\n`)
      .join('')
  const inputs = [cpu, profile].map((each, row) => ({
    path: `${row}.pb.gz`,
    profile: each,
    component,
  }))
  return diagnose(inputs, ruleSet, { language: 'en', metricsBefore: page(0), metrics: page(1) })
    .findings.filter((finding) => finding.rule === rule)
    .flatMap(({ level, remedy, next, evidence }) => [
      level,
      ...remedy,
      ...next.map((step) => JSON.stringify(step)),
      ...evidence.map(({ text }) => text),
    ])
    .join('\n')
}

const CPU = [
  { type: 'samples', unit: 'count' },
  { type: 'cpu', unit: 'nanoseconds' },
]
const WITHOUT_LEASES: Growth = {
  'grpc_server_handled_total{grpc_method="Txn"}': 3,
  etcd_debugging_mvcc_watch_stream_total: 25,
  etcd_debugging_mvcc_watcher_total: 25,
}
const APISERVER: Growth = {
  ...WITHOUT_LEASES,
  'grpc_server_handled_total{grpc_method="LeaseGrant"}': 3,
}
const FSYNCS: Growth = {
  etcd_disk_wal_fsync_duration_seconds_sum: 9,
  etcd_disk_wal_fsync_duration_seconds_count: 90,
}

const saidOfFsyncs = (growth: Growth) => saidOf('etcd.wal-fsync', {}, { ...FSYNCS, ...growth })

test('fewer writes are advised where an fsync is for few of them', () => {
  const [few, many] = [120, 1800].map((writes) =>
    saidOfFsyncs({ etcd_server_proposals_committed_total: writes }),
  )
  expect(few).toMatch(/fewer updates/)
  expect(many).not.toMatch(/fewer updates|What is written/)
  expect(many).toMatch(/for many writes together/)
})

test('Events are moved to another etcd only where leases were ever granted', () => {
  expect(saidOfFsyncs(APISERVER)).toMatch(/etcd-servers-overrides/)
  expect(saidOfFsyncs(WITHOUT_LEASES)).not.toMatch(/etcd-servers-overrides/)
})

const RS = 'k8s.io/kubernetes/pkg/controller/replicaset'
const THROTTLED = `${RS}.(*ReplicaSetController).worker; k8s.io/client-go/rest.(*Request).tryThrottleWithInfo 5`

test.each([
  ['403', true],
  ['422', true],
  ['409', false],
])('creations that are answered with %s are refused: %s', (code, isRefused) => {
  const said = saidOf(
    'kcm.replicaset-workers',
    { component: 'kube-controller-manager', stacks: THROTTLED },
    {
      'workqueue_depth{name="replicaset"}': 60,
      'workqueue_work_duration_seconds_count{name="replicaset"}': 100,
      'workqueue_retries_total{name="replicaset"}': 100,
      'rest_client_requests_total{code="201",method="POST"}': 100,
      [`rest_client_requests_total{code="${code}",method="POST"}`]: 100,
    },
  )
  expect(said).toMatch(isRefused ? /reason=FailedCreate/ : /raise --kube-api-qps/)
  expect(said).not.toMatch(isRefused ? /raise --kube-api-qps/ : /reason=FailedCreate/)
})

const ANSWERS = `go.etcd.io/etcd/server/v3/mvcc.(*storeTxnRead).rangeKeys 700000000
main.main 300000000`

const saidOfAnswers = (growth: Growth) =>
  saidOf('etcd.range.memory', { reads: 'alloc_space', stacks: ANSWERS }, growth)

test('answers that have all been sent do not pile up, and what is sent now is allocated now', () => {
  const sent = {
    etcd_network_client_grpc_sent_bytes_total: 1_500_000_000,
    'grpc_server_handled_total{grpc_method="Range"}': 250,
    go_memstats_alloc_bytes_total: 3_000_000_000,
    ...APISERVER,
  }
  const all = saidOfAnswers({ ...sent, 'grpc_server_started_total{grpc_method="Range"}': 250 })
  expect(all).toMatch(/50% of all that it has allocated was allocated while/)
  expect(all).not.toMatch(/pile up|Send-Q|may be long past|allocated right now/)
  const some = saidOfAnswers({ ...sent, 'grpc_server_started_total{grpc_method="Range"}': 300 })
  expect(some).toMatch(/pile up[^]*Send-Q/)
  expect(saidOfAnswers({})).toMatch(/allocated right now[^]*may be long past/)
})
