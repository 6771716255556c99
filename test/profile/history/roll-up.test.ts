import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Block,
  blockOfProfiles,
  type BlockMember,
  decodeBlock,
  encodeBlock,
  memberValues,
  mergeBlocks,
  rollUp,
  type SampleKind,
  sumBlocks,
  unifyRows,
} from '../../../profile/index.ts'
import { expectedSum, foundSum } from './expected-sum.ts'
import { type DayProfile, days } from './random-day.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const KINDS: readonly SampleKind[] = ['interval', 'snapshot', 'cumulative']
const TIERS = ['full', 'hour', 'day'] as const

/** Profiles of some days, from which tier each day is read, and a range of whole days. */
const stories = days.chain((day) => {
  const times = day.profiles.map(({ entry }) => Math.floor(entry.atMs / DAY_MS))
  const first = Math.min(...times)
  const count = Math.max(...times) - first + 1
  return fc.record({
    day: fc.constant(day),
    tiers: fc.array(fc.constantFrom(...TIERS), { minLength: count, maxLength: count }),
    first: fc.constant(first),
    from: fc.nat(count - 1),
    series: fc.constantFrom('', 'a', 'b'),
  })
})

test('whatever tier each day is read from, a range of whole days sums to what its profiles say', () => {
  fc.assert(
    fc.property(stories, ({ day, tiers, first, from, series }) => {
      const fromMs = (first + from) * DAY_MS
      const { blocks, isKept } = inTiers(day.profiles, (atMs) => {
        return tiers[Math.floor(atMs / DAY_MS) - first] ?? 'full'
      })
      const isSelected = (member: BlockMember) =>
        member.atMs >= fromMs && (series === '' || member.series === series)
      const isWanted = ({ entry }: DayProfile) =>
        entry.atMs >= fromMs && (series === '' || entry.series === series)
      for (const kind of KINDS) {
        const found = sumBlocks(blocks, { kind, isKept, isSelected })
        const plain = sumBlocks([packed(day.profiles)], { kind, isKept: () => true, isSelected })
        expect(foundSum(found)).toEqual(expectedSum(day.profiles, isWanted, kind))
        expect(found?.profile.durationNs).toBe(plain?.profile.durationNs)
        expect(found?.profile.timeNs).toBe(plain?.profile.timeNs)
      }
    }),
    { numRuns: 300 },
  )
})

test('hours and days have together what the profiles in them have each', () => {
  fc.assert(
    fc.property(days, fc.nat(5), ({ profiles }, row) => {
      const block = packed(profiles)
      const hours = rollUp(block, HOUR_MS)
      for (const type of block.shape.sampleTypes.keys()) {
        const expected = measured(block, type, row)
        for (const rolled of [hours, rollUp(hours, DAY_MS), rollUp(block, DAY_MS)]) {
          expect(measured(rolled, type, row)).toEqual(expected)
        }
      }
    }),
  )
})

test('days out of hours are the days out of profiles, and are read as they were written', () => {
  fc.assert(
    fc.property(days, ({ profiles }) => {
      const block = packed(profiles)
      const day = rollUp(block, DAY_MS)
      expect(rollUp(rollUp(block, HOUR_MS), DAY_MS)).toEqual(day)
      expect(decodeBlock(encodeBlock(day))).toEqual(day)
      expect(mergeBlocks([day])).toEqual(day)
    }),
  )
})

function packed(profiles: readonly DayProfile[]): Block {
  const block = mergeBlocks([blockOfProfiles(profiles)])
  if (block === null) throw new Error('there is no block')
  return block
}

/** Three blocks, of each of which the members of its tier are kept. */
function inTiers(
  profiles: readonly DayProfile[],
  tierOf: (atMs: number) => (typeof TIERS)[number],
) {
  const full = packed(profiles)
  const hours = rollUp(full, HOUR_MS)
  const blocks = [full, hours, rollUp(hours, DAY_MS)]
  const isKept = ({ atMs }: BlockMember, block: number) => tierOf(atMs) === TIERS[block]
  return { blocks, isKept }
}

/** All values, seconds and restarts added up, of all rows and of one. */
function measured(block: Block, type: number, row: number) {
  const unified = unifyRows([block])
  const isCounted = new Uint8Array(block.tables.samples.length)
  isCounted[row] = 1
  const options = { type, unified, isCounted, isKept: () => true, isSelected: () => true }
  const values = memberValues([block], options)
  const add = (of: (one: (typeof values)[number]) => number) =>
    values.reduce((sum, one) => sum + of(one), 0)
  return {
    value: rounded(add(({ value }) => value ?? 0)),
    total: rounded(add(({ total }) => total ?? 0)),
    seconds: rounded(add(({ seconds }) => seconds)),
    restartCount: add(({ restartCount }) => restartCount),
  }
}

/** Sums of doubles depend a little on their order. */
function rounded(value: number): string {
  return value.toPrecision(12)
}
