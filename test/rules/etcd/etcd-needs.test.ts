import { expect, test } from 'vitest'
import { type Pages, saidTo } from '../said-to-server.ts'
import { ofDisk } from './of-disk.ts'

const ETCD = 'go.etcd.io/etcd/server/v3'
const FSYNC = 'etcd_disk_wal_fsync_duration_seconds'

test('a few fsyncs that nothing waited for ask for neither a disk nor more CPU', () => {
  const said = ofDisk(40, 0.8, 0)
  expect(said).toMatch(/nothing to mend yet/)
  expect(said).not.toMatch(/a disk of its own|CPUs are busy/)
  for (const [seconds, slow] of [
    [0.8, 20],
    [3, 0],
  ] as const) {
    expect(ofDisk(40, seconds, slow)).toMatch(/a disk of its own/)
    expect(ofDisk(40, seconds, slow)).not.toMatch(/nothing to mend yet/)
  }
})

test('reads that are slow beside hardly an fsync ask for CPU alone', () => {
  const said = ofDisk(30, 0.8, 80)
  expect(said).toMatch(/CPUs are busy/)
  expect(said).not.toMatch(/a disk of its own/)
  expect(ofDisk(30, 1.6, 80)).toMatch(/a disk of its own/)
})

test('fewer writes are no cure of a disk that is slow with few of them', () => {
  expect(ofDisk(115, 3.6, 7, 190)).not.toMatch(/fewer updates/)
  expect(ofDisk(250, 8, 7, 300)).toMatch(/fewer updates/)
  expect(ofDisk(90, 9, 7, 120)).toMatch(/fewer updates/)
})

const AS = 'k8s.io/apiserver/pkg'
const BEGINS = `${AS}/storage/cacher.(*cacheWatcher).processInterval; ${AS}/storage/cacher.(*cacheWatcher).sendWatchCacheEvent 300`
const ofWatches = (handshakes: number) =>
  saidTo({
    rule: 'apiserver.watch-init-events',
    stacks: `${BEGINS}\nnet/http.(*conn).serve; crypto/tls.(*Conn).serverHandshake ${handshakes}`,
    minor: 35,
    pages: {
      'apiserver_longrunning_requests{resource="pods",verb="WATCH"}': [90, 90],
      'apiserver_request_total{code="200",resource="pods",verb="WATCH"}': [0, 200],
      apiserver_watch_list_duration_seconds_count: [0, 200],
    },
  })

test('watches that come back with a list on new connections are those of new processes, or were cut', () => {
  const cut = ofWatches(60)
  expect(cut).toMatch(/their program starts again[^]*cut from outside[^]*a selector/)
  expect(cut).not.toMatch(/timeoutSeconds/)
  const kept = ofWatches(0)
  expect(kept).toMatch(/timeoutSeconds/)
  expect(kept).not.toMatch(/cut from outside/)
})

const READS = `${ETCD}/storage/mvcc.(*storeTxnRead).rangeKeys 300`
const readers = (watches: number): Pages => ({
  etcd_debugging_mvcc_watcher_total: [watches, watches],
})

test('an etcd in which nothing watches is not read by an apiserver', () => {
  for (const [rule, reads] of [
    ['etcd.range', 'cpu'],
    ['etcd.range.memory', 'alloc_space'],
  ] as const) {
    const said = (watches: number) =>
      saidTo({ rule, component: 'etcd', reads, stacks: READS, pages: readers(watches) })
    expect(said(50)).toMatch(/Where an apiserver reads so much/)
    expect(said(0)).toMatch(/read whole prefixes/)
    expect(said(0)).not.toMatch(/Where an apiserver reads so much/)
  }
})

const ofElections = (late: number) =>
  saidTo({
    rule: 'etcd.leader-changes',
    component: 'etcd',
    reads: 'goroutine',
    stacks: `${ETCD}/etcdserver.(*raftNode).start.func1; runtime.selectgo 1`,
    pages: {
      etcd_server_leader_changes_seen_total: [2, 6],
      etcd_server_has_leader: [1, 1],
      etcd_server_heartbeat_send_failures_total: [0, late],
      [`${FSYNC}_count`]: [100, 400],
      [`${FSYNC}_sum`]: [1, 1.6],
    },
  })

test('a leader that is late by itself is not told to look for peers that stand still', () => {
  expect(ofElections(12)).toMatch(/sends heartbeats late when it leads/)
  expect(ofElections(12)).not.toMatch(/other members stand still/)
  expect(ofElections(0)).toMatch(/other members stand still/)
})
