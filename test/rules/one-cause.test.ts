import { describe, expect, test } from 'vitest'
import { judgeCaptures } from '../../bench/reports/labelled-captures.ts'
import { diagnose } from '../../diagnosis/index.ts'
import { loadRules } from '../../judge/index.ts'
import { profileFromFolded } from '../../profile/index.ts'

const { ruleSet } = await loadRules()
const judged = judgeCaptures('test/fixtures/captures', ruleSet)

/** The findings of a capture, each with the rules that are folded under it. */
function toldOf(name: string): readonly (readonly string[])[] {
  const found = judged.find(({ capture }) => capture.name === name)?.findings ?? []
  return found.map(({ rule, level, also }) => [
    `${level} ${rule}`,
    ...also.map((each) => each.rule),
  ])
}

test('what lists allocate is told with the CPU that they need', () => {
  const [first, ...others] = toldOf('apiserver-list-memory')
  expect(first).toEqual(expect.arrayContaining(['warning apiserver.list-from-etcd']))
  expect(first).toContain('apiserver.list-from-etcd.allocs')
  expect(others.flat().join(' ')).not.toContain('list-from-etcd')
})

test('requests to webhooks are told once', () => {
  const told = toldOf('apiserver-webhook-backlog').flat()
  expect(told).toContain('critical apiserver.webhook-admission.waiting')
  expect(told.join(' ')).not.toContain('runtime.http-requests-wait')
})

const DELAYS = [
  { type: 'contentions', unit: 'count' },
  { type: 'delay', unit: 'nanoseconds' },
]

/** How long fsyncs have taken since the start, and how many there were. */
const page = (sum: number, count: number) =>
  `etcd_disk_wal_fsync_duration_seconds_sum ${sum}\netcd_disk_wal_fsync_duration_seconds_count ${count}`

describe('an etcd whose fsyncs take 60 ms', () => {
  const ETCD = 'go.etcd.io/etcd/server/v3'
  const fsync = `${ETCD}/etcdserver.(*raftNode).start.func1; ${ETCD}/storage/wal.(*WAL).Save; ${ETCD}/storage/wal.(*WAL).sync; go.etcd.io/etcd/client/pkg/v3/fileutil.Fdatasync 1`
  const rulesWith = (lock: string) => {
    const profiles = [
      profileFromFolded(`${fsync}\nruntime.gopark 300`, [{ type: 'goroutine', unit: 'count' }]),
      profileFromFolded(`${lock}; sync.(*Mutex).Unlock 80 30000000000`, DELAYS, {
        durationNs: 10_000_000_000n,
      }),
    ]
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
