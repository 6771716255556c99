import { expect, test } from 'vitest'
import { profileTypeOf } from '../../diagnosis/index.ts'
import { profileFromFolded } from '../../profile/index.ts'

const FOLDED = profileFromFolded('main.main 3\n', { type: 'samples', unit: 'count' })
const DELAY = profileFromFolded('main.main 3\n', { type: 'delay', unit: 'nanoseconds' })
const HEAP = profileFromFolded('main.main 3\n', { type: 'inuse_space', unit: 'bytes' })

test.each([
  ['stacks.txt', FOLDED, 'unknown'],
  ['a/cpu.folded', FOLDED, 'cpu'],
  ['etcd-heap.txt', FOLDED, 'heap'],
  // Part of a word does not count.
  ['unblocked.folded', FOLDED, 'unknown'],
  ['mutex.pb.gz', DELAY, 'mutex'],
  ['etcd_BlockProfile_load.pprof', DELAY, 'block'],
  ['delay.pb.gz', DELAY, 'unknown'],
  ['cpu.pb.gz', HEAP, 'heap'],
] as const)('a file %s is of what it or its name says', (path, profile, type) => {
  expect(profileTypeOf({ path, profile })).toBe(type)
})

test('a stated type counts if the profile leaves it open', () => {
  expect(profileTypeOf({ path: 'cpu.folded', profile: FOLDED, type: 'heap' })).toBe('heap')
  expect(profileTypeOf({ path: '-', profile: DELAY, type: 'mutex' })).toBe('mutex')
  expect(profileTypeOf({ path: '-', profile: HEAP, type: 'allocs' })).toBe('allocs')
  expect(profileTypeOf({ path: '-', profile: HEAP, type: 'cpu' })).toBe('heap')
})
