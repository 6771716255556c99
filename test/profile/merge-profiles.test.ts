import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  checkProfile,
  decodeParts,
  decodeProfile,
  encodeProfile,
  mergeProfiles,
  type Profile,
  ProfileBuilder,
  profileFromFolded,
  ProfileMerger,
} from '../../profile/index.ts'
import { buildProfile, profileDrafts, contentOf } from './profile-drafts.ts'

const cpu = { type: 'cpu', unit: 'nanoseconds' }

test('equal stacks of two profiles become one sample with the sum', () => {
  const merged = mergeProfiles([
    profileFromFolded('a;b 1\na 5', cpu),
    profileFromFolded('a;b 2', cpu),
  ])
  checkProfile(merged)
  expect([...merged.samples.values[0]]).toEqual([3, 5])
  expect(merged.funcs.length).toBe(2)
})

test('samples without value go, with what they alone used', () => {
  const merged = mergeProfiles([profileFromFolded('a;unused 0\na 5', cpu)])
  expect(merged.samples.length).toBe(1)
  expect(merged.strings).not.toContain('unused')
})

test('samples that cancel each other out go', () => {
  const merged = mergeProfiles([profileFromFolded('a 5\nb 1', cpu), profileFromFolded('a -5', cpu)])
  expect([...merged.samples.values[0]]).toEqual([1])
  expect(merged.funcs.length).toBe(1)
})

test('places are the same at the same distance from the start of their mapping', () => {
  const merged = mergeProfiles([mappedAt(0x1000n), mappedAt(0x9000n)])
  expect([...merged.samples.values[0]]).toEqual([2])
  expect([...merged.locations.address]).toEqual([0x1010n])
})

test('the header has the earliest time, the sum of durations, the largest period', () => {
  const one = profileFromFolded('a 1', cpu, {
    timeNs: 9n,
    durationNs: 2n,
    period: 1n,
    comments: ['x'],
  })
  const two = profileFromFolded('a 1', cpu, {
    timeNs: 5n,
    durationNs: 3n,
    period: 4n,
    comments: ['x'],
  })
  expect(mergeProfiles([one, two])).toMatchObject({
    timeNs: 5n,
    durationNs: 5n,
    period: 4n,
    comments: ['x'],
  })
})

test('profiles of other sample types are refused with both', () => {
  const heap = profileFromFolded('a 1', { type: 'space', unit: 'bytes' })
  expect(() => mergeProfiles([profileFromFolded('a 1', cpu), heap])).toThrow(
    'incompatible sample types: [cpu/nanoseconds] and [space/bytes]',
  )
})

test('sums beyond 2^53 are exact', () => {
  const huge = profileFromFolded('a 9007199254740991', cpu)
  expect([...mergeProfiles([huge, huge]).samples.values[0]]).toEqual([2n ** 54n - 2n])
})

test('merging keeps the totals, and merging what was merged changes nothing', () => {
  fc.assert(
    fc.property(profileDrafts, (draft) => {
      const profile = buildProfile(draft)
      const merged = mergeProfiles([profile])
      checkProfile(merged)
      expect(totalsOf(merged)).toEqual(totalsOf(profile))
      expect(contentOf(mergeProfiles([merged]))).toEqual(contentOf(merged))
    }),
  )
})

test('files merged as they come make the profile that their columns make', () => {
  fc.assert(
    fc.property(profileDrafts, (draft) => {
      const reversed = { ...draft, samples: draft.samples.toReversed(), comments: ['second'] }
      const files = [draft, reversed, draft].map((each) => encodeProfile(buildProfile(each)))
      const merger = new ProfileMerger()
      for (const file of files) merger.addParts(decodeParts(file))
      const merged = merger.finish()
      checkProfile(merged)
      // The columns of one file add up equal stacks first, so that stacks may come in another order.
      const expected = mergeProfiles(files.map((file) => decodeProfile(file)))
      expect(contentOf(merged)).toEqual(contentOf(expected))
    }),
  )
})

test('labels that only a sample without value has are left out, of files as of columns', () => {
  const builder = new ProfileBuilder({ sampleTypes: [cpu] })
  builder.sample({ locations: [], values: [0], labels: [{ key: 'bytes', number: 1n }] })
  const file = encodeProfile(builder.finish())
  const merger = new ProfileMerger()
  merger.addParts(decodeParts(file))
  expect(merger.finish().labelSets.length).toBe(1)
  expect(mergeProfiles([decodeProfile(file)]).labelSets.length).toBe(1)
})

test('a profile that does not fit is refused and leaves no trace', () => {
  const one = profileFromFolded('a 1', cpu)
  const merger = new ProfileMerger()
  merger.add(one)
  const heap = profileFromFolded('b 1', { type: 'space', unit: 'bytes' })
  expect(() => merger.addParts(decodeParts(encodeProfile(heap)))).toThrow('incompatible')
  expect(merger.finish()).toEqual(mergeProfiles([one]))
})

function mappedAt(start: bigint): Profile {
  const builder = new ProfileBuilder({ sampleTypes: [cpu] })
  const mapping = builder.mapping({ start, limit: start + 0x1800n, file: '/bin/a' })
  const location = builder.location({ mapping, address: start + 0x10n, lines: [] })
  builder.sample({ locations: [location], values: [1] })
  return builder.finish()
}

function totalsOf({ samples }: Profile): bigint[] {
  return samples.values.map((column) => {
    let total = 0n
    for (const value of column) total = BigInt.asIntN(64, total + BigInt(value))
    return total
  })
}
