import { expect, test } from 'vitest'
import { planUpload } from '../../web/uploads/plan-upload.ts'

test.each([
  [['capture-2026.tar.gz'], 'bundle'],
  [['cpu.pb.gz'], 'profiles'],
  [['cpu.pb.gz', 'heap.pb.gz', 'goroutine-debug2.txt.gz', 'metrics.txt', 'kcm.log'], 'capture'],
  [['cpu-1.pb.gz', 'cpu-2.pb.gz'], 'profiles'],
  [['api.pb.gz', 'heap.pb.gz'], 'ask'],
  [['a.tar.gz', 'b.tar.gz'], 'profiles'],
] as const)('%s is sent as %s', (names, plan) => {
  expect(planUpload(names)).toBe(plan)
})
