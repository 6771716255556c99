import { alignTypes, chooseTypes } from './combine-profiles.ts'
import { deltaOf } from './delta-of.ts'
import { mergeProfiles } from './merge-profiles.ts'
import { ReportError } from '../report-error.ts'
import { type SampleKind, sampleKindOf } from '../origin/sample-kind.ts'
import type { Profile, ValueColumn } from '../types.ts'
import { valueColumnOf } from '../columns/value-column.ts'

/** Profiles of one process merged over time, each kind of sample type in the one way that means something. */
export interface MergedOverTime {
  /** Interval types, added up. Null without any. */
  readonly sum: Profile | null
  /** Snapshot types, averaged over the profiles. Null without any. */
  readonly average: Profile | null
  /**
   * Cumulative types: what they grew by from the first profile to the last. After a restart they count from 0, as
   * Prometheus' `increase` has it, so what the old process did after its last profile is missing. Null where there are
   * none, and of a single profile.
   */
  readonly increase: Profile | null
  /** How often the process was seen to have restarted in between. */
  readonly restartCount: number
}

/** Merges profiles of one process, in any order. Throws a ReportError where they are not of the same types or kinds. */
export function mergeOverTime(profiles: readonly Profile[]): MergedOverTime {
  const inOrder = profiles.toSorted((a, b) => Number(a.timeNs - b.timeNs))
  const aligned = alignTypes(inOrder)
  const ofKind = (kind: SampleKind) => {
    const types = typesOfKind(aligned, kind)
    return types.length === 0 ? null : aligned.map((profile) => chooseTypes(profile, types))
  }
  const intervals = ofKind('interval')
  const snapshots = ofKind('snapshot')
  const { increase, restartCount } = increaseOf(ofKind('cumulative') ?? [])
  return {
    sum: intervals && mergeProfiles(intervals),
    average: snapshots && averageOf(snapshots),
    increase,
    restartCount,
  }
}

function typesOfKind(aligned: readonly Profile[], kind: SampleKind): string[] {
  return aligned[0].sampleTypes.flatMap(({ type }, index) => {
    const kinds = new Set(aligned.map((profile) => sampleKindOf(profile, index)))
    if (kinds.size > 1) {
      throw new ReportError(`${type} is ${[...kinds].join(' in one profile and ')} in another`)
    }
    return kinds.has(kind) ? [type] : []
  })
}

function averageOf(snapshots: readonly Profile[]): Profile {
  const merged = mergeProfiles(snapshots)
  const values = merged.samples.values.map((column) => divideColumn(column, snapshots.length))
  return mergeProfiles([{ ...merged, samples: { ...merged.samples, values } }])
}

/** Divides so that every sum from the first row on is the rounded quotient: many small rows keep their total. */
function divideColumn(column: ValueColumn, divisor: number): ValueColumn {
  const quotients: bigint[] = []
  const divisorWide = BigInt(divisor)
  let sum = 0n
  let given = 0n
  for (const value of column) {
    sum += BigInt(value)
    const sign = sum < 0n ? -1n : 1n
    const quotient = sign * ((2n * sum * sign + divisorWide) / (2n * divisorWide))
    quotients.push(quotient - given)
    given = quotient
  }
  return valueColumnOf(quotients)
}

function increaseOf(cumulative: readonly Profile[]): {
  readonly increase: Profile | null
  readonly restartCount: number
} {
  if (cumulative.length < 2) return { increase: null, restartCount: 0 }
  const first = cumulative[0]
  const last = cumulative[cumulative.length - 1]
  const grown: Profile[] = []
  let restartCount = 0
  for (let index = 1; index < cumulative.length; index++) {
    const delta = deltaOf(cumulative[index - 1], cumulative[index])
    if (delta.verdict === 'grown') grown.push(delta.profile)
    else {
      restartCount++
      grown.push(cumulative[index])
    }
  }
  const { timeNs } = first
  const durationNs = timeNs > 0n ? last.timeNs - timeNs : 0n
  return { increase: { ...mergeProfiles(grown), timeNs, durationNs }, restartCount }
}
