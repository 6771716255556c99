import { expect, test } from 'vitest'
import { saidTo, type Server } from './said-to-server.ts'

const AS = 'k8s.io/apiserver/pkg'
const VERIFIES = `${AS}/authentication/token/cache.(*cachedTokenAuthenticator).doAuthenticateToken.func1; k8s.io/kubernetes/pkg/serviceaccount.(*jwtTokenAuthenticator).AuthenticateToken 300`
const REVIEWS = `k8s.io/apiserver/plugin/pkg/authenticator/token/webhook.(*WebhookTokenAuthenticator).AuthenticateToken; k8s.io/client-go/rest.(*Request).Do; runtime.selectgo 150`
const LISTS = `${AS}/endpoints/handlers.ListResource; ${AS}/storage/etcd3.(*store).GetList; k8s.io/api/core/v1.(*Pod).Unmarshal 700`
const SELECTS = `${AS}/storage/cacher.(*Cacher).GetList; ${AS}/storage.(*SelectionPredicate).MatchesObjectAttributes 300`
const READS = `${AS}/storage/cacher.(*Cacher).GetList; ${AS}/storage/cacher.(*watchCache).WaitUntilFreshAndList 300`
const CUSTOM = 'k8s.io/apiextensions-apiserver/pkg/apiserver.(*crdHandler).ServeHTTP'
const SENDS = `${AS}/endpoints/handlers.ListResource; k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Encode; golang.org/x/net/http2.(*serverConn).writeDataFromHandler; runtime.selectgo 400`
const SCRAPES =
  'github.com/prometheus/client_golang/prometheus/promhttp.HandlerForTransactional.func1; github.com/prometheus/client_golang/prometheus.(*Registry).Gather 300'
const WALKS =
  'k8s.io/kubernetes/plugin/pkg/auth/authorizer/node.(*NodeAuthorizer).hasPathFrom; k8s.io/kubernetes/third_party/forked/gonum/graph/traverse.(*VisitingDepthFirst).Walk 300'
const LOGS = 'go.uber.org/zap.(*Logger).Warn; go.uber.org/zap/zapcore.(*CheckedEntry).Write 300'
const BACKUP = 'go.etcd.io/etcd/server/v3/etcdserver/api/v3rpc.(*maintenanceServer).Snapshot 300'
const ESTIMATES =
  'k8s.io/autoscaler/cluster-autoscaler/core.(*StaticAutoscaler).RunOnce; k8s.io/autoscaler/cluster-autoscaler/core/scaleup/orchestrator.(*ScaleUpOrchestrator).ScaleUp 600'
const DISCOVERS = `k8s.io/client-go/discovery/cached/memory.(*memCacheClient).ServerGroups; k8s.io/client-go/rest.Result.Into; k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Decode 300`
const CONTAINERS =
  'github.com/containerd/containerd/pkg/cri/server.(*criService).ListContainers 300'
const MOVES =
  'k8s.io/kubernetes/pkg/scheduler/internal/queue.(*PriorityQueue).MoveAllToActiveOrBackoffQueue 300'
const WORKER = 'k8s.io/kubernetes/pkg/controller/replicaset.(*ReplicaSetController).worker'

const ENCODES = `${AS}/endpoints/handlers/responsewriters.SerializeObject; k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Encode 300`
const RUNS = 'go.etcd.io/etcd/server/v3/etcdserver.(*EtcdServer).run 1'

const REFUSED = {
  'authentication_attempts{result="error"}': [0, 900],
  'authentication_attempts{result="success"}': [0, 100],
} as const
const FELL_BACK = {
  'apiserver_watch_cache_consistent_read_total{fallback="true"}': [0, 300],
  'apiserver_watch_cache_consistent_read_total{fallback="false"}': [0, 300],
} as const
const FROM_CACHE = {
  'apiserver_watch_cache_consistent_read_total{fallback="false"}': [0, 300],
} as const

test.each<[string, Server, RegExp, RegExp]>([
  [
    'tokens that are refused are not those of one user that brings ever new ones',
    { rule: 'apiserver.authn-token', stacks: VERIFIES, pages: REFUSED },
    /give them valid ones(?:.|\n)*401/,
    /ever new tokens|credential-id/,
  ],
  [
    'nor where a webhook that fails is asked again',
    { rule: 'apiserver.webhook-auth.waiting', stacks: REVIEWS, reads: 'goroutine', pages: REFUSED },
    /the webhook fails(?:.|\n)*Unable to authenticate/,
    /ever new tokens|webhook-cache-ttl \(/,
  ],
  [
    'consistent lists that fall back to etcd have neither continue nor a version',
    { rule: 'apiserver.list-from-etcd', stacks: LISTS, pages: FELL_BACK },
    /fall back to etcd(?:.|\n)*no resourceVersion in the URI/,
    /so these have continue/,
  ],
  [
    'where consistent lists come from the cache, who names no version is not who reads etcd',
    { rule: 'apiserver.list-from-etcd', stacks: LISTS, pages: FROM_CACHE },
    /Who pages or asks for an exact/,
    /no resourceVersion in the URI|fall back/,
  ],
  [
    'nor from 1.34 on',
    { rule: 'apiserver.list-from-etcd', stacks: LISTS, pages: FROM_CACHE, minor: 35 },
    /older than its history(?:.|\n)*Who pages or asks for an exact/,
    /no resourceVersion in the URI/,
  ],
  [
    'lists of ConfigMaps have no nodes',
    {
      rule: 'apiserver.list-selective',
      stacks: READS,
      pages: {
        'apiserver_request_total{verb="LIST",resource="configmaps"}': [0, 900],
        'apiserver_cache_list_total{resource="configmaps"}': [0, 900],
        'apiserver_cache_list_returned_objects_total{resource="configmaps"}': [0, 900],
      },
    },
    /metadata\.name within/,
    /spec\.nodeName/,
  ],
  [
    'nor have their selectors',
    {
      rule: 'apiserver.list-filter-waste',
      stacks: SELECTS,
      pages: {
        'apiserver_request_total{verb="LIST",resource="configmaps"}': [0, 900],
        'apiserver_cache_list_total{resource="configmaps"}': [0, 900],
        'apiserver_cache_list_returned_objects_total{resource="configmaps"}': [0, 900],
      },
    },
    /metadata\.name within/,
    /spec\.nodeName/,
  ],
  [
    'lists of custom resources have no protobuf',
    { rule: 'apiserver.slow-readers', stacks: `${CUSTOM}; ${SENDS}`, reads: 'goroutine' },
    /Smaller answers/,
    /protobuf/,
  ],
  [
    'lists of built-in kinds have',
    { rule: 'apiserver.slow-readers', stacks: SENDS, reads: 'goroutine' },
    /protobuf/,
    /crdHandler/,
  ],
  [
    'an etcd without histograms of gRPC does not run with --metrics=extensive',
    {
      rule: 'apiserver.metrics-scrape',
      component: 'etcd',
      stacks: SCRAPES,
      pages: { etcd_server_proposals_applied_total: [0, 10] },
    },
    /by several scrapers/,
    /extensive/,
  ],
  [
    'one with them does',
    {
      rule: 'apiserver.metrics-scrape',
      component: 'etcd',
      stacks: SCRAPES,
      pages: {
        etcd_server_proposals_applied_total: [0, 10],
        grpc_server_handling_seconds_count: [0, 10],
      },
    },
    /extensive/,
    /^$/,
  ],
  [
    'where nothing is refused, nodes do not ask for what they may not read',
    {
      rule: 'apiserver.node-authorizer',
      stacks: WALKS,
      minor: 30,
      pages: {
        'authorization_attempts_total{result="no-opinion"}': [0, 0],
        'authorization_attempts_total{result="allowed"}': [0, 900],
      },
    },
    /all mount the same ones/,
    /403/,
  ],
  [
    'an etcd without slow requests logs something else',
    {
      rule: 'any.logging',
      component: 'etcd',
      stacks: LOGS,
      pages: { etcd_server_slow_apply_total: [5, 5], etcd_server_proposals_applied_total: [0, 10] },
    },
    /log-level=warn/,
    /took too long/,
  ],
  [
    'a member alone has no follower',
    {
      rule: 'etcd.snapshot',
      component: 'etcd',
      stacks: BACKUP,
      pages: { etcd_server_is_leader: [1, 1] },
    },
    /off hours/,
    /follower/,
  ],
  [
    'a leader has',
    {
      rule: 'etcd.snapshot',
      component: 'etcd',
      stacks: BACKUP,
      pages: {
        etcd_server_is_leader: [1, 1],
        'etcd_network_peer_round_trip_time_seconds_count{To="b"}': [0, 9],
      },
    },
    /from that one/,
    /^$/,
  ],
  [
    'the autoscaler has said what takes long, and that no pod waits',
    {
      rule: 'autoscaler.simulation',
      component: 'cluster-autoscaler',
      stacks: ESTIMATES,
      pages: {
        'cluster_autoscaler_unschedulable_pods_count{type="unschedulable"}': [0, 0],
        'cluster_autoscaler_function_duration_seconds_sum{function="main"}': [0, 9],
        'cluster_autoscaler_function_duration_seconds_count{function="main"}': [0, 1],
      },
    },
    /node groups/,
    /can never be scheduled|grep cluster_autoscaler|kubectl get pods/,
  ],
  [
    'documents of discovery are no custom resources',
    { rule: 'client.json-decode', component: 'kube-controller-manager', stacks: DISCOVERS },
    /discovery documents|discovery/,
    /fewer or smaller ones/,
  ],
  [
    'few dead containers leave the number of pods',
    { rule: 'containerd.cri-list', component: 'containerd', stacks: CONTAINERS },
    /number of pods/,
    /^$/,
  ],
  [
    'the events that move pods are in the evidence of older schedulers, too',
    {
      rule: 'scheduler.queue-moves',
      component: 'kube-scheduler',
      stacks: MOVES,
      minor: 28,
      pages: { 'scheduler_queue_incoming_pods_total{event="NodeUpdate"}': [0, 900] },
    },
    /NodeUpdate/,
    /topk\(10, sum by \(event\)/,
  ],
  [
    'nor is it answered by an informer',
    {
      rule: 'apiserver.encode-json',
      stacks: ENCODES,
      pages: { 'apiserver_request_total{verb="GET",resource="leases"}': [0, 900] },
    },
    /RetryPeriod/,
    /read them from an informer/,
  ],
  [
    'a file that is mostly free needs no larger quota',
    {
      rule: 'etcd.quota',
      component: 'etcd',
      stacks: RUNS,
      reads: 'goroutine',
      pages: {
        etcd_server_quota_backend_bytes: [2e9, 2e9],
        etcd_mvcc_db_total_size_in_bytes: [1.9e9, 1.9e9],
        etcd_mvcc_db_total_size_in_use_in_bytes: [1e8, 1e8],
        etcd_debugging_mvcc_compact_revision: [900, 900],
      },
    },
    /defragment/,
    /larger --quota-backend-bytes/,
  ],
  [
    'workers that compute wait for no answer',
    {
      rule: 'kcm.replicaset-workers',
      component: 'kube-controller-manager',
      stacks: `${WORKER}; sort.Sort 5`,
      reads: 'goroutine',
    },
    /CPU profile of the same minute/,
    /latency of writes/,
  ],
])('%s', (_, server, told, not) => {
  const said = saidTo(server)
  expect(said).toMatch(told)
  expect(said).not.toMatch(not)
})
