import { expect, test } from 'vitest'
import {
  type Block,
  blockOfProfiles,
  profileFromFolded,
  rollUp,
  sumBlocks,
} from '../../../profile/index.ts'

const DAY_MS = 86_400_000
const LARGE = 2n ** 62n
const ALL = { isKept: () => true, isSelected: () => true } as const
const WIDE = 'a value of the range needs more than 64 bits'

/** CPU profiles of a process, a minute apart, each with these values of one stack. */
function blockOf(values: readonly bigint[]): Block {
  const cpu = { type: 'cpu', unit: 'nanoseconds' }
  return blockOfProfiles(
    values.map((value, index) => ({
      profile: { ...profileFromFolded(`main;work ${value}`, cpu), durationNs: 1_000_000_000n },
      entry: { profileId: String(index), series: 's', process: 'p', atMs: index * 60_000 },
    })),
  )
}

function sumOf(block: Block) {
  return [...(sumBlocks([block], { ...ALL, kind: 'interval' })?.profile.samples.values[0] ?? [])]
}

test('a sum that fits into 64 bits is exact, whatever it was on the way', () => {
  expect(sumOf(blockOf([LARGE, LARGE - 2n ** 50n]))).toEqual([2n ** 63n - 2n ** 50n])
  expect(sumOf(blockOf([LARGE, LARGE, -LARGE, 5n]))).toEqual([LARGE + 5n])
})

test('a sum that does not fit is refused, and does not hinder packing', () => {
  const block = blockOf([LARGE, LARGE, 7n])
  expect(() => sumOf(block)).toThrow(WIDE)
  const day = rollUp(rollUp(block, DAY_MS / 24), DAY_MS)
  expect(() => sumOf(day)).toThrow(WIDE)
})
