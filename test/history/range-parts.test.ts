import { zstdCompressSync } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { openBlockReader, type RangePlan, type SummedRange } from '../../history/index.ts'
import {
  blockOfProfiles,
  encodeBlock,
  type Profile,
  type SampleKind,
  samplesOfName,
} from '../../profile/index.ts'
import { memoryBlobs } from '../../bench/history/memory-blobs.ts'
import { expectedSum, foundSum } from '../profile/history/expected-sum.ts'
import { type DayKind, type DayProfile, days } from '../profile/history/random-day.ts'

const TARGETS = 3
const HOUR_MS = 3_600_000
const TYPES: Readonly<Record<DayKind, readonly (readonly [SampleKind, string])[]>> = {
  cpu: [['interval', 'cpu']],
  goroutine: [['snapshot', 'goroutine']],
  heap: [
    ['snapshot', 'inuse_space'],
    ['cumulative', 'alloc_space'],
  ],
}

const fleets = fc
  .array(days, { minLength: TARGETS, maxLength: TARGETS })
  .filter((list) => new Set(list.map(({ kind }) => kind)).size === 1)
  .map((list) => ({
    kind: list[0]?.kind ?? 'cpu',
    targets: list.map(({ profiles }, target) => profiles.map((one) => ofTarget(one, target))),
  }))

test('what is read target by target says what it says when all is read at once', async () => {
  await fc.assert(
    fc.asyncProperty(fleets, fc.nat(40), async ({ kind, targets }, turn) => {
      const all = targets.flat()
      const fromMs = all[turn % all.length]?.entry.atMs ?? 0
      const { blobs, plan } = await stored(targets, fromMs)
      const [atOnce, inParts] = [
        openBlockReader(blobs),
        openBlockReader(blobs, { keptBytesMax: -1 }),
      ]
      for (const [sampleKind, sampleIndex] of TYPES[kind]) {
        const isWanted = ({ entry }: DayProfile) => entry.atMs >= fromMs
        const sum = await inParts.sum(plan, { sampleIndex, by: null })
        expect(foundSum(sum)).toEqual(expectedSum(all, isWanted, sampleKind))
        for (const by of [null, 'zone']) {
          const found = await inParts.sum(plan, { sampleIndex, by })
          const expected = await atOnce.sum(plan, { sampleIndex, by })
          expect(described(found)).toEqual(described(expected))
        }
        for (const ofLeaves of [flat, null]) {
          const options = { sampleIndex, by: 'zone', stepMs: HOUR_MS, rateOf: null }
          const choice = { of: flat, ofLeaves }
          const found = await inParts.series(plan, { ...options, choice })
          expect(found).toEqual(await atOnce.series(plan, { ...options, choice }))
        }
      }
    }),
    { numRuns: 10 },
  )
})

/** All but the order of rows, and rows of no value. */
function described(sum: SummedRange) {
  const { profile, processCount, type } = sum
  const { timeNs, durationNs, period, periodType, sampleTypes, comments, warnings } = profile
  const header = { timeNs, durationNs, period, periodType, sampleTypes, comments, warnings }
  return { ...foundSum(sum), ...header, processCount, type, defaultType: profile.defaultSampleType }
}

function flat(profile: Profile) {
  return samplesOfName(profile, 'main.work1').isFlat
}

function ofTarget({ entry, profile }: DayProfile, target: number): DayProfile {
  const { profileId, series, process, atMs } = entry
  const own = { profileId: `${target} ${profileId}`, process: `${target} ${process}` }
  return { entry: { ...own, series: `${target} ${series}`, atMs }, profile }
}

/** Two blocks for each target, and what a range from a time on reads. */
async function stored(targets: readonly (readonly DayProfile[])[], fromMs: number) {
  const blobs = memoryBlobs()
  const blocks = []
  for (const [group, profiles] of targets.entries()) {
    const half = Math.ceil(profiles.length / 2)
    for (const some of [profiles.slice(0, half), profiles.slice(half)]) {
      if (some.length === 0) continue
      const bytes = zstdCompressSync(encodeBlock(blockOfProfiles(some)))
      const { key: blobKey } = await blobs.put(bytes)
      blocks.push({ blobKey, sizeBytes: bytes.length, days: null, group })
    }
  }
  const names = targets.flatMap((_, target) => ['a', 'b'].map((name) => `${target} ${name}`))
  const plan: RangePlan = {
    blocks,
    pending: [],
    skippedIds: [],
    series: names.map((id) => ({ id, labels: { zone: id.slice(-1) } })),
    fromMs,
    toMs: Number.MAX_SAFE_INTEGER,
    staleCount: 0,
  }
  return { blobs, plan }
}
