import { expect, test } from 'vitest'
import { sumRange } from '../../history/index.ts'
import { blockOfProfiles, profileFromFolded } from '../../profile/index.ts'

const ALL = { isKept: () => true, isSelected: () => true } as const
const LARGE = 2n ** 62n
const WIDE = 'a value of the range needs more than 64 bits'

/** What a range reads of one shape: a profile of one stack. */
function shape(value: bigint, { unit = 'nanoseconds', periodUnit = 'nanoseconds' } = {}) {
  const profile = {
    ...profileFromFolded(`main;work ${value}`, { type: 'cpu', unit }),
    periodType: { type: 'cpu', unit: periodUnit },
    durationNs: 1_000_000_000n,
  }
  const entry = { profileId: `${value} ${periodUnit}`, series: 's', process: 'p', atMs: 0 }
  return { ...ALL, blocks: [blockOfProfiles([{ profile, entry }])] }
}

test('shapes add up to what fits into 64 bits, and are refused where it does not', () => {
  const other = { periodUnit: 'microseconds' }
  const { profile } = sumRange([shape(LARGE), shape(LARGE - 2n ** 50n, other)], 'cpu')
  expect([...(profile.samples.values[0] ?? [])]).toEqual([2n ** 63n - 2n ** 50n])
  expect(() => sumRange([shape(LARGE), shape(LARGE, other)], 'cpu')).toThrow(WIDE)
})

test('what fits in its own unit is refused where it does not in the finest', () => {
  const large = shape(2n ** 60n, { unit: 'microseconds' })
  expect(() => sumRange([large, shape(1n)], 'cpu')).toThrow(WIDE)
})
