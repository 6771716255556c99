import { checkProfile } from '../columns/check-profile.ts'
import { decodeSamples } from './decode-samples.ts'
import { decodeHeader, type DecodeOptions, decodePlaces, openSections } from './decode-sections.ts'
import { decodeStrings, warnOfInvalid } from './decode-strings.ts'
import type { Profile } from '../types.ts'

/**
 * Reads an inflated profile.proto into columns. Faithful to the file: samples keep their order, equal samples stay
 * apart (`mergeProfiles` unifies them). It refuses what pprof refuses, with a ProfileFormatError that names the
 * field and its offset; `faultOf` distinguishes an exceeded limit from broken bytes.
 */
export function decodeProfile(bytes: Uint8Array, options: DecodeOptions = {}): Profile {
  const opened = openSections(bytes, options)
  const { reader, sections, limits } = opened
  const { strings, invalidCount } = decodeStrings(bytes, sections.strings, limits)
  const texts = { length: strings.length, at: (index: number) => strings[index] }
  const { sampleTypes, periodType, tables, locationOfId } = decodePlaces(opened, texts)
  const decoded = decodeSamples(reader, sections.samples, tables.locations, {
    typeCount: sampleTypes.length,
    stringCount: strings.length,
    locationOfId,
    limits,
  })
  const profile = {
    strings,
    sampleTypes,
    periodType,
    ...decodeHeader(sections, texts),
    ...tables,
    ...decoded,
    warnings: [...opened.warnings, ...warnOfInvalid(invalidCount)],
  }
  checkProfile(profile)
  return profile
}
