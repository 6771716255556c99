import { GAP_MS, type Profile, type RangeSum, type SampleKind } from '../../../profile/index.ts'
import { contentOf } from '../profile-drafts.ts'
import type { DayProfile } from './random-day.ts'

/** The same by definition: stack by stack, with whole numbers. */
export function expectedSum(
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

export function foundSum(
  sum: Pick<RangeSum, 'profile' | 'profileCount' | 'restartCount' | 'kind'> | null,
) {
  if (sum === null) return null
  const { profile, profileCount, restartCount, kind } = sum
  const columns = valuesOf(
    profile,
    profile.sampleTypes.map((_, type) => type),
  )
  const stacks = kind === 'snapshot' ? null : columns.map(entriesOf)
  return { totals: totalsOf(sum), stacks, profileCount, restartCount }
}

export function totalsOf(sum: Pick<RangeSum, 'profile'> | null): bigint[] {
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

/** What a profile says, sample by sample, in no order. */
export function contentTexts(profile: Profile | null) {
  if (profile === null) return null
  return contentOf(profile).samples.map(textOf).toSorted()
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}` : one))
}

export function byTime(a: DayProfile, b: DayProfile): number {
  return a.entry.atMs - b.entry.atMs || (a.entry.profileId < b.entry.profileId ? -1 : 1)
}
