import { expect, test } from 'vitest'
import { saidTo } from '../said-to-server.ts'

const ofAssists = (allocated: number, collections: number, limit: number | null = null) =>
  saidTo({
    rule: 'runtime.gc-assist',
    component: 'my-operator',
    stacks:
      'main.sync; runtime.mallocgc; runtime.gcAssistAlloc; runtime.gcAssistAlloc1 100\nmain.work 700',
    pages: {
      go_gc_duration_seconds_count: [0, collections * 10],
      go_memstats_heap_alloc_bytes: [allocated, allocated],
      go_memstats_next_gc_bytes: [100_000_000, 100_000_000],
      ...(limit === null ? {} : { go_gc_gomemlimit_bytes: [limit, limit] as const }),
    },
  })

test('assists of a heap that is always at its next collection are told of GOMEMLIMIT', () => {
  expect(ofAssists(99_000_000, 20)).toMatch(/as where GOMEMLIMIT is as small as what is live/)
  expect(ofAssists(60_000_000, 20)).not.toMatch(/as where GOMEMLIMIT is/)
  expect(ofAssists(99_000_000, 2)).not.toMatch(/as where GOMEMLIMIT is/)
  expect(ofAssists(99_000_000, 20, 9e18)).not.toMatch(/as where GOMEMLIMIT is/)
})
