import { packReports } from '../../store/blobs.ts'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError, type Language, parseSelector, type Report } from '../../api/index.ts'
import { encodeProfile, type SampleKind } from '../../profile/index.ts'
import { type HistoryStore, type SummedRange } from '../../history/index.ts'
import type { ProfileFacts, ProfileSource, Store } from '../../store/index.ts'
import { isThorough } from '../extent.ts'
import { expectedSum, foundSum } from '../profile/history/expected-sum.ts'
import { type DayKind, type DayProfile, days, profilesOf } from '../profile/history/random-day.ts'
import { NOTHING_DECLARED } from '../store/new-profile.ts'
import { uploadCapture } from '../store/upload-capture.ts'
import { ALL } from './ready-profiles.ts'
import type { Clock } from './store.ts'

export interface OpenHistory {
  readonly store: Store
  readonly history: HistoryStore
  /** Plans and sums in this process. */
  readonly sum: (request: RangeOf) => Promise<SummedRange>
}

export interface RangeOf {
  readonly selector: string
  readonly type: 'cpu' | 'goroutine' | 'heap'
  readonly fromMs?: number
  readonly toMs?: number
  readonly sampleType?: string
}

const HOUR_MS = 3_600_000

const SAMPLE_TYPES: Readonly<Record<DayKind, readonly (readonly [SampleKind, string])[]>> = {
  cpu: [['interval', 'cpu']],
  goroutine: [['snapshot', 'goroutine']],
  heap: [
    ['snapshot', 'inuse_space'],
    ['cumulative', 'alloc_space'],
  ],
}

/** What happens to profiles while others come: one is deleted, or what is due is packed. */
const chores = fc.array(fc.constantFrom('nothing', 'compact', 'delete', 'read again'), {
  minLength: 14,
  maxLength: 14,
})

const stories = fc.record({
  day: days,
  chores,
  turn: fc.nat(13),
  from: fc.nat(13),
  series: fc.constantFrom('', 'a', 'b'),
})

/**
 * What every history promises. `open` gives an empty one on this clock. `hasTiers` is of blocks alone: their hours and
 * days are kept longer than single profiles.
 */
export function describeHistory(
  name: string,
  open: (clock: Clock) => Promise<OpenHistory>,
  { runs = isThorough ? 40 : 12, shrinks = true, hasTiers = true } = {},
): void {
  describe(`history in ${name}`, () => {
    test('however profiles come and go, a range sums to what the files say', async () => {
      await fc.assert(
        fc.asyncProperty(stories, async (story) => {
          const clock = { nowMs: Date.UTC(2026, 11, 24) }
          const opened = await open(clock)
          const left = await play(opened, clock, story)
          const fromMs = left[story.from % Math.max(1, left.length)]?.entry.atMs ?? 0
          const isWanted = ({ entry }: DayProfile) =>
            entry.atMs >= fromMs && (story.series === '' || entry.series === story.series)
          for (const [kind, sampleType] of SAMPLE_TYPES[story.day.kind]) {
            const expected = expectedSum(left, isWanted, kind)
            const selector = story.series === '' ? '' : `zone="${story.series}"`
            const type = story.day.kind
            const found = await sumOrNull(opened, { selector, type, fromMs, sampleType })
            expect(foundSum(found)).toEqual(expected)
            clock.nowMs += 3_600_000
            while (await opened.history.compact());
            const packed = await sumOrNull(opened, { selector, type, fromMs, sampleType })
            expect(foundSum(packed)).toEqual(expected)
          }
        }),
        { numRuns: runs, endOnFailure: !shrinks },
      )
    })

    test('a deleted profile counts in no size and in no rate, before its row is swept too', async () => {
      const [one] = profilesOf('heap')
      const opened = await open({ nowMs: one.entry.atMs + HOUR_MS })
      const deleted = await addReady(opened.store, one)
      await opened.store.profiles.remove(deleted)
      const later = { ...one.entry, atMs: one.entry.atMs + 60_000 }
      await addReady(opened.store, { ...one, entry: later })
      const files = (await opened.store.history.sizes()).filter(({ form }) => form === 'files')
      expect(files).toMatchObject([{ profileCount: 1, recentCount: 1 }])
    })

    test('a profile that does not know its own time is dated as its capture', async () => {
      const [one] = profilesOf('heap')
      const startedAtMs = one.entry.atMs - 3 * HOUR_MS
      const { store, sum } = await open({ nowMs: one.entry.atMs })
      const blob = await store.blobs.put(gzipSync(encodeProfile(one.profile)))
      const profile = { ...NOTHING_DECLARED, target: 'api', fileName: 'heap.pb.gz' }
      const files = [{ name: 'heap.pb.gz', kind: 'profile', blob, profile } as const]
      await uploadCapture(store, [], { startedAtMs, files })
      await analyse(store, one, '1')
      const span = { fromMs: startedAtMs, toMs: startedAtMs + 1 }
      const found = await sum({ selector: '', type: 'heap', sampleType: 'inuse_space', ...span })
      expect(found.profileCount).toBe(1)
    })

    test('a profile of the first second of an hour counts', async () => {
      const clock = { nowMs: Date.now() + 4 * HOUR_MS }
      const opened = await open(clock)
      const [one] = profilesOf('heap')
      const atMs = Math.ceil(one.entry.atMs / HOUR_MS) * HOUR_MS + 20
      await addReady(opened.store, { ...one, entry: { ...one.entry, atMs } })
      clock.nowMs += HOUR_MS
      while (await opened.history.compact());
      const found = await opened.sum({
        selector: 'target="api"',
        type: 'heap',
        sampleType: 'inuse_space',
      })
      const expected = expectedSum([one], () => true, 'snapshot')
      expect(foundSum(found)?.totals).toEqual(expected?.totals)
    })

    test('three equal heap profiles count once, and nothing grew', async () => {
      const opened = await open({ nowMs: Date.now() })
      const [one] = profilesOf('heap')
      for (const minute of [0, 1, 2]) {
        const atMs = one.entry.atMs + minute * 60_000
        await addReady(opened.store, { ...one, entry: { ...one.entry, atMs } })
      }
      const selector = 'target="api"'
      const found = await opened.sum({ selector, type: 'heap', sampleType: 'inuse_space' })
      const expected = expectedSum([one], () => true, 'snapshot')
      expect(foundSum(found)?.totals).toEqual(expected?.totals)
      const grown = await opened.sum({ selector, type: 'heap', sampleType: 'alloc_space' })
      expect(foundSum(grown)?.totals).toEqual([0n])
    })

    test('selectors match labels, and pattern match whole values', async () => {
      const opened = await open({ nowMs: Date.now() })
      const [one] = profilesOf('heap')
      for (const cluster of ['prod-1', 'prod-2', 'test']) {
        await addReady(opened.store, one, { cluster, labels: [{ name: 'zone', value: 'z' }] })
      }
      const countOf = async (selector: string) =>
        (await sumOrNull(opened, { selector, type: 'heap' }))?.profileCount ?? 0
      expect(await countOf('{cluster=~"prod-.*"}')).toBe(2)
      expect(await countOf('{cluster=~"prod"}')).toBe(0)
      expect(await countOf('{target="api",cluster!="test"}')).toBe(2)
      expect(await countOf('{cluster!~"prod-1|test", zone="z"}')).toBe(1)
      expect(await countOf('{missing=""}')).toBe(3)
    })

    test.runIf(hasTiers)(
      'when profiles are forgotten their hours are left, and then their days',
      async () => {
        await fc.assert(
          fc.asyncProperty(stories, async (story) => {
            const clock = { nowMs: Date.UTC(2026, 11, 24) }
            const opened = await open(clock)
            const left = await play(opened, clock, story)
            const cut = left[story.from % Math.max(1, left.length)]?.entry.atMs ?? 0
            await retireFiles(opened, clock)
            for (const [age, periodMs] of [
              [0, 1],
              [31, HOUR_MS],
              [61, 24 * HOUR_MS],
            ] as const) {
              clock.nowMs = Date.UTC(2026, 11, 24) + age * 24 * HOUR_MS
              while ((await opened.history.expire()) > 0);
              // Asked for from the middle of a period, the answer is of all of it.
              const fromMs = Math.floor(cut / periodMs) * periodMs
              for (const [kind, sampleType] of SAMPLE_TYPES[story.day.kind]) {
                const expected = expectedSum(left, ({ entry }) => entry.atMs >= fromMs, kind)
                const type = story.day.kind
                const found = await sumOrNull(opened, {
                  selector: '',
                  type,
                  fromMs: cut,
                  sampleType,
                })
                expect(foundSum(found)).toEqual(expected)
              }
            }
          }),
          { numRuns: isThorough ? 12 : 4 },
        )
      },
    )

    test('a profile that comes after its day was forgotten stays out, and changes nothing', async () => {
      const clock = { nowMs: Date.UTC(2026, 11, 24) }
      const opened = await open(clock)
      const [one] = profilesOf('heap')
      await addReady(opened.store, one)
      await retireFiles(opened, clock)
      clock.nowMs += 31 * 24 * HOUR_MS
      expect(await opened.history.expire()).toBe(1)
      const late = await addReady(opened.store, one)
      const countOf = async () => (await opened.sum({ selector: '', type: 'heap' })).profileCount
      expect(await countOf()).toBe(1)
      await retireFiles(opened, clock)
      expect(await countOf()).toBe(1)
      await opened.store.profiles.remove(late)
      await retireFiles(opened, clock)
      expect(await countOf()).toBe(1)
    })

    test.runIf(hasTiers)(
      'a profile whose file is there is not forgotten, and leaves all levels when it is deleted',
      async () => {
        const clock = { nowMs: Date.UTC(2026, 11, 24) }
        const opened = await open(clock)
        const [one] = profilesOf('heap')
        const kept = await addReady(opened.store, one)
        clock.nowMs += 20 * 24 * HOUR_MS
        while (await opened.history.compact());
        expect(await opened.history.expire()).toBe(0)
        const tooLarge = { beforeMs: null, bytesMax: 1 }
        expect(await opened.store.history.expire('full', tooLarge, 10)).toEqual([])
        expect(await opened.store.history.expire('hour', tooLarge, 10)).toHaveLength(1)
        await opened.store.profiles.remove(kept)
        while (await opened.history.compact());
        expect(await opened.store.history.sizes()).toEqual([])
      },
    )

    test.runIf(hasTiers)(
      'old blocks are forgotten, and what is in them is not entered again',
      async () => {
        const clock = { nowMs: Date.now() }
        const opened = await open(clock)
        const [one] = profilesOf('heap')
        const day = 24 * 3_600_000
        await addReady(opened.store, {
          ...one,
          entry: { ...one.entry, atMs: clock.nowMs - 40 * day },
        })
        await addReady(opened.store, { ...one, entry: { ...one.entry, atMs: clock.nowMs - day } })
        await retireFiles(opened, clock)
        expect(await opened.history.expire()).toBe(1)
        await opened.history.append(ALL)
        const sizes = await opened.store.history.sizes()
        const counts = sizes.map(({ form, profileCount }) => [form, profileCount])
        expect(counts).toEqual([
          ['day', 2],
          ['full', 1],
          ['hour', 2],
        ])
      },
    )

    test('a profile that is read by another decoder counts once', async () => {
      const opened = await open({ nowMs: Date.now() })
      const [one] = profilesOf('heap')
      await addReady(opened.store, one)
      while (await opened.history.compact());
      await opened.store.analyses.addForVersions({ decoder: '2', ruleSet: 'a' }, ALL)
      await analyse(opened.store, one, '2')
      const found = await opened.sum({ selector: '', type: 'heap' })
      expect(found.profileCount).toBe(1)
    })
  })
}

/** Packs all, and then deletes the files by their age. */
async function retireFiles({ store, history }: OpenHistory, clock: Clock): Promise<void> {
  clock.nowMs += 2 * 24 * HOUR_MS
  while (await history.compact());
  await store.garbage.retire({ beforeMs: clock.nowMs, bytesMax: null }, 100)
  for (const key of await store.garbage.deleteRows(100)) await store.blobs.delete(key)
}

interface Story {
  readonly day: { readonly kind: DayKind; readonly profiles: readonly DayProfile[] }
  readonly chores: readonly string[]
  /** Where the day begins to arrive: what is before it arrives late. */
  readonly turn: number
}

/** Lets the profiles of a day arrive; answers those that are left, with their ids in the store. */
async function play(
  { store, history }: OpenHistory,
  clock: Clock,
  { day, chores: todo, turn }: Story,
): Promise<readonly DayProfile[]> {
  const arriving = [...day.profiles.slice(turn), ...day.profiles.slice(0, turn)]
  let left: DayProfile[] = []
  for (const [index, one] of arriving.entries()) {
    const profileId = await addReady(store, one)
    left.push({ ...one, entry: { ...one.entry, profileId } })
    clock.nowMs += 60_000
    if (todo[index] === 'compact') await history.compact()
    if (todo[index] === 'read again') await history.rebuild()
    if (todo[index] === 'delete') {
      const [first] = left
      if (first !== undefined) await store.profiles.remove(first.entry.profileId)
      left = left.slice(1)
    }
  }
  return left
}

async function sumOrNull({ sum }: OpenHistory, range: RangeOf): Promise<SummedRange | null> {
  try {
    return await sum(range)
  } catch (error) {
    const isEmpty = error instanceof AppError && error.code === 'RANGE_EMPTY'
    if (isEmpty || (error instanceof Error && error.message.includes('no profile'))) return null
    throw error
  }
}

let contentCount = 0

/** Stores a profile and completes its analysis. */
export async function addReady(
  store: Store,
  one: DayProfile,
  declared: Partial<ProfileSource> = {},
): Promise<string> {
  const blob = await store.blobs.put(gzipSync(encodeProfile(one.profile)))
  const { profile } = await store.profiles.add({
    source: {
      ...NOTHING_DECLARED,
      target: 'api',
      instance: one.entry.process,
      takenAtMs: one.entry.atMs,
      labels: [{ name: 'zone', value: one.entry.series }],
      ...declared,
    },
    dedupeKey: `history ${contentCount++}`,
    blob,
    receivedAtMs: one.entry.atMs,
  })
  await analyse(store, one, '1')
  return profile.id
}

async function analyse(store: Store, { profile }: DayProfile, decoder: string): Promise<void> {
  const versions = { decoder, ruleSet: 'a' }
  const claim = await store.analyses.claimNext('normal', {
    owner: 'test',
    leaseMs: 60_000,
    versions,
  })
  if (claim === null) throw new Error('there is nothing to analyse')
  const columns = await store.blobs.put(new TextEncoder().encode('columns'))
  const types = profile.sampleTypes.map(({ type }) => type)
  const facts: ProfileFacts = {
    type: types.includes('cpu') ? 'cpu' : types.includes('goroutine') ? 'goroutine' : 'heap',
    component: 'kube-apiserver',
    kubernetesVersion: '1.33.1',
    goVersion: null,
    takenAtMs: null,
    durationSeconds: null,
    sampleCount: 1,
    sampleTypes: [],
    defaultSampleType: '',
    warnings: [],
  }
  const reports = packReports({ en: emptyReport('en'), zh: emptyReport('zh') })
  const seen = { types: [], findings: [] }
  const result = {
    columns,
    facts,
    reports,
    worstFinding: null,
    findingCount: 0,
    seen,
    measured: null,
  }
  if (!(await store.analyses.complete(claim, result))) throw new Error('the claim was lost')
}

function emptyReport(language: Language): Report {
  return { version: 1, language, inputs: [], gc: null, findings: [], notes: [] }
}

export function requestOf({ selector, type, fromMs = 0, toMs = 2 ** 52 }: RangeOf) {
  return { space: 'default', selector: parseSelector(selector), type, fromMs, toMs }
}
