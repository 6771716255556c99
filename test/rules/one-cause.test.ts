import { describe, expect, test } from 'vitest'
import { diagnose } from '../../diagnosis/index.ts'
import { loadRules } from '../../judge/index.ts'
import { profileFromFolded } from '../../profile/index.ts'

const { ruleSet } = await loadRules()
describe('an etcd whose fsyncs take 60 ms', () => {
  const ETCD = 'go.etcd.io/etcd/server/v3'
  const fsync = `${ETCD}/etcdserver.(*raftNode).start.func1; ${ETCD}/storage/wal.(*WAL).Save; ${ETCD}/storage/wal.(*WAL).sync; go.etcd.io/etcd/client/pkg/v3/fileutil.Fdatasync 1`
  const rulesWith = (lock: string) => {
    const profiles = [
      profileFromFolded(`${fsync}\nruntime.gopark 300`, [{ type: 'goroutine', unit: 'count' }]),
      profileFromFolded(`${lock}; sync.(*Mutex).Unlock 80 7420000000`, [
        { type: 'contentions', unit: 'count' },
        { type: 'delay', unit: 'nanoseconds' },
      ]),
    ]
    const page = (sum: number, count: number) =>
      `etcd_disk_wal_fsync_duration_seconds_sum ${sum}\netcd_disk_wal_fsync_duration_seconds_count ${count}`
    const { findings } = diagnose(
      profiles.map((profile, row) => ({ path: `${row}.pb.gz`, profile, component: 'etcd' })),
      ruleSet,
      { language: 'en', metricsBefore: page(3, 50), metrics: page(13, 217) },
    )
    return findings.map(({ rule, also }) => [rule, ...also.map((each) => each.rule)])
  }

  test('is why goroutines wait for the lock of the batch', () => {
    expect(rulesWith(`${ETCD}/storage/backend.(*batchTx).Unlock`)).toEqual([
      ['etcd.wal-fsync', 'runtime.lock-held'],
    ])
  })

  test('is not why they wait for a lock of its leases', () => {
    expect(rulesWith(`${ETCD}/lease.(*lessor).Renew`)).toEqual([
      ['etcd.wal-fsync'],
      ['runtime.lock-held'],
    ])
  })
})
