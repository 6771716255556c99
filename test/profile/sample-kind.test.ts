import { expect, test } from 'vitest'
import {
  defaultSampleTypeIndex,
  findSampleType,
  inferProfileType,
  profileFromFolded,
  sampleKindOf,
  sampleTypeRow,
} from '../../profile/index.ts'

const heapTypes = [
  { type: 'alloc_objects', unit: 'count' },
  { type: 'alloc_space', unit: 'bytes' },
  { type: 'inuse_objects', unit: 'count' },
  { type: 'inuse_space', unit: 'bytes' },
]
const contention = [
  { type: 'contentions', unit: 'count' },
  { type: 'delay', unit: 'nanoseconds' },
]

test('heap counts allocations since the start and shows what is in use', () => {
  const heap = profileFromFolded('a 1 2 3 4', heapTypes)
  expect(heapTypes.map((_, index) => sampleKindOf(heap, index))).toEqual([
    'cumulative',
    'cumulative',
    'snapshot',
    'snapshot',
  ])
  expect(defaultSampleTypeIndex(heap)).toBe(3)
  expect(inferProfileType(heap)).toBe('heap')
})

test('what was taken with ?seconds= is an interval and opens as alloc_space', () => {
  const delta = profileFromFolded('a 1 2 3 4', heapTypes, { durationNs: 5_000_000_000n })
  expect(sampleKindOf(delta, 3)).toBe('interval')
  expect(defaultSampleTypeIndex(delta)).toBe(1)
  expect(inferProfileType(delta)).toBe('allocs')
})

test('the default that a profile names is taken where the profile has it', () => {
  const allocs = profileFromFolded('a 1 2 3 4', heapTypes, { defaultSampleType: 'alloc_space' })
  expect(defaultSampleTypeIndex(allocs)).toBe(1)
  expect(inferProfileType(allocs)).toBe('allocs')
  const odd = profileFromFolded('a 1 2 3 4', heapTypes, { defaultSampleType: 'gone' })
  expect(defaultSampleTypeIndex(odd)).toBe(3)
})

test.each([
  ['main; sync.(*Mutex).Lock 1 2', 'block'],
  ['main; runtime.selectgo 1 2', 'block'],
  ['main; sync.(*Mutex).Unlock 1 2', 'mutex'],
  ['', 'contention'],
])('the stacks %j are those of a %s profile', (text, type) => {
  const profile = profileFromFolded(text, contention)
  expect(inferProfileType(profile)).toBe(type)
  expect(sampleKindOf(profile, 1)).toBe('cumulative')
})

test('CPU is an interval, goroutines are a snapshot, and an unknown type is no less readable', () => {
  const types = ['cpu', 'goroutine', 'threadcreate', 'wall'].map((type) => ({ type, unit: '' }))
  const profiles = types.map((type) => profileFromFolded('a 1', type))
  expect(profiles.map((profile) => inferProfileType(profile))).toEqual([
    'cpu',
    'goroutine',
    'threadcreate',
    'other',
  ])
  expect(profiles.map((profile) => sampleKindOf(profile, 0))).toEqual([
    'interval',
    'snapshot',
    'snapshot',
    'interval',
  ])
})

test.each([
  ['', 3],
  ['1', 1],
  ['inuse_space', 3],
  ['inuse_alloc_space', 1],
  ['9', null],
  ['-1', null],
  ['space', null],
])('sample_index %j is row %s, as in pprof', (sampleIndex, row) => {
  expect(sampleTypeRow(profileFromFolded('a 1 2 3 4', heapTypes), sampleIndex)).toBe(row)
})

test('a view takes space for inuse_space, and names the types if there is no such type', () => {
  const heap = profileFromFolded('a 1 2 3 4', heapTypes)
  expect(findSampleType(heap, 'space')).toBe(3)
  expect(() => findSampleType(heap, 'delay')).toThrow('alloc_space, inuse_objects, inuse_space')
})
