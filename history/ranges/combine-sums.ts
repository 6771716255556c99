import {
  combineProfiles,
  type Profile,
  refuseWide,
  scaleValue,
  totalOf,
} from '../../profile/index.ts'

/** Below it no sum of doubles hides one that needs more than 64 bits. */
const FITTING_MAX = 2 ** 63 - 2 ** 44

/**
 * The sums of several shapes as one profile. Where values wrap in pprof, as in `combineProfiles`, a range is refused: throws
 * a ReportError where all that is added up might need more than 64 bits, or nothing is common to the shapes.
 */
export function combineSums(sums: readonly Profile[]): Profile {
  const combined = combineProfiles(sums)
  if (sums.length === 1) return combined
  for (const { type, unit } of combined.sampleTypes) {
    const bound = sums.reduce((sum, profile) => sum + boundIn(profile, type, unit), 0)
    if (bound > FITTING_MAX) refuseWide()
  }
  return combined
}

/** The sum of absolute values of a sample type, in this unit. */
function boundIn({ sampleTypes, samples }: Profile, type: string, unit: string): number {
  const index = sampleTypes.findIndex((own) => own.type === type)
  const [own, column] = [sampleTypes[index], samples.values[index]]
  if (own === undefined || column === undefined) return 0
  return Number(totalOf(column)) * scaleValue(1, own.unit, unit).value
}
