import { expect, test } from 'vitest'
import { saidTo, type Server } from '../said-to-server.ts'

const AS = 'k8s.io/apiserver/pkg'
const CONVERTS = `k8s.io/apiextensions-apiserver/pkg/apiserver/conversion.(*webhookConverter).Convert; k8s.io/client-go/rest.(*Request).Do; runtime.selectgo 136`
const CREATES = `k8s.io/client-go/kubernetes/typed/core/v1.(*pods).Create; k8s.io/client-go/rest.(*Request).Do; golang.org/x/net/http2.(*ClientConn).RoundTrip; runtime.selectgo 12000`
const ETCD = (of: string) =>
  `${AS}/storage/etcd3.(*store).${of}; go.etcd.io/etcd/client/v3.(*kv).Get; go.etcd.io/etcd/client/v3.(*kv).Do; google.golang.org/grpc.(*ClientConn).Invoke 150`
const COMMITS = `${AS}/storage/etcd3.(*store).GuaranteedUpdate; go.etcd.io/etcd/client/v3.(*txn).Commit; google.golang.org/grpc.(*ClientConn).Invoke; runtime.selectgo 150`
const FRESH = `${AS}/storage/cacher.(*Cacher).GetList; ${AS}/storage/cacher.(*watchCache).waitUntilFreshAndBlock; sync.(*Cond).Wait 120`
const HOOK = `${AS}/admission/plugin/webhook/validating.(*validatingDispatcher).callHook; k8s.io/client-go/rest.(*Request).Do; runtime.selectgo 150`
const RUNTIME =
  'k8s.io/cri-client/pkg.(*remoteRuntimeService).ExecSync; google.golang.org/grpc.(*ClientConn).Invoke; runtime.selectgo 80'
const etcdAnswers = (operation: string, count: number, seconds: number) =>
  ({
    [`etcd_request_duration_seconds_sum{operation="${operation}"}`]: [0, count * seconds],
    [`etcd_request_duration_seconds_count{operation="${operation}"}`]: [0, count],
  }) as const
const hookAnswers = (name: string, count: number, seconds: number) =>
  ({
    [`apiserver_admission_webhook_admission_duration_seconds_sum{name="${name}"}`]: [
      0,
      count * seconds,
    ],
    [`apiserver_admission_webhook_admission_duration_seconds_count{name="${name}"}`]: [0, count],
  }) as const

const conversions = (seconds: number) =>
  ({
    'apiserver_crd_conversion_webhook_duration_seconds_sum{crd_name="a"}': [0, seconds],
    'apiserver_crd_conversion_webhook_duration_seconds_count{crd_name="a"}': [0, 100_000],
  }) as const

test.each<[string, Server, RegExp, RegExp]>([
  [
    'a conversion webhook that answers in 10 ms is not late',
    {
      rule: 'apiserver.webhook-conversion.waiting',
      stacks: CONVERTS,
      reads: 'goroutine',
      pages: conversions(1000),
    },
    /answers soon/,
    /answers late/,
  ],
  [
    'unless those that ended are not like those that wait',
    {
      rule: 'apiserver.webhook-conversion.waiting',
      stacks: CONVERTS,
      reads: 'goroutine',
      pages: conversions(10),
    },
    /answers late/,
    /answers soon/,
  ],
  [
    'requests that are answered soon wait for no webhook',
    {
      rule: 'runtime.http-requests-wait',
      component: 'my-operator',
      stacks: CREATES,
      reads: 'goroutine',
      pages: {
        'rest_client_request_duration_seconds_sum{verb="POST"}': [0, 120_000],
        'rest_client_request_duration_seconds_count{verb="POST"}': [0, 6_000_000],
      },
    },
    /answers soon/,
    /admission webhook|goroutine profile of the same minute/,
  ],
  [
    'those that hang are in no average',
    {
      rule: 'runtime.http-requests-wait',
      component: 'my-operator',
      stacks: CREATES,
      reads: 'goroutine',
      pages: {
        'rest_client_request_duration_seconds_sum{verb="POST"}': [0, 1],
        'rest_client_request_duration_seconds_count{verb="POST"}': [0, 50],
      },
    },
    /admission webhook/,
    /answers soon/,
  ],
  [
    'an etcd that answers in 5 ms is not what a hundred reads wait for',
    {
      rule: 'apiserver.etcd-wait',
      stacks: ETCD('Get'),
      reads: 'goroutine',
      pages: etcdAnswers('get', 300_000, 0.005),
    },
    /number of requests(?:.|\n)*Who asks most/,
    /look at the round trip from/,
  ],
  [
    'many fast reads do not hide that writes are slow',
    {
      rule: 'apiserver.etcd-wait',
      stacks: COMMITS,
      reads: 'goroutine',
      pages: { ...etcdAnswers('get', 100_000, 0.001), ...etcdAnswers('update', 1000, 0.5) },
    },
    /look at the disk of etcd/,
    /answers soon/,
  ],
  [
    'an election has to know how its Lease is now',
    {
      rule: 'apiserver.etcd-wait',
      stacks: ETCD('Get'),
      reads: 'goroutine',
      pages: { 'apiserver_request_total{verb="GET",resource="leases"}': [0, 900] },
    },
    /see whether etcd answers/,
    /an informer, or resourceVersion/,
  ],
  [
    'lists that wait for the next progress of etcd are not late',
    {
      rule: 'apiserver.fresh-wait',
      stacks: FRESH,
      reads: 'goroutine',
      pages: {
        'apiserver_watch_cache_read_wait_seconds_sum{resource="pods"}': [0, 1000],
        'apiserver_watch_cache_read_wait_seconds_count{resource="pods"}': [0, 12_000],
      },
    },
    /by design/,
    /look at etcd/,
  ],
  [
    'a webhook that answers often hides none that hangs',
    {
      rule: 'apiserver.webhook-admission.waiting',
      stacks: HOOK,
      reads: 'goroutine',
      pages: hookAnswers('fast', 10_000, 0.002),
    },
    /answers late/,
    /the webhooks answer fast/,
  ],
  [
    'webhooks that answer fast, for very many writes',
    {
      rule: 'apiserver.webhook-admission.waiting',
      stacks: HOOK,
      reads: 'goroutine',
      pages: hookAnswers('fast', 50_000, 0.03),
    },
    /the webhooks answer fast/,
    /answers late/,
  ],
  [
    'a runtime that answers in 20 ms is asked very often',
    {
      rule: 'kubelet.cri-wait',
      component: 'kubelet',
      stacks: RUNTIME,
      reads: 'goroutine',
      pages: {
        'kubelet_runtime_operations_duration_seconds_sum{operation_type="exec_sync"}': [0, 400],
        'kubelet_runtime_operations_duration_seconds_count{operation_type="exec_sync"}': [
          0, 20_000,
        ],
      },
    },
    /many calls at a time/,
    /Look at the runtime/,
  ],
])('%s', (_, server, told, not) => {
  const said = saidTo(server)
  expect(said).toMatch(told)
  expect(said).not.toMatch(not)
})
