import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Block,
  blockOfProfiles,
  type BlockMember,
  decodeBlock,
  encodeBlock,
  GAP_MS,
  mergeBlocks,
  mergeProfiles,
  type Profile,
  type RangeSum,
  type SampleKind,
  sumBlocks,
} from '../../../profile/index.ts'
import { contentOf } from '../profile-drafts.ts'
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
        const expected = sumOf(kept, isWanted, kind)
        expect(foundIn(sumBlocks(blocks, { kind, isKept, isSelected }))).toEqual(expected)
        const stored = merged === null ? [] : [decodeBlock(encodeBlock(merged))]
        const options = { kind, isKept: () => true, isSelected }
        expect(foundIn(sumBlocks(stored, options))).toEqual(expected)
      }
    }),
    { numRuns: 300 },
  )
})

test('intervals sum to the profile that merging them gives', () => {
  fc.assert(
    fc.property(days, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 20 }), (day, sizes) => {
      if (day.kind !== 'cpu') return
      const inTime = day.profiles.toSorted((a, b) => byTime(a, b))
      const sum = sumBlocks(inBlocks(inTime, sizes), ALL)
      const expected = mergeProfiles(inTime.map(({ profile }) => profile))
      const found = sum === null ? null : mergeProfiles([sum.profile])
      expect(found?.durationNs).toBe(expected.durationNs)
      expect(found?.period).toBe(expected.period)
      expect(sorted(found)).toEqual(sorted(expected))
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

/** The same by definition: stack by stack, with whole numbers. */
function sumOf(
  kept: readonly DayProfile[],
  isWanted: (one: DayProfile) => boolean,
  kind: SampleKind,
) {
  const wanted = kept.filter(isWanted)
  const types = kindTypes(kept, kind)
  if (wanted.length === 0 || types.length === 0) return null
  const sums = types.map(() => new Map<string, bigint>())
  const perProcess: bigint[][] = []
  let restartCount = 0
  for (const chain of Map.groupBy(kept.toSorted(byTime), ({ entry }) => entry.process).values()) {
    const own = types.map(() => new Map<string, bigint>())
    chain.forEach((current, index) => {
      if (!isWanted(current)) return
      const previous = chain[index - 1] ?? null
      const grown = kind === 'cumulative' ? growth(previous, current, types) : null
      if (grown?.hasRestarted === true) restartCount++
      const values = kind === 'cumulative' ? grown?.values : valuesOf(current.profile, types)
      values?.forEach((column, type) => addAll(own[type], column))
    })
    const count = BigInt(chain.filter(isWanted).length)
    if (count === 0n) continue
    if (kind === 'snapshot') perProcess.push(own.map((column) => rounded(totalIn(column), count)))
    else own.forEach((column, type) => addAll(sums[type], column))
  }
  const totals =
    kind === 'snapshot'
      ? types.map((_, type) => perProcess.reduce((sum, row) => sum + (row[type] ?? 0n), 0n))
      : sums.map(totalIn)
  const stacks = kind === 'snapshot' ? null : sums.map(entriesOf)
  return { totals, stacks, profileCount: wanted.length, restartCount }
}

function growth(previous: DayProfile | null, current: DayProfile, types: readonly number[]) {
  if (previous === null || current.entry.atMs - previous.entry.atMs > GAP_MS) return null
  const now = valuesOf(current.profile, types)
  const then = valuesOf(previous.profile, types)
  const differences = now.map((column, type) => {
    const difference = new Map(column)
    for (const [stack, value] of then[type] ?? []) {
      difference.set(stack, (difference.get(stack) ?? 0n) - value)
    }
    return difference
  })
  const hasRestarted = differences.some((column) => [...column.values()].some((one) => one < 0n))
  return { values: hasRestarted ? now : differences, hasRestarted }
}

function foundIn(sum: RangeSum | null) {
  if (sum === null) return null
  const { profile, profileCount, restartCount, kind } = sum
  const columns = valuesOf(
    profile,
    profile.sampleTypes.map((_, type) => type),
  )
  const stacks = kind === 'snapshot' ? null : columns.map(entriesOf)
  return { totals: totalsOf(sum), stacks, profileCount, restartCount }
}

function totalsOf(sum: RangeSum | null): bigint[] {
  const columns = sum?.profile.samples.values ?? []
  return columns.map((column) => [...column].reduce<bigint>((all, one) => all + BigInt(one), 0n))
}

function kindTypes([first]: readonly DayProfile[], kind: SampleKind): number[] {
  const kinds: Readonly<Record<string, SampleKind>> = {
    alloc_space: 'cumulative',
    inuse_space: 'snapshot',
    goroutine: 'snapshot',
  }
  const types = first?.profile.sampleTypes ?? []
  return types.flatMap(({ type }, index) => ((kinds[type] ?? 'interval') === kind ? [index] : []))
}

function valuesOf(profile: Profile, types: readonly number[]): Map<string, bigint>[] {
  const { samples } = contentOf(profile)
  return types.map((type) => {
    const column = new Map<string, bigint>()
    for (const { path, labels, values } of samples) {
      addAll(column, new Map([[textOf([path, labels]), values[type] ?? 0n]]))
    }
    return column
  })
}

function addAll(sums: Map<string, bigint> | undefined, column: ReadonlyMap<string, bigint>): void {
  for (const [stack, value] of column) sums?.set(stack, (sums.get(stack) ?? 0n) + value)
}

function totalIn(column: ReadonlyMap<string, bigint>): bigint {
  return [...column.values()].reduce((sum, value) => sum + value, 0n)
}

function entriesOf(column: ReadonlyMap<string, bigint>): (readonly [string, bigint])[] {
  return [...column].filter(([, value]) => value !== 0n).toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** Halves away from zero. */
function rounded(value: bigint, divisor: bigint): bigint {
  return (2n * value + divisor) / (2n * divisor)
}

function sorted(profile: Profile | null) {
  if (profile === null) return null
  return contentOf(profile).samples.map(textOf).toSorted()
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}` : one))
}

function byTime(a: DayProfile, b: DayProfile): number {
  return a.entry.atMs - b.entry.atMs || (a.entry.profileId < b.entry.profileId ? -1 : 1)
}

function atIndex<T>(list: readonly T[], index: number): T {
  const found = list[index]
  if (found === undefined) throw new RangeError(`there is no ${index}`)
  return found
}
