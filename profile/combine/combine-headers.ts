import type { ProfileHeader } from '../columns/profile-builder.ts'
import { ProfileFormatError } from '../profile-format-error.ts'
import type { ValueType } from '../types.ts'

/** All of a profile but its tables. */
export type CompleteHeader = Required<ProfileHeader>

/**
 * The header of several profiles merged, as pprof makes it: the earliest time, the sum of durations, the largest
 * period, every comment once, the rest from the first. Throws a ProfileFormatError `incompatible` when sample or period
 * types differ (https://github.com/google/pprof/blob/main/profile/merge.go, combineHeaders).
 */
export function combineHeaders(profiles: readonly CompleteHeader[]): CompleteHeader {
  const [first] = profiles
  for (const profile of profiles) refuseIncompatible(first, profile)
  let timeNs = 0n
  let period = 0n
  for (const profile of profiles) {
    if (timeNs === 0n || profile.timeNs < timeNs) timeNs = profile.timeNs
    if (period === 0n || period < profile.period) period = profile.period
  }
  return {
    sampleTypes: first.sampleTypes,
    defaultSampleType: firstText(profiles, (profile) => profile.defaultSampleType),
    periodType: first.periodType,
    period,
    timeNs,
    durationNs: profiles.reduce((sum, { durationNs }) => BigInt.asIntN(64, sum + durationNs), 0n),
    comments: [...new Set(profiles.flatMap((profile) => profile.comments))],
    docUrl: firstText(profiles, (profile) => profile.docUrl),
    dropFrames: first.dropFrames,
    keepFrames: first.keepFrames,
    warnings: profiles.flatMap((profile) => profile.warnings),
  }
}

function firstText(
  profiles: readonly CompleteHeader[],
  textOf: (profile: CompleteHeader) => string,
): string {
  return profiles.map((profile) => textOf(profile)).find((text) => text !== '') ?? ''
}

/** Throws a ProfileFormatError `incompatible` when sample or period types differ. */
export function refuseIncompatible(first: CompleteHeader, other: CompleteHeader): void {
  const periods = [first, other].map(({ periodType }) => describe([periodType ?? NO_TYPE]))
  if (periods[0] !== periods[1]) refuse('period types', periods)
  const types = [first, other].map(({ sampleTypes }) => describe(sampleTypes))
  if (types[0] !== types[1]) refuse('sample types', types)
}

const NO_TYPE: ValueType = { type: '', unit: '' }

function describe(types: readonly ValueType[]): string {
  return types.map(({ type, unit }) => `${type}/${unit}`).join(' ')
}

function refuse(what: string, [first, other]: readonly string[]): never {
  throw new ProfileFormatError('incompatible', `incompatible ${what}: [${first}] and [${other}]`)
}
