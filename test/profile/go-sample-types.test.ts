import { expect, test } from 'vitest'
import {
  checkProfile,
  cpuPeriodNs,
  inferProfileType,
  type Profile,
  type ProfileHeader,
  profileFromFolded,
  type ProfileType,
  withGoSampleTypes,
} from '../../profile/index.ts'

const CPU = [
  { type: 'samples', unit: 'count' },
  { type: 'cpu', unit: 'nanoseconds' },
]

test('a profile of Go stays the same one', () => {
  const profile = profileFromFolded('main;a 2 20000000\n', CPU)
  expect(withGoSampleTypes(profile, 'heap')).toBe(profile)
})

test.each([
  ['microseconds', 20_000, 20_000_000],
  ['us', 7, 7000],
  ['ms', 20, 20_000_000],
  ['milliseconds', 20, 20_000_000],
  ['seconds', 3, 3_000_000_000],
  ['s', 3, 3_000_000_000],
  ['hours', 1, 3_600_000_000_000],
])('CPU time in %s becomes nanoseconds', (unit, value, expected) => {
  const profile = profileFromFolded(`main;a 2 ${value}\n`, [CPU[0], { type: 'cpu', unit }])
  expect(columnsOf(withGoSampleTypes(profile, null))).toEqual({
    'samples/count': [2],
    'cpu/nanoseconds': [expected],
  })
})

test.each([
  ['kilobytes', 3072],
  ['kB', 3072],
  ['MB', 3 * 2 ** 20],
  ['gigabytes', 3 * 2 ** 30],
  ['B', 3],
])('sizes in %s become bytes', (unit, expected) => {
  const profile = profileFromFolded('main;a 3\n', { type: 'inuse_space', unit })
  expect(columnsOf(withGoSampleTypes(profile, null))).toEqual({ 'inuse_space/bytes': [expected] })
})

test('what exceeds 2^53 in the smaller unit stays exact', () => {
  const profile = profileFromFolded('main;a 9100001\n', { type: 'cpu', unit: 'seconds' })
  const [column] = withGoSampleTypes(profile, null).samples.values
  expect(column[0]).toBe(9_100_001_000_000_000n)
})

test.each([
  [52_631_578n, 'nanoseconds', 157_894_734],
  [50n, 'milliseconds', 150_000_000],
  // A second is not an interval between samples, and a period of 0 means none: Go's default counts.
  [1_000_000_000n, 'nanoseconds', 30_000_000],
  [0n, 'nanoseconds', 30_000_000],
])('samples with a CPU period of %s %s are CPU time', (period, unit, expected) => {
  const profile = folded('main;a 3\n', 'samples/count', {
    period,
    periodType: { type: 'cpu', unit },
  })
  expect(inferProfileType(profile)).toBe('cpu')
  expect(columnsOf(withGoSampleTypes(profile, null))).toEqual({
    'samples/count': [3],
    'cpu/nanoseconds': [expected],
  })
})

test.each<[ProfileType, string, Readonly<Record<string, number[]>>]>([
  ['cpu', 'samples/count', { 'samples/count': [3], 'cpu/nanoseconds': [30_000_000] }],
  ['cpu', 'time/milliseconds', { 'cpu/nanoseconds': [3_000_000] }],
  ['heap', 'samples/count', { 'inuse_space/bytes': [3] }],
  ['heap', 'space/kilobytes', { 'inuse_space/bytes': [3072] }],
  ['allocs', 'space/bytes', { 'alloc_space/bytes': [3] }],
  ['goroutine', 'samples/count', { 'goroutine/count': [3] }],
  ['threadcreate', 'samples/count', { 'threadcreate/count': [3] }],
  ['mutex', 'time/nanoseconds', { 'delay/nanoseconds': [3] }],
  ['block', 'samples/count', { 'delay/nanoseconds': [3] }],
  ['other', 'samples/count', { 'samples/count': [3] }],
])('stated as %s, %s is read as that type', (stated, type, expected) => {
  const profile = withGoSampleTypes(folded('main;a 3\n', type), stated)
  checkProfile(profile)
  expect(columnsOf(profile)).toEqual(expected)
})

test.each([
  ['the declared one', 10_000_000n, [10e6, 30e6], 10e6],
  ['what values have in common, where none is as large', 1_000_000_000n, [20e6, 60e6, 50e6], 10e6],
  ['that also where the period is too small to be one', 1n, [21e6, 42e6], 21e6],
  ["Go's, where a few values have a multiple of it in common", 0n, [900e6, 100e6], 10e6],
  ['the least, where they have nothing in common', 0n, [11_000_001, 22_000_005], 11_000_001],
  ["Go's, where they were averaged", 1_000_000_000n, [3, 7, 20e6], 10e6],
  ["Go's, without values", 0n, [], 10e6],
])('the time of one sample is %s', (_, period, values, expected) => {
  const profile = folded('a;b 1\n', 'cpu/nanoseconds', { period, periodType: CPU[1] })
  expect(cpuPeriodNs(profile, Float64Array.from(values))).toBe(expected)
})

test('a period in milliseconds is one', () => {
  const header = { period: 10n, periodType: { type: 'cpu', unit: 'milliseconds' } }
  const profile = folded('a;b 1\n', 'cpu/milliseconds', header)
  expect(cpuPeriodNs(profile, Float64Array.of(60e6, 20e6))).toBe(10e6)
})

function folded(text: string, type: string, header: Partial<ProfileHeader> = {}): Profile {
  const [name, unit] = type.split('/')
  return profileFromFolded(text, { type: name, unit }, header)
}

function columnsOf({ sampleTypes, samples }: Profile): Readonly<Record<string, number[]>> {
  return Object.fromEntries(
    sampleTypes.map(({ type, unit }, index) => [
      `${type}/${unit}`,
      [...samples.values[index]].map(Number),
    ]),
  )
}
