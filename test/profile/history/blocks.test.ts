import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Block,
  blockOfProfiles,
  type BlockMember,
  decodeBlock,
  encodeBlock,
  mergeBlocks,
  mergeProfiles,
  ProfileBuilder,
  type SampleKind,
  sumBlocks,
} from '../../../profile/index.ts'
import { byTime, contentTexts, expectedSum, foundSum, totalsOf } from './expected-sum.ts'
import { type DayProfile, days } from './random-day.ts'

const KINDS: readonly SampleKind[] = ['interval', 'snapshot', 'cumulative']

/** How the profiles of a day come into blocks, which are deleted, and what is asked for. */
const stories = days.chain((day) => {
  const { length } = day.profiles
  return fc.record({
    day: fc.constant(day),
    order: fc.shuffledSubarray(
      day.profiles.map((_, index) => index),
      { minLength: length, maxLength: length },
    ),
    sizes: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: length, maxLength: length }),
    duplicates: fc.subarray(day.profiles.map((_, index) => index)),
    deleted: fc.subarray(day.profiles.map(({ entry }) => entry.profileId)),
    series: fc.constantFrom('', 'a', 'b'),
    from: fc.nat(length - 1),
  })
})

test('the labels of a deleted profile leave its block with it', () => {
  const block = mergeBlocks(
    [blockOfProfiles(['kept', 'deleted'].map(labelled))],
    ({ profileId }) => profileId === 'kept',
  )
  expect(block?.tables.strings).toContain('label of kept')
  expect(block?.tables.strings).not.toContain('label of deleted')
  expect(block?.tables.labelSets.length).toBe(2)
})

function labelled(profileId: string, index: number) {
  const builder = new ProfileBuilder({ sampleTypes: [{ type: 'cpu', unit: 'nanoseconds' }] })
  const lines = [{ func: builder.func({ name: 'main.main' }) }]
  builder.sample({
    locations: [builder.location({ lines })],
    values: [1],
    labels: [{ key: 'request', text: `label of ${profileId}` }],
  })
  const entry = { profileId, series: 'a', process: 'p', atMs: index }
  return { entry, profile: builder.finish() }
}

test('whatever way profiles came into blocks, a range sums to what its profiles say', () => {
  fc.assert(
    fc.property(stories, ({ day, order, sizes, duplicates, deleted, series, from }) => {
      const arrived = order.map((index) => atIndex(day.profiles, index))
      const again = duplicates.map((index) => atIndex(day.profiles, index))
      const blocks = inBlocks([...arrived, ...again], sizes)
      const fromMs = atIndex(day.profiles, from).entry.atMs
      const isKept = ({ profileId }: BlockMember) => !deleted.includes(profileId)
      const isSelected = (member: BlockMember) =>
        member.atMs >= fromMs && (series === '' || member.series === series)
      const kept = day.profiles.filter(({ entry }) => !deleted.includes(entry.profileId))
      const isWanted = ({ entry }: DayProfile) =>
        entry.atMs >= fromMs && (series === '' || entry.series === series)
      const merged = mergeBlocks(blocks, isKept)
      for (const kind of KINDS) {
        const expected = expectedSum(kept, isWanted, kind)
        expect(foundSum(sumBlocks(blocks, { kind, isKept, isSelected }))).toEqual(expected)
        const stored = merged === null ? [] : [decodeBlock(encodeBlock(merged))]
        const options = { kind, isKept: () => true, isSelected }
        expect(foundSum(sumBlocks(stored, options))).toEqual(expected)
      }
    }),
    { numRuns: 300 },
  )
})

test('intervals sum to the profile that merging them gives', () => {
  fc.assert(
    fc.property(days, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 20 }), (day, sizes) => {
      if (day.kind !== 'cpu') return
      const inTime = day.profiles.toSorted(byTime)
      const sum = sumBlocks(inBlocks(inTime, sizes), ALL)
      const expected = mergeProfiles(inTime.map(({ profile }) => profile))
      const found = sum === null ? null : mergeProfiles([sum.profile])
      expect(found?.durationNs).toBe(expected.durationNs)
      expect(found?.period).toBe(expected.period)
      expect(contentTexts(found)).toEqual(contentTexts(expected))
    }),
  )
})

test('a block is read as it was written', () => {
  fc.assert(
    fc.property(days, ({ profiles }) => {
      const block = mergeBlocks([blockOfProfiles(profiles)])
      if (block === null) throw new Error('there is no block')
      // What node:zlib answers is a Buffer.
      expect(decodeBlock(Buffer.from(encodeBlock(block)))).toEqual(block)
    }),
  )
})

test('what only a deleted profile had leaves the block', () => {
  fc.assert(
    fc.property(stories, ({ day, sizes, deleted }) => {
      const merged = mergeBlocks(inBlocks(day.profiles, sizes))
      const isKept = ({ profileId }: BlockMember) => !deleted.includes(profileId)
      const left = merged === null ? null : mergeBlocks([merged], isKept)
      const kept = day.profiles.filter(({ entry }) => !deleted.includes(entry.profileId))
      const names = new Set(
        kept.flatMap(({ profile }) => [...mergeProfiles([profile]).strings, '/bin/server']),
      )
      const extra = left?.tables.strings.filter((text) => !names.has(text)) ?? []
      expect(extra).toEqual([])
      expect(left?.members.length ?? 0).toBe(kept.length)
    }),
  )
})

test('three equal heap profiles count once', () => {
  const heap = fc.sample(days, { numRuns: 200, seed: 1 }).find(({ kind }) => kind === 'heap')
  const [one] = heap?.profiles ?? []
  if (one === undefined) throw new Error('there is no heap profile')
  const three = [0, 1, 2].map((minute) => ({
    ...one,
    entry: {
      ...one.entry,
      profileId: `p${minute}`,
      atMs: one.entry.atMs + minute * 60_000,
    },
  }))
  const blocks = inBlocks(three, [1, 2])
  const inUse = totalsOf(sumBlocks(blocks, { ...ALL, kind: 'snapshot' }))
  const grown = totalsOf(sumBlocks(blocks, { ...ALL, kind: 'cumulative' }))
  expect(inUse).toEqual(totalsOf(sumBlocks(inBlocks([one], [1]), { ...ALL, kind: 'snapshot' })))
  expect(grown).toEqual([0n])
})

const ALL = { kind: 'interval', isKept: () => true, isSelected: () => true } as const

/** Blocks of as many profiles each as `sizes` has, in the order of arrival; every second one as it is packed first. */
function inBlocks(arrived: readonly DayProfile[], sizes: readonly number[]): Block[] {
  const blocks: Block[] = []
  let rest = arrived
  for (let turn = 0; rest.length > 0; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    const packed = blockOfProfiles(rest.slice(0, size))
    const merged = turn % 2 === 0 ? packed : mergeBlocks([packed])
    if (merged !== null) blocks.push(merged)
    rest = rest.slice(size)
  }
  return blocks
}

function atIndex<T>(list: readonly T[], index: number): T {
  const found = list[index]
  if (found === undefined) throw new RangeError(`there is no ${index}`)
  return found
}
