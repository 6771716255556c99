import { expect, test } from 'vitest'
import { type Pages, saidTo } from '../said-to-server.ts'
import { ofDisk } from './of-disk.ts'

const ETCD = 'go.etcd.io/etcd/server/v3'
const MIB = 2 ** 20

const ofQuota = (pages: Pages) =>
  saidTo({
    rule: 'etcd.quota',
    component: 'etcd',
    reads: 'goroutine',
    stacks: `${ETCD}/etcdserver.(*EtcdServer).run; runtime.selectgo 1`,
    pages,
  })

const file = (size: number, revision: number, compacted: number): Pages => ({
  etcd_server_quota_backend_bytes: [32 * MIB, 32 * MIB],
  etcd_mvcc_db_total_size_in_bytes: [size * MIB, size * MIB],
  etcd_mvcc_db_total_size_in_use_in_bytes: [size * MIB, size * MIB],
  etcd_debugging_mvcc_keys_total: [1600, 1600],
  etcd_debugging_mvcc_current_revision: [revision, revision],
  etcd_debugging_mvcc_compact_revision: [compacted, compacted],
})
const PUTS = 'etcd_mvcc_put_total'
const REFUSED = 'grpc_server_handled_total{grpc_method="Put",grpc_code="ResourceExhausted"}'

test('a file of keys that were written once is not told to be compacted alone', () => {
  for (const said of [ofQuota(file(30, 1613, -1)), ofQuota(file(30, 9000, 8900))]) {
    expect(said).toMatch(/Nothing much in it is old/)
    expect(said).toMatch(/--quota-backend-bytes/)
    expect(said).toMatch(/--keys-only/)
    expect(said).not.toMatch(/Nothing has ever compacted it|old revisions or objects/)
  }
})

test('a file of revisions of the same keys is told to be compacted', () => {
  expect(ofQuota(file(30, 16000, -1))).toMatch(/Nothing has ever compacted it/)
  expect(ofQuota(file(30, 16000, 9000))).toMatch(/old revisions or objects/)
  // Transactions wrote many keys with each revision.
  expect(ofQuota(file(30, 160, -1))).toMatch(/Nothing has ever compacted it/)
  for (const revision of [16000, 160]) {
    expect(ofQuota(file(30, revision, -1))).not.toMatch(/Nothing much in it is old/)
  }
})

test('a file that is full is not asked when it will be, and the alarm is told where writes are refused', () => {
  const full = ofQuota({ ...file(33, 1613, -1), [PUTS]: [1612, 1612], [REFUSED]: [300, 700] })
  expect(full).toMatch(/^critical/)
  expect(full).toMatch(/has reached its quota/)
  expect(full).toMatch(/Writes are refused now/)
  expect(full).toMatch(/alarm disarm, for the alarm is raised/)
  expect(full).not.toMatch(/Seconds until it is full|alarm list/)
  const near = ofQuota({ ...file(30, 1613, -1), [PUTS]: [1600, 1612] })
  expect(near).toMatch(/Seconds until it is full/)
  expect(near).not.toMatch(/has reached its quota|refused now|alarm disarm/)
})

const ofRange = (pages: Pages) =>
  saidTo({
    rule: 'etcd.range',
    component: 'etcd',
    stacks: `${ETCD}/etcdserver/api/v3rpc.(*kvServer).Range; ${ETCD}/mvcc.(*storeTxnRead).rangeKeys 300`,
    pages: {
      'grpc_server_handled_total{grpc_method="Range"}': [0, 400],
      'grpc_server_handled_total{grpc_method="Put"}': [0, 40],
      etcd_network_client_grpc_sent_bytes_total: [0, 400_000_000],
      ...pages,
    },
  })

test('clients that watch already are told to take the value out of the event', () => {
  const watched = {
    etcd_debugging_mvcc_watcher_total: [12, 12],
    etcd_debugging_mvcc_events_total: [0, 440],
  } as const
  expect(ofRange(watched)).toMatch(/the event has the key and its value/)
  expect(ofRange({ ...watched, etcd_debugging_mvcc_events_total: [440, 440] })).toMatch(
    /Where clients read whole prefixes again and again: a watch/,
  )
  expect(ofRange({})).not.toMatch(/the event has the key and its value/)
})

test('no pages are advised against the CPU that reads of whole prefixes take', () => {
  expect(ofRange({})).toMatch(/Pages of the whole cost as much/)
  expect(ofRange({})).not.toMatch(/in pages/)
})

test('a few slow fsyncs are no warning', () => {
  expect(ofDisk(30, 0.8, 0)).toMatch(/^info/)
  expect(ofDisk(60, 1.6, 0)).toMatch(/^warning/)
})

test('where reads are slow as well, the CPU is asked before the disk', () => {
  const said = ofDisk(60, 1.6, 90)
  expect(said).toMatch(/^info/)
  expect(said).toMatch(/Where the node's CPUs are busy[^\n]*\nIf the disk itself/)
  expect(said).toMatch(/pressure\/cpu/)
  expect(ofDisk(60, 1.6, 40)).not.toMatch(/CPUs are busy|pressure/)
  // Most of the time in fsyncs: the disk it is.
  expect(ofDisk(30, 6, 90)).toMatch(/^critical/)
})

const ofDefrag = (runs: number) =>
  saidTo({
    rule: 'etcd.defrag',
    component: 'etcd',
    stacks: `${ETCD}/mvcc/backend.(*backend).defrag; ${ETCD}/mvcc/backend.defragdb 300`,
    pages: {
      etcd_disk_backend_defrag_duration_seconds_count: [3, 3 + runs],
      etcd_disk_backend_defrag_duration_seconds_sum: [2, 2 + runs / 2],
    },
  })

test('a defragmentation that comes again and again is not told to end alone', () => {
  expect(ofDefrag(5)).toMatch(/It runs again and again/)
  expect(ofDefrag(5)).not.toMatch(/Let it end/)
  expect(ofDefrag(1)).toMatch(/Let it end/)
  expect(ofDefrag(1)).not.toMatch(/It runs again and again/)
})

const ofSync = (compacted: number, pushes = '') =>
  saidTo({
    rule: 'etcd.watch-sync',
    component: 'etcd',
    stacks: `${ETCD}/mvcc.(*watchableStore).syncWatchersLoop; ${ETCD}/mvcc.(*watchableStore).syncWatchers 200${pushes}`,
    pages: { etcd_debugging_mvcc_compact_revision: [compacted, compacted] },
  })

test('an etcd that keeps all history is told of compaction, one that is compacted is not', () => {
  expect(ofSync(-1)).toMatch(/has not been compacted[^]*--auto-compaction-retention/)
  expect(ofSync(80_000)).not.toMatch(/auto-compaction/)
  expect(ofSync(-1, `\n${ETCD}/mvcc.(*watchableStore).notify 200`)).not.toMatch(/auto-compaction/)
})

const ofCommits = (commits: number) =>
  saidTo({
    rule: 'etcd.backend-commit',
    component: 'etcd',
    stacks: `${ETCD}/mvcc/backend.(*batchTx).commit; go.etcd.io/bbolt.(*Tx).Commit 200`,
    pages: {
      etcd_disk_backend_commit_duration_seconds_count: [100, 100 + commits],
      etcd_disk_backend_commit_duration_seconds_sum: [1, 2],
    },
  })

test('commits that come before their time are told of both settings that end batches', () => {
  expect(ofCommits(2500)).toMatch(
    /backend-batch-interval below 100ms, their defaults: leave both out[^]*fewer and smaller updates/,
  )
  expect(ofCommits(100)).not.toMatch(/below 100ms/)
})

test('a call of a single key that is dear by itself goes through no prefix', () => {
  const few = {
    'grpc_server_handled_total{grpc_method="Range"}': [0, 120],
    etcd_network_client_grpc_sent_bytes_total: [0, 190_000],
  } as const
  const call = `${ETCD}/etcdserver/api/v3rpc.(*kvServer).Range`
  const said = (stacks: string) =>
    saidTo({ rule: 'etcd.range', component: 'etcd', stacks, pages: few })
  expect(said(`${call}; ${ETCD}/etcdserver.(*EtcdServer).Range 90`)).not.toMatch(/far more keys/)
  expect(said(`${call}; ${ETCD}/mvcc.(*storeTxnRead).rangeKeys 90`)).toMatch(/far more keys/)
})

const GRANTED = 'etcd_debugging_lease_granted_total'
const REVOKED = 'etcd_debugging_lease_revoked_total'
const TTL = 'etcd_debugging_lease_ttl_total'
const RENEWED = 'etcd_debugging_lease_renewed_total'
const OPENED = 'grpc_server_started_total{grpc_method="LeaseKeepAlive"}'
const ofLeases = (stacks: string, pages: Pages) =>
  saidTo({ rule: 'etcd.lease-churn', component: 'etcd', stacks, pages, seconds: 60 })

test('leases that clients revoke themselves are sessions, those that run out are not', () => {
  const stacks = `${ETCD}/lease.(*lessor).Grant 100\n${ETCD}/lease.(*lessor).Revoke 200\nmain.main 300`
  const locks = ofLeases(stacks, { [GRANTED]: [0, 1700], [REVOKED]: [0, 1700] })
  expect(locks).toMatch(/keep one session/)
  expect(locks).not.toMatch(/expire by itself/)
  const ranOut = { etcd_debugging_server_lease_expired_total: [0, 1700] } as const
  expect(ofLeases(stacks, { [GRANTED]: [0, 1700], [REVOKED]: [0, 1700], ...ranOut })).toMatch(
    /expire by itself/,
  )
})

const renewedBy = (opened: number): Pages => ({
  [GRANTED]: [10, 10],
  [`${TTL}_sum`]: [600, 600],
  [`${TTL}_count`]: [10, 10],
  [RENEWED]: [0, 8000],
  [OPENED]: [0, opened],
})

test('a lease that is renewed in a loop is found with any TTL, by a stream for each renewal', () => {
  const stacks = `${ETCD}/etcdserver/api/v3rpc.(*LeaseServer).LeaseKeepAlive 160`
  const said = ofLeases(stacks, renewedBy(8000))
  expect(said).toMatch(/KeepAliveOnce/)
  expect(said).not.toMatch(/several leases|longer ones/)
  expect(ofLeases(stacks, renewedBy(10))).toBe('')
})

const ofWatches = (pages: Pages) =>
  saidTo({
    rule: 'etcd.watch-fanout',
    component: 'etcd',
    stacks: `${ETCD}/etcdserver/api/v3rpc.(*serverWatchStream).sendLoop 100\ngoogle.golang.org/grpc/internal/transport.(*loopyWriter).run 70`,
    pages: {
      etcd_mvcc_put_total: [0, 200],
      etcd_debugging_mvcc_events_total: [0, 30000],
      ...pages,
    },
  })

const ofStreams = (streams: number) =>
  ofWatches({
    etcd_debugging_mvcc_watcher_total: [150, 150],
    etcd_debugging_mvcc_watch_stream_total: [streams, streams],
  })

test('watches on one stream are told apart from those that each have one, and no part is above the whole', () => {
  expect(ofStreams(150)).toMatch(/a stream of its own/)
  expect(ofStreams(9)).toMatch(/more watches than streams/)
  expect(ofStreams(9)).not.toMatch(/a stream of its own/)
  expect(ofStreams(9)).toMatch(/A further 15% of the CPU time writes to connections/)
})

const ofChurn = (events: number) =>
  saidTo({
    rule: 'etcd.watch-churn',
    component: 'etcd',
    stacks: `${ETCD}/etcdserver/api/v3rpc.(*serverWatchStream).recvLoop 100\nmain.main 200`,
    pages: {
      'grpc_server_msg_received_total{grpc_method="Watch"}': [0, 9000],
      etcd_debugging_mvcc_events_total: [0, events],
    },
  })

test('watches that see no event are not made anew after each', () => {
  expect(ofChurn(4)).not.toMatch(/after each event/)
  expect(ofChurn(8000)).toMatch(/after each event/)
})

const ofAllocated = (target: number) =>
  saidTo({
    rule: 'etcd.range.memory',
    component: 'etcd',
    reads: 'alloc_space',
    stacks: `${ETCD}/mvcc.(*storeTxnRead).rangeKeys 900\nmain.main 100`,
    pages: {
      go_memstats_heap_inuse_bytes: [150 * MIB, 150 * MIB],
      go_memstats_next_gc_bytes: [target * MIB, target * MIB],
      etcd_network_client_grpc_sent_bytes_total: [0, 400_000_000],
    },
  })

test('answers that were allocated are no finding where little is alive', () => {
  expect(ofAllocated(60)).toBe('')
  expect(ofAllocated(400)).toMatch(/^info/)
})
