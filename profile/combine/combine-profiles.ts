import { isSameUnitKind, scaleValue } from '../units/format-value.ts'
import { mergeProfiles } from './merge-profiles.ts'
import { ReportError } from '../report-error.ts'
import { scaleProfile } from './scale-profile.ts'
import type { Profile, ValueType } from '../types.ts'
import { wholeOf } from '../units/whole-number.ts'

/**
 * One profile out of several that need not be of the same types: sample types that all of them have stay, in the
 * finest of their units. A single profile stays as it is otherwise. Throws a ReportError where nothing is common.
 * https://github.com/google/pprof/blob/main/internal/driver/fetch.go
 */
export function combineProfiles(profiles: readonly Profile[]): Profile {
  const aligned = alignTypes(profiles)
  return aligned.length === 1 ? aligned[0] : mergeProfiles(aligned)
}

/** The profiles with the sample types that all of them have, in the finest of their units. Throws a ReportError. */
export function alignTypes(profiles: readonly Profile[]): readonly Profile[] {
  const common = commonTypes(profiles)
  if (common.length === 0) {
    throw new ReportError('the profiles have no sample type in common')
  }
  return scaleUnits(profiles.map((profile) => chooseTypes(profile, common)))
}

/** The types that each profile has once. */
function commonTypes(profiles: readonly Profile[]): string[] {
  const counts = new Map<string, number>()
  for (const { sampleTypes } of profiles) {
    for (const { type } of sampleTypes) counts.set(type, (counts.get(type) ?? 0) + 1)
  }
  const types = profiles[0].sampleTypes.map(({ type }) => type)
  return types.filter((type) => counts.get(type) === profiles.length)
}

/** The profile with these of its sample types alone. */
export function chooseTypes(profile: Profile, types: readonly string[]): Profile {
  const { sampleTypes, samples, defaultSampleType } = profile
  const rows = types.map((type) => sampleTypes.findIndex((own) => own.type === type))
  const isSame = rows.length === sampleTypes.length && rows.every((row, index) => row === index)
  if (isSame) return profile
  return {
    ...profile,
    sampleTypes: rows.map((row) => sampleTypes[row]),
    defaultSampleType: types.includes(defaultSampleType) ? defaultSampleType : types[0],
    samples: { ...samples, values: rows.map((row) => samples.values[row]) },
  }
}

const NO_TYPE: ValueType = { type: '', unit: '' }

/** https://github.com/google/pprof/blob/main/internal/measurement/measurement.go */
function scaleUnits(profiles: readonly Profile[]): readonly Profile[] {
  if (profiles.length === 1) return profiles
  const periodType = finestType(profiles.map(({ periodType }) => periodType ?? NO_TYPE))
  const finest = profiles[0].sampleTypes.map((_, index) =>
    finestType(profiles.map(({ sampleTypes }) => sampleTypes[index])),
  )
  return profiles.map((profile) => {
    const own = profile.periodType ?? NO_TYPE
    const period = scaleValue(profile.period, own.unit, periodType.unit).value
    const ratios = profile.sampleTypes.map(
      ({ unit }, index) => scaleValue(1, unit, finest[index].unit).value,
    )
    const scaled = scaleProfile(profile, ratios)
    return {
      ...scaled,
      period: own.unit === periodType.unit ? profile.period : BigInt(wholeOf(period)),
      periodType: profile.periodType && { ...own, unit: periodType.unit },
      sampleTypes: profile.sampleTypes.map(({ type }, index) => ({
        type,
        unit: finest[index].unit,
      })),
    }
  })
}

function finestType(types: readonly ValueType[]): ValueType {
  let [finest] = types
  for (const type of types) {
    if (singular(finest.type) !== singular(type.type) || !isSameUnitKind(finest.unit, type.unit)) {
      const texts = [finest, type].map(({ type, unit }) => `${type}/${unit}`)
      throw new ReportError(`incompatible types: ${texts.join(' and ')}`)
    }
    if (scaleValue(1, type.unit, finest.unit).value < 1) finest = type
  }
  return finest
}

function singular(type: string): string {
  return type.endsWith('s') ? type.slice(0, -1) : type
}
