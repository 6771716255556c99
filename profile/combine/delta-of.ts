import { chooseTypes } from './combine-profiles.ts'
import { sampleKindOf } from '../origin/sample-kind.ts'
import { subtractProfile } from './subtract-profile.ts'
import { NONE, type Profile, type ValueType } from '../types.ts'

/**
 * What came between two profiles of one process. `grown`: the cumulative types of the later one less those of the
 * earlier, over the time between. `restarted`: a value fell, which within one process none does, so there is nothing to
 * subtract. `out_of_order`: the current one was taken before the previous. `nothing_cumulative`: none of the types that
 * both have counts since the process started.
 */
export type Delta =
  | { readonly verdict: 'grown'; readonly profile: Profile }
  | { readonly verdict: 'restarted'; readonly fallen: FallenValue }
  | { readonly verdict: 'out_of_order' | 'nothing_cumulative' }

/** A value that is less than it was: the proof of a restart. */
export interface FallenValue {
  readonly sampleType: ValueType
  /** The function that was measured; `''` where the stack names none. */
  readonly funcName: string
  /** By how much it fell, in the unit of the sample type. */
  readonly fellBy: bigint
}

/**
 * The growth from the previous to the current profile of the same process, as Go computes it for `?seconds=`, but of
 * the cumulative types alone: of inuse_space and the like, two moments have no sum. Where both profiles say when they
 * were taken the growth has a duration, which makes it an interval. Throws a ReportError where no type is common.
 */
export function deltaOf(previous: Profile, current: Profile): Delta {
  const types = cumulativeTypes(current).filter((type) => cumulativeTypes(previous).includes(type))
  if (types.length === 0) return { verdict: 'nothing_cumulative' }
  const isTimed = previous.timeNs > 0n && current.timeNs > 0n
  if (isTimed && current.timeNs < previous.timeNs) return { verdict: 'out_of_order' }
  const growth = subtractProfile(chooseTypes(current, types), chooseTypes(previous, types), {
    marksBase: false,
    normalizes: false,
  })
  const fallen = findFallen(growth)
  if (fallen !== null) return { verdict: 'restarted', fallen }
  return {
    verdict: 'grown',
    profile: {
      ...growth,
      defaultSampleType: types.includes(current.defaultSampleType) ? current.defaultSampleType : '',
      timeNs: previous.timeNs,
      durationNs: isTimed ? current.timeNs - previous.timeNs : 0n,
    },
  }
}

function cumulativeTypes(profile: Profile): string[] {
  return profile.sampleTypes
    .filter((_, index) => sampleKindOf(profile, index) === 'cumulative')
    .map(({ type }) => type)
}

function findFallen(growth: Profile): FallenValue | null {
  const { samples, sampleTypes } = growth
  for (const [type, values] of samples.values.entries()) {
    for (let sample = 0; sample < samples.length; sample++) {
      if (values[sample] >= 0) continue
      const fellBy = -BigInt(values[sample])
      return { sampleType: sampleTypes[type], funcName: leafName(growth, sample), fellBy }
    }
  }
  return null
}

function leafName({ samples, stacks, frames, funcs, strings }: Profile, sample: number): string {
  const leaf = samples.stack[sample]
  const func = leaf === NONE ? NONE : frames.func[stacks.frame[leaf]]
  return func === NONE ? '' : strings[funcs.name[func]]
}
