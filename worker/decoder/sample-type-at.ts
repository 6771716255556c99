import type { Profile, ValueType } from '../../profile/index.ts'

/** A sample type of a profile by its index, as `findSampleType` gives it. */
export function sampleTypeAt({ sampleTypes }: Profile, index: number): ValueType {
  const sampleType = sampleTypes[index]
  if (sampleType === undefined) throw new RangeError(`the profile has no sample type ${index}`)
  return sampleType
}
