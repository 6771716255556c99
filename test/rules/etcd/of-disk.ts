import { saidTo } from '../said-to-server.ts'

/** What etcd.wal-fsync says of a member with so many fsyncs, seconds in them, slow applies and writes in ten seconds. */
export function ofDisk(fsyncs: number, seconds: number, slow: number, writes = fsyncs): string {
  return saidTo({
    rule: 'etcd.wal-fsync',
    component: 'etcd',
    reads: 'goroutine',
    stacks: 'go.etcd.io/etcd/server/v3/etcdserver.(*raftNode).start.func1; runtime.selectgo 1',
    pages: {
      etcd_disk_wal_fsync_duration_seconds_count: [2500, 2500 + fsyncs],
      etcd_disk_wal_fsync_duration_seconds_sum: [1, 1 + seconds],
      etcd_server_proposals_committed_total: [5000, 5000 + writes],
      etcd_server_slow_apply_total: [0, slow],
    },
  })
}
