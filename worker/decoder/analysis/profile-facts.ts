import type { ProfileType, SampleTypeTotal } from '../../../api/index.ts'
import {
  defaultSampleTypeIndex,
  type Profile,
  type ProfileOrigin,
  sampleKindOf,
  totalOfType,
} from '../../../profile/index.ts'
import type { ProfileFacts } from '../../../store/index.ts'
import { sampleTypeAt } from '../sample-type-at.ts'

const NS_PER_MS = 1_000_000n
const NS_PER_SECOND = 1e9
const INT64_MAX = 2n ** 63n - 1n
/** The earliest plausible time: pprof did not exist much earlier. */
const TAKEN_AT_MS_MIN = Date.UTC(2010, 0, 1)
const CLOCK_SKEW_MS_MAX = 10 * 60 * 1000

export interface FactsOptions {
  readonly type: ProfileType
  /** As inferred by judging the profile. */
  readonly origin: ProfileOrigin | undefined
  readonly nowMs: number
}

/** The facts of an analysed profile for lists. */
export function profileFacts(
  profile: Profile,
  { type, origin, nowMs }: FactsOptions,
): ProfileFacts {
  const takenAtMs = profile.timeNs === 0n ? null : Number(profile.timeNs / NS_PER_MS)
  const isSkewed =
    takenAtMs !== null && (takenAtMs < TAKEN_AT_MS_MIN || takenAtMs > nowMs + CLOCK_SKEW_MS_MAX)
  const sampleTypes = profile.sampleTypes.map((_, index) => totalOf(profile, index))
  const isOverflowing = sampleTypes.some(
    ({ totalExact }) => totalExact !== undefined && BigInt(totalExact) > INT64_MAX,
  )
  return {
    type,
    component: origin?.component ?? null,
    kubernetesVersion: origin?.kubernetesVersion ?? null,
    goVersion: origin?.goVersion ?? null,
    takenAtMs: isSkewed ? null : takenAtMs,
    durationSeconds: profile.durationNs === 0n ? null : Number(profile.durationNs) / NS_PER_SECOND,
    sampleCount: profile.samples.length,
    sampleTypes,
    defaultSampleType: profile.sampleTypes[defaultSampleTypeIndex(profile)]?.type ?? '',
    warnings: [
      ...profile.warnings,
      ...(isSkewed ? [CLOCK_SKEW] : []),
      ...(isOverflowing ? [OVERFLOW] : []),
    ],
  }
}

const CLOCK_SKEW = {
  code: 'clock_skew',
  text: 'The time in the profile is impossible; the time of the upload is shown.',
}
const OVERFLOW = {
  code: 'overflow',
  text: 'The total is larger than pprof can count; its own total is wrong.',
}

/** The sum of absolute values, as views show it; its digits where a double might not hold them. */
function totalOf(profile: Profile, index: number): SampleTypeTotal {
  const { type, unit } = sampleTypeAt(profile, index)
  const kind = sampleKindOf(profile, index)
  const { value: total, exact } = totalOfType(profile, index)
  const isWide = profile.samples.values[index] instanceof BigInt64Array
  return { type, unit, kind, total, ...(isWide ? { totalExact: exact.toString() } : {}) }
}
