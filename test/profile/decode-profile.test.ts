import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  checkProfile,
  type DecodeOptions,
  decodeColumns,
  decodeProfile,
  encodeColumns,
  encodeProfile,
  mergeProfiles,
  profileFromFolded,
  ProfileFormatError,
  repairStacks,
} from '../../profile/index.ts'
import {
  buildProfile,
  encodeWithProtobufjs,
  profileDrafts,
  ProfileMessage,
  contentOf,
} from './profile-drafts.ts'

test('what is written is read again as it was', () => {
  fc.assert(
    fc.property(profileDrafts, (draft) => {
      const profile = buildProfile(draft)
      checkProfile(profile)
      expect(contentOf(decodeProfile(encodeProfile(profile)))).toEqual(contentOf(profile))
    }),
  )
})

test('what protobufjs writes is read as what was built', () => {
  fc.assert(
    fc.property(profileDrafts, (draft) => {
      const bytes = encodeWithProtobufjs(draft, (row) => BigInt(row + 1))
      expect(contentOf(decodeProfile(bytes))).toEqual(contentOf(buildProfile(draft)))
    }),
  )
})

test('protobufjs reads from our bytes the values and the stacks that were built', () => {
  fc.assert(
    fc.property(profileDrafts, (draft) => {
      const bytes = encodeProfile(buildProfile(draft))
      const { sample = [] } = ProfileMessage.toObject(ProfileMessage.decode(bytes), {
        longs: String,
      })
      expect(sample.length).toBe(draft.samples.length)
      draft.samples.forEach(({ values, locations }, row) => {
        const { value = [], locationId = [] } = sample[row]
        expect(value.map(BigInt)).toEqual(values)
        expect(locationId.map(Number)).toEqual(locations.map((location) => location + 1))
      })
    }),
  )
})

test('other ids and tables in another order change nothing', () => {
  fc.assert(
    fc.property(profileDrafts, fc.bigInt({ min: 0n, max: 2n ** 64n - 100n }), (draft, mask) => {
      // Sparse, huge and neighbouring beyond 2^53; never 0.
      const idOf = (row: number) => (BigInt(7 - row) ^ (mask & ~15n)) + 8n
      const scattered = decodeProfile(encodeWithProtobufjs(draft, idOf))
      expect(contentOf(scattered)).toEqual(contentOf(buildProfile(draft)))
    }),
  )
})

test('columns carry everything', () => {
  fc.assert(
    fc.property(profileDrafts, (draft) => {
      const profile = buildProfile(draft)
      expect(decodeColumns(encodeColumns(profile))).toEqual(profile)
    }),
  )
})

test('bytes that were changed are read or refused, but break nothing', () => {
  const change = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }))
  const changes = fc.array(change, { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(profileDrafts, changes, (draft, flips) => {
      const bytes = encodeProfile(buildProfile(draft))
      for (const [at, bits] of flips) bytes[at % bytes.length] ^= bits
      const error = errorOf(() => repairStacks(mergeProfiles([decodeProfile(bytes)])))
      expect(error === null || error instanceof ProfileFormatError).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

test('values are doubles while their sum is exact, and 64 bits from there on', () => {
  const type = { type: 'delay', unit: 'nanoseconds' }
  const columnOf = (text: string) =>
    decodeProfile(encodeProfile(profileFromFolded(text, type))).samples.values[0]
  expect(columnOf('a 9007199254740990\nb 1')).toEqual(Float64Array.of(2 ** 53 - 2, 1))
  expect(columnOf('a 9007199254740990\nb 3')).toEqual(BigInt64Array.of(2n ** 53n - 2n, 3n))
})

test('a limit that is passed is named', () => {
  const cpu = { type: 'cpu', unit: 'nanoseconds' }
  const bytes = encodeProfile(profileFromFolded('a;b;c 1\na;d 2\ne 3', cpu))
  const reasonOf = (limits: DecodeOptions) => {
    const error = errorOf(() => decodeProfile(bytes, limits))
    return error instanceof ProfileFormatError ? error.reason : error
  }
  expect(reasonOf({ samplesMax: 2 })).toBe('samples')
  expect(reasonOf({ locationsMax: 4 })).toBe('locations')
  expect(reasonOf({ stringsBytesMax: 10 })).toBe('strings')
  expect(reasonOf({ stacksMax: 3 })).toBe('stacks')
  expect(reasonOf({ samplesMax: 3, locationsMax: 5, stacksMax: 5 })).toBeNull()
})

function errorOf(run: () => unknown): unknown {
  try {
    run()
    return null
  } catch (error) {
    return error
  }
}
