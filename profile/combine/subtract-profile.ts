import { combineProfiles } from './combine-profiles.ts'
import { labelSamples } from './label-samples.ts'
import { ReportError } from '../report-error.ts'
import { scaleProfile } from './scale-profile.ts'
import type { Profile } from '../types.ts'

/** Marks the samples of a base that is subtracted. Reports take their total from these where there are some. */
export const BASE_LABEL = { key: 'pprof::base', text: 'true' } as const

export interface SubtractOptions {
  /** Marks what is subtracted, so that shares are of the base. */
  readonly marksBase: boolean
  /** Scales the profile first so that its sums are the base's. */
  readonly normalizes: boolean
}

/**
 * The profile less its base. Throws a ReportError where the two cannot be compared.
 * https://github.com/google/pprof/blob/main/internal/driver/fetch.go
 */
export function subtractProfile(
  profile: Profile,
  base: Profile,
  { marksBase, normalizes }: SubtractOptions,
): Profile {
  const marked = marksBase ? labelSamples(base, BASE_LABEL.key, BASE_LABEL.text) : base
  const source = normalizes ? normalize(profile, base) : profile
  const negated = scaleProfile(
    marked,
    marked.sampleTypes.map(() => -1),
  )
  return combineProfiles([source, negated])
}

function normalize(profile: Profile, base: Profile): Profile {
  const texts = [profile, base].map(({ sampleTypes }) =>
    sampleTypes.map(({ type, unit }) => `${type}/${unit}`).join(' '),
  )
  if (texts[0] !== texts[1]) {
    throw new ReportError(`incompatible sample types: [${texts[0]}] and [${texts[1]}]`)
  }
  const sums = [profile, base].map(({ samples }) =>
    samples.values.map((column) => {
      let sum = 0n
      for (const value of column) sum += BigInt(value)
      return Number(BigInt.asIntN(64, sum))
    }),
  )
  const ratios = sums[0].map((sum, type) => (sum === 0 ? 0 : sums[1][type] / sum))
  return scaleProfile(profile, ratios)
}
