import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  deltaOf,
  mergeOverTime,
  mergeProfiles,
  type Profile,
  profileFromFolded,
  sampleKindOf,
} from '../../profile/index.ts'
import { stacksOf } from './stacks-of.ts'

const cpu = { type: 'cpu', unit: 'nanoseconds' }
const goroutine = { type: 'goroutine', unit: 'count' }
const HEAP = [
  { type: 'alloc_space', unit: 'bytes' },
  { type: 'inuse_space', unit: 'bytes' },
]
const second = 1_000_000_000n

test('intervals add up, and so do their durations', () => {
  const profiles = [10n, 20n].map((durationNs) => profileFromFolded('a 5', cpu, { durationNs }))
  const { sum, average, increase } = mergeOverTime(profiles)
  expect(foldedOf(sum)).toEqual({ a: [10n] })
  expect(sum?.durationNs).toBe(30n)
  expect([average, increase]).toEqual([null, null])
})

test('snapshots are averaged', () => {
  const profiles = ['a 10', 'a 20', 'a 30\nb 3'].map((text) => profileFromFolded(text, goroutine))
  expect(foldedOf(mergeOverTime(profiles).average)).toEqual({ a: [20n], b: [1n] })
})

test('an average of many small stacks keeps their total', () => {
  const profiles = ['a 1\nb 1\nc 1\nd 1', 'e 1\nf 1', 'g 3'].map((text) =>
    profileFromFolded(text, goroutine),
  )
  expect(totalOf(mergeOverTime(profiles).average)).toBe(3n)
})

test('cumulative values become what came in between, in any order of the files', () => {
  const { average, increase, restartCount } = mergeOverTime([
    heapAt(30n, 'a 170 7'),
    heapAt(10n, 'a 100 5'),
    heapAt(20n, 'a 150 6'),
  ])
  expect(foldedOf(increase)).toEqual({ a: [70n] })
  expect(increase?.durationNs).toBe(20n * second)
  expect(foldedOf(average)).toEqual({ a: [6n] })
  expect(restartCount).toBe(0)
})

test('after a restart cumulative values count from 0', () => {
  const { increase, restartCount } = mergeOverTime([
    heapAt(10n, 'a 100 0'),
    heapAt(20n, 'a 150 0'),
    heapAt(30n, 'a 20 0'),
    heapAt(40n, 'a 25 0'),
  ])
  expect(foldedOf(increase)).toEqual({ a: [75n] })
  expect(restartCount).toBe(1)
})

test('a single cumulative profile has no increase', () => {
  expect(mergeOverTime([heapAt(1n, 'a 100 5')]).increase).toBeNull()
})

test('values since the start and over an interval are not mixed', () => {
  const interval = { ...heapAt(1n, 'a 1 1'), durationNs: second }
  expect(() => mergeOverTime([heapAt(2n, 'a 1 1'), interval])).toThrow('alloc_space is interval')
})

test('the growth of one process is an interval of the cumulative types alone', () => {
  const delta = deltaOf(heapAt(10n, 'a 100 5'), heapAt(40n, 'a 160 1\nb 7 7'))
  expect(delta.verdict).toBe('grown')
  if (delta.verdict !== 'grown') return
  expect(foldedOf(delta.profile)).toEqual({ a: [60n], b: [7n] })
  expect(delta.profile.durationNs).toBe(30n * second)
  expect(sampleKindOf(delta.profile, 0)).toBe('interval')
})

test('a value that fell is reported as a restart, with its place', () => {
  expect(deltaOf(heapAt(1n, 'x;a 100 5'), heapAt(2n, 'x;a 99 5\nb 500 1'))).toEqual({
    verdict: 'restarted',
    fallen: { sampleType: HEAP[0], funcName: 'a', fellBy: 1n },
  })
})

test('profiles in the wrong order and of other kinds have no growth', () => {
  expect(deltaOf(heapAt(2n, 'a 1 1'), heapAt(1n, 'a 2 1')).verdict).toBe('out_of_order')
  const snapshot = profileFromFolded('a 1', goroutine)
  expect(deltaOf(snapshot, snapshot).verdict).toBe('nothing_cumulative')
})

const contentions = { type: 'contentions', unit: 'count' }
const stacks = fc.dictionary(fc.constantFrom('a', 'b', 'a;b', 'a;b;c', 'd'), fc.nat(2 ** 40))
const profileOf = (counts: Readonly<Record<string, number>>, timeNs = 0n) => {
  const lines = Object.entries(counts).map(([stack, count]) => `${stack} ${count}`)
  return profileFromFolded(lines.join('\n'), contentions, { timeNs })
}

test('the previous profile and its growth make the current one', () => {
  fc.assert(
    fc.property(stacks, stacks, (counts, added) => {
      const previous = profileOf(counts)
      const current = mergeProfiles([previous, profileOf(added)])
      const delta = deltaOf(previous, current)
      expect(delta.verdict).toBe('grown')
      if (delta.verdict !== 'grown') return
      expect(foldedOf(mergeProfiles([previous, delta.profile]))).toEqual(foldedOf(current))
    }),
  )
})

test('merging is associative and knows no order', () => {
  fc.assert(
    fc.property(stacks, stacks, stacks, (...counts) => {
      const [a, b, c] = counts.map((one) => profileOf(one))
      const all = foldedOf(mergeProfiles([a, b, c]))
      expect(foldedOf(mergeProfiles([mergeProfiles([a, b]), c]))).toEqual(all)
      expect(foldedOf(mergeProfiles([a, mergeProfiles([b, c])]))).toEqual(all)
      expect(foldedOf(mergeProfiles([c, a, b]))).toEqual(all)
    }),
  )
})

function heapAt(seconds: bigint, text: string): Profile {
  return profileFromFolded(text, HEAP, { timeNs: seconds * second })
}

function foldedOf(profile: Profile | null): Record<string, bigint[]> {
  return profile === null ? {} : stacksOf(profile)
}

function totalOf(profile: Profile | null): bigint {
  return Object.values(foldedOf(profile)).reduce((sum, [value]) => sum + value, 0n)
}
