import { expect, test } from 'vitest'
import { planUpload } from '../../../web/uploads/plan-upload.ts'

test.each([
  [['capture-2026.tar.gz'], 'bundle'],
  [['cpu.pb.gz'], 'profiles'],
  [['cpu.pb.gz', 'heap.pb.gz', 'goroutine-debug2.txt.gz', 'metrics.txt', 'kcm.log'], 'capture'],
  [
    [
      'capture.json',
      'cpu.pb.gz',
      'goroutine.pb.gz',
      'goroutine-debug2.txt.gz',
      'goroutineleak.pb.gz',
      'metrics-before.txt.gz',
      'metrics-after.txt.gz',
      'version.json',
      'healthz.txt',
      'flagz.txt',
      'trace.out',
      'kcm.log.gz',
    ],
    'capture',
  ],
  [['goroutine.debug1.txt', 'goroutine.pb.gz', 'metrics-before.txt', 'metrics.txt'], 'capture'],
  [['goroutine-debug2.txt', 'goroutine-debug2-2.txt'], 'profiles'],
  [['cpu-1.pb.gz', 'cpu-2.pb.gz'], 'profiles'],
  [['api.pb.gz', 'heap.pb.gz'], 'ask'],
  [['a.tar.gz', 'b.tar.gz'], 'profiles'],
] as const)('%s is sent as %s', (names, plan) => {
  expect(planUpload(names)).toBe(plan)
})
