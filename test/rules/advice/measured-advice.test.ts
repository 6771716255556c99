import { expect, test } from 'vitest'
import { diagnose } from '../../../diagnosis/index.ts'
import { loadRules } from '../../../judge/index.ts'
import { profileFromFolded } from '../../../profile/index.ts'
import { cpuProfile } from '../../diagnosis/make-rule.ts'

const { ruleSet } = await loadRules()

/** What a rule advises for these stacks, while the counters of its process grow by these numbers in its second. */
function remedyOf(
  rule: string,
  component: string,
  stacks: string,
  counters: Readonly<Record<string, number>>,
): string {
  const page = (factor: number) =>
    Object.entries(counters)
      .map(([name, value]) => `${name} ${value * factor}\n`)
      .join('') + 'process_start_time_seconds 1\n'
  const profile = cpuProfile(`${stacks}\nnet/http.(*conn).serve 300`, 1)
  return diagnose([{ path: 'cpu.pb.gz', profile, component }], ruleSet, {
    language: 'en',
    metricsBefore: page(0),
    metrics: page(1),
  })
    .findings.filter((finding) => finding.rule === rule)
    .flatMap((finding) => finding.remedy)
    .join('\n')
}

const ETCD = 'go.etcd.io/etcd/server/v3'
const SEND = `${ETCD}/etcdserver/api/v3rpc.(*serverWatchStream).sendLoop; google.golang.org/grpc.encode 300`
const RANGE = `${ETCD}/etcdserver/api/v3rpc.(*kvServer).Range; ${ETCD}/mvcc.(*storeTxnRead).rangeKeys 300`
const SENT = 'etcd_network_client_grpc_sent_bytes_total'
const RANGES = 'etcd_mvcc_range_total'
const ASKED = 'grpc_server_handled_total{grpc_method="Range"}'
const SYNCS = 'kubeproxy_sync_proxy_rules_duration_seconds'
const QUEUE = 'k8s.io/kubernetes/pkg/scheduler/backend/queue.(*PriorityQueue)'
const LABELLED = `k8s.io/kubernetes/pkg/scheduler.(*Scheduler).updateNodeInCache; ${QUEUE}.MoveAllToActiveOrBackoffQueue 300`
const PUTS = 'etcd_mvcc_put_total'
const EVENTS = 'etcd_debugging_mvcc_events_total'
const GRANTED = 'etcd_debugging_lease_granted_total'
const REVOKE = `${ETCD}/lease.(*lessor).Revoke 300`
const COMPACT = `${ETCD}/mvcc.(*store).scheduleCompaction 300`
const COMPACTIONS = 'etcd_debugging_mvcc_db_compaction_total_duration_milliseconds_count'
const SYNC = `${ETCD}/mvcc.(*watchableStore).syncWatchersLoop; ${ETCD}/mvcc.(*watchableStore).syncWatchers 200`
const VICTIMS = `${ETCD}/mvcc.(*watchableStore).syncVictimsLoop; ${ETCD}/mvcc.(*watchableStore).moveVictims 100`
const PLUGINS = 'k8s.io/kubernetes/pkg/scheduler/framework/plugins'
const CADVISOR = 'github.com/google/cadvisor'

const DELETE_ITEM =
  'k8s.io/kubernetes/pkg/controller/garbagecollector.(*GarbageCollector).attemptToDeleteItem 300'
const DELETIONS = '{name="garbage_collector_attempt_to_delete"}'
const LIMITER = 'rest_client_rate_limiter_duration_seconds'
const deletions = (depth: number, waited: number) => ({
  [`workqueue_depth${DELETIONS}`]: depth,
  [`workqueue_adds_total${DELETIONS}`]: depth,
  [`workqueue_work_duration_seconds_sum${DELETIONS}`]: 40,
  [`workqueue_work_duration_seconds_count${DELETIONS}`]: 1000,
  [`${LIMITER}_sum{verb="GET"}`]: waited,
  [`${LIMITER}_count{verb="GET"}`]: 1000,
  [`${LIMITER}_sum{verb="DELETE"}`]: waited,
  [`${LIMITER}_count{verb="DELETE"}`]: 1000,
})

test.each([
  // More workers help where the time of an object is not that of the client's limiter, in milliseconds or seconds.
  [
    'kcm.garbage-collector',
    'kube-controller-manager',
    DELETE_ITEM,
    deletions(5172, 12),
    /kube-api-qps/,
    /concurrent-gc/,
  ],
  [
    'kcm.garbage-collector',
    'kube-controller-manager',
    DELETE_ITEM,
    deletions(5172, 1),
    /concurrent-gc/,
    /kube-api-qps/,
  ],
  [
    'kcm.garbage-collector',
    'kube-controller-manager',
    DELETE_ITEM,
    deletions(0, 12),
    /has ended/,
    /concurrent-gc|kube-api-qps/,
  ],
  ['etcd.watch-fanout', 'etcd', SEND, { [PUTS]: 100, [EVENTS]: 120 }, /it is the writes/, /proxy/],
  ['etcd.watch-fanout', 'etcd', SEND, { [PUTS]: 100, [EVENTS]: 9000 }, /proxy/, /the writes that/],
  // Many small reads and a few long lists have small answers on average, too.
  ['etcd.range', 'etcd', RANGE, { [RANGES]: 5000, [SENT]: 2e8 }, /far larger/, /single keys/],
  ['etcd.range', 'etcd', RANGE, { [RANGES]: 5000, [SENT]: 2e6 }, /single keys/, /far larger/],
  // Transactions read ranges as well: those are no answers.
  [
    'etcd.range',
    'etcd',
    RANGE,
    { [ASKED]: 40, [RANGES]: 900, [SENT]: 7e7 },
    /whole prefixes/,
    /answers are small/,
  ],
  [
    'etcd.range',
    'etcd',
    RANGE,
    { [ASKED]: 5000, [RANGES]: 9000, [SENT]: 2e8, etcd_server_slow_apply_total: 0 },
    /none was slow/,
    /below: which keys|single keys/,
  ],
  [
    'etcd.range',
    'etcd',
    RANGE,
    { [RANGES]: 5, [SENT]: 5e4 },
    /more than a millisecond/,
    /far larger/,
  ],
  [
    'scheduler.plugin-cost',
    'kube-scheduler',
    `${PLUGINS}/podtopologyspread.(*PodTopologySpread).calPreFilterState.func1 600`,
    {},
    /which fields of pods/,
    /percentageOfNodesToScore/,
  ],
  [
    'scheduler.plugin-cost',
    'kube-scheduler',
    `${PLUGINS}/podtopologyspread.(*PodTopologySpread).Score 600`,
    {},
    /percentageOfNodesToScore/,
    /^$/,
  ],
  [
    'scheduler.plugin-cost',
    'kube-scheduler',
    `${PLUGINS}/podtopologyspread.(*PodTopologySpread).Score 600`,
    { 'scheduler_scheduler_cache_size{type="nodes"}': 120 },
    /defaultingType: List/,
    /percentageOfNodesToScore/,
  ],
  [
    'scheduler.plugin-cost',
    'kube-scheduler',
    `${PLUGINS}/noderesources.(*Fit).Filter 600`,
    { 'scheduler_cache_size{type="nodes"}': 150 },
    /fit nowhere/,
    /percentageOfNodesToScore|take them off/,
  ],
  [
    'scheduler.interpod-affinity',
    'kube-scheduler',
    `${PLUGINS}/interpodaffinity.(*InterPodAffinity).getIncomingAffinityAntiAffinityCounts.func1 600`,
    {},
    /more namespaces than it must/,
    /^$/,
  ],
  [
    'scheduler.interpod-affinity',
    'kube-scheduler',
    `${PLUGINS}/interpodaffinity.(*InterPodAffinity).getExistingAntiAffinityCounts.func1 600`,
    {},
    /terms that they do not need/,
    /more namespaces than it must/,
  ],
  ['etcd.compaction', 'etcd', COMPACT, { [COMPACTIONS]: 2 }, /is enough/, /fewer updates/],
  [
    'etcd.compaction',
    'etcd',
    COMPACT,
    { [COMPACTIONS]: 0, [PUTS]: 10 },
    /fewer updates/,
    /is enough/,
  ],
  [
    'kubeproxy.sync',
    'kube-proxy',
    'k8s.io/kubernetes/pkg/proxy/iptables.(*Proxier).syncProxyRules 600',
    {},
    /--iptables-min-sync-period/,
    /ipvs/,
  ],
  [
    'kubeproxy.sync',
    'kube-proxy',
    'k8s.io/kubernetes/pkg/proxy/iptables.(*Proxier).syncProxyRules 600',
    { [`${SYNCS}_count{ip_family="IPv4"}`]: 6, [`${SYNCS}_sum{ip_family="IPv4"}`]: 1 },
    /So many syncs a second[^]*nftables/,
    /If --iptables-min-sync-period/,
  ],
  [
    'kubeproxy.sync',
    'kube-proxy',
    'k8s.io/kubernetes/pkg/proxy/iptables.(*Proxier).syncProxyRules 600',
    { [`${SYNCS}_count{ip_family="IPv4"}`]: 0.8, [`${SYNCS}_sum{ip_family="IPv4"}`]: 0.4 },
    /nftables/,
    /of 1s/,
  ],
  [
    'scheduler.queue-moves',
    'kube-scheduler',
    LABELLED,
    { 'scheduler_pending_pods{queue="unschedulable"}': 2769 },
    /^Find what changes nodes[^]*never fit/,
    /gates are never removed/,
  ],
  [
    'scheduler.queue-moves',
    'kube-scheduler',
    LABELLED,
    {
      'scheduler_pending_pods{queue="gated"}': 900,
      'scheduler_pending_pods{queue="unschedulable"}': 0,
    },
    /what changes nodes/,
    /never fit/,
  ],
  ['etcd.lease-churn', 'etcd', REVOKE, { [GRANTED]: 5, [PUTS]: 2500 }, /fewer keys/, /^$/],
  [
    'etcd.lease-churn',
    'etcd',
    REVOKE,
    { [GRANTED]: 500, [PUTS]: 500 },
    /one for each key/,
    /fewer keys/,
  ],
  [
    'etcd.watch-sync',
    'etcd',
    `${SYNC}\n${VICTIMS}`,
    {},
    /more new events than their streams take/,
    /old revision/,
  ],
  ['etcd.watch-sync', 'etcd', SYNC, {}, /old revision/, /more new events than their streams take/],
  ['etcd.lease-churn', 'etcd', REVOKE, { [GRANTED]: 500 }, /one for each key/, /an apiserver/],
  ['etcd.lease-churn', 'etcd', REVOKE, { [GRANTED]: 0.5 }, /an apiserver/, /^$/],
  [
    'etcd.range',
    'etcd',
    `${ETCD}/etcdserver.(*EtcdServer).applyEntryNormal; ${ETCD}/mvcc.(*storeTxnWrite).Range; ${ETCD}/mvcc.(*storeTxnRead).rangeKeys 300`,
    { [RANGES]: 50, [SENT]: 1e9 },
    /transactions that write/,
    /in pages/,
  ],
  [
    'kubelet.cadvisor-housekeeping',
    'kubelet',
    `${CADVISOR}/manager.(*containerData).housekeeping; ${CADVISOR}/manager.(*containerData).updateStats 600`,
    {},
    /more cgroups than pods/,
    /very many files/,
  ],
])('%s of %s for %s and %o', (rule, component, stacks, counters, told, not) => {
  const remedy = remedyOf(rule, component, stacks, { process_cpu_seconds_total: 1, ...counters })
  expect(remedy).toMatch(told)
  expect(remedy).not.toMatch(not)
})

/** What is advised for the watch streams of these goroutines. */
function adviceFor(stacks: string): string {
  const profile = profileFromFolded(stacks, [{ type: 'goroutine', unit: 'count' }])
  const inputs = [{ path: 'goroutine', profile, component: 'etcd' }]
  return diagnose(inputs, ruleSet, { language: 'en' })
    .findings.filter(({ rule }) => rule === 'etcd.watch-streams')
    .flatMap(({ remedy }) => remedy)
    .join('\n')
}

test('an upgrade of etcd is advised for streams that are closed, not for those that are open', () => {
  const stream = `${ETCD}/etcdserver/api/v3rpc.(*serverWatchStream).recvLoop`
  const open = `${stream}; google.golang.org/grpc.(*serverStream).RecvMsg; runtime.gopark 9000`
  expect(adviceFor(open)).toMatch(/keep one watcher/)
  expect(adviceFor(open)).not.toMatch(/3\.5\.17/)
  expect(adviceFor(`${open}\n${stream}; runtime.chansend1; runtime.gopark 900`)).toMatch(/3\.5\.17/)
})

const CRI = 'github.com/containerd/containerd/v2/internal/cri/server.(*criService)'
const GC = 'k8s.io/kubernetes/pkg/controller/garbagecollector'
const DELETES = '{name="garbage_collector_attempt_to_delete"}'

test.each([
  [
    'kubelet.pleg',
    'kubelet',
    'k8s.io/kubernetes/pkg/kubelet/pleg.(*GenericPLEG).Relist 300',
    { 'kubelet_running_containers{container_state="exited"}': 3 },
    /number of pods/,
    /many are dead/,
  ],
  [
    'kubeproxy.sync',
    'kube-proxy',
    'k8s.io/kubernetes/pkg/proxy/iptables.(*Proxier).syncProxyRules 300',
    {
      kubeproxy_sync_proxy_rules_endpoint_changes_total: 0,
      kubeproxy_sync_proxy_rules_service_changes_total: 0,
    },
    /nftables/,
    /same Services change/,
  ],
  [
    'client.relist',
    'shop',
    'k8s.io/client-go/tools/cache.(*Reflector).list 300',
    { 'rest_client_requests_total{code="200"}': 5 },
    /log shows watches/,
    /may not watch/,
  ],
  [
    'kcm.garbage-collector',
    'kube-controller-manager',
    `${GC}.(*GraphBuilder).processGraphChanges 200\n${GC}.(*GarbageCollector).attemptToDeleteItem 100`,
    { [`workqueue_adds_total${DELETES}`]: 0, [`workqueue_depth${DELETES}`]: 0 },
    /Keeping the graph/,
    /many owners|its queues wait|has ended/,
  ],
  [
    'scheduler.queue-moves',
    'kube-scheduler',
    'k8s.io/kubernetes/pkg/scheduler/internal/queue.(*PriorityQueue).MoveAllToActiveOrBackoffQueue 300',
    {
      'scheduler_pending_pods{queue="unschedulable"}': 0,
      'scheduler_pending_pods{queue="gated"}': 0,
    },
    /which events there are/,
    /never fit/,
  ],
  [
    'client.list-loop',
    'shop',
    'main.sync; sigs.k8s.io/controller-runtime/pkg/client.(*unstructuredClient).List 300',
    {},
    /if they are read with GetAPIReader\(\), and typed objects, or CacheOptions\.Unstructured/,
    /DisableFor/,
  ],
  [
    'client.discovery-again',
    'shop',
    'main.probe; k8s.io/client-go/discovery.(*DiscoveryClient).ServerVersion 300',
    {},
    /whether the server answers/,
    /NewMemCacheClient/,
  ],
  ['containerd.cri-list', 'containerd', `${CRI}.ListPodSandboxStats 300`, {}, /scraped/, /dead/],
] as const)('%s of %s: advice holds for what is measured', (...of) => {
  const [rule, component, stacks, counters, told, not] = of
  const remedy = remedyOf(rule, component, stacks, { process_cpu_seconds_total: 1, ...counters })
  expect(remedy).toMatch(told)
  expect(remedy).not.toMatch(not)
})
