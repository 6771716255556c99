import { checkProfile } from '../columns/check-profile.ts'
import { decodeSamples } from './decode-samples.ts'
import { decodeStrings } from './decode-strings.ts'
import { decodeFuncs, decodeLocations, decodeMappings, decodeValueTypes } from './decode-tables.ts'
import { ProfileFormatError } from '../profile-format-error.ts'
import { DEFAULT_PROFILE_LIMITS, type ProfileLimits } from './profile-limits.ts'
import {
  PROFILE_FIELD,
  type ProfileSections,
  scanProfile,
  type WireNumber,
} from './scan-profile.ts'
import type { Profile, ProfileWarning } from '../types.ts'
import { WireReader } from './wire-reader.ts'

export interface DecodeOptions extends Partial<ProfileLimits> {
  /** Accept, with a warning, what the protobuf specification forbids but pprof skips: fields with number 0. */
  readonly isFieldZeroSkipped?: boolean
}

/**
 * Reads an inflated profile.proto into columns. Faithful to the file: samples keep their order, equal samples stay
 * apart (`mergeProfiles` unifies them). It refuses what pprof refuses, with a ProfileFormatError that names the
 * field and its offset; `faultOf` tells a passed limit from broken bytes.
 */
export function decodeProfile(bytes: Uint8Array, options: DecodeOptions = {}): Profile {
  const limits: ProfileLimits = { ...DEFAULT_PROFILE_LIMITS, ...options }
  if (bytes.length === 0) throw new ProfileFormatError('empty_input', 'the profile is empty')
  const reader = new WireReader(bytes)
  const sections = scanProfile(reader)
  const warnings = warnOfZeroFields(sections, options)
  refuseTooMany(sections, limits)
  const { strings, invalidCount } = decodeStrings(bytes, sections.strings, limits)
  if (invalidCount > 0) {
    warnings.push({ code: 'invalid_utf8', text: `${invalidCount} strings are not valid UTF-8` })
  }
  const sampleTypes = decodeValueTypes(reader, sections.sampleTypes, strings, 'sample_type')
  const periodType =
    sections.periodType === null
      ? null
      : decodeValueTypes(reader, sections.periodType, strings, 'period_type')[0]
  const mappings = decodeMappings(reader, sections.mappings, strings.length)
  const funcs = decodeFuncs(reader, sections.funcs, strings.length)
  const { locations, frames, rowOfId } = decodeLocations(
    reader,
    sections.locations,
    mappings.rowOfId,
    funcs.rowOfId,
  )
  if (sampleTypes.length === 0 && sections.samples.length > 0) {
    throw new ProfileFormatError('sample_type_missing', 'there are samples but no sample_type')
  }
  const decoded = decodeSamples(reader, sections.samples, {
    typeCount: sampleTypes.length,
    stringCount: strings.length,
    locations,
    locationOfId: rowOfId,
    limits,
  })
  const profile = {
    strings,
    sampleTypes,
    periodType,
    ...singleFields(sections, strings),
    mappings: mappings.table,
    funcs: funcs.table,
    locations,
    frames,
    ...decoded,
    warnings,
  }
  checkProfile(profile)
  return profile
}

function singleFields({ numbers, comments }: ProfileSections, strings: readonly string[]) {
  const signed = (field: number) => {
    const { lo, hi } = numbers.get(field) ?? ZERO
    return BigInt.asIntN(64, (BigInt(hi) << 32n) | BigInt(lo))
  }
  const text = (field: number, name: string) => stringAt(numbers.get(field) ?? ZERO, strings, name)
  return {
    period: signed(PROFILE_FIELD.period),
    timeNs: signed(PROFILE_FIELD.timeNanos),
    durationNs: signed(PROFILE_FIELD.durationNanos),
    dropFrames: text(PROFILE_FIELD.dropFrames, 'drop_frames'),
    keepFrames: text(PROFILE_FIELD.keepFrames, 'keep_frames'),
    defaultSampleType: text(PROFILE_FIELD.defaultSampleType, 'default_sample_type'),
    docUrl: text(PROFILE_FIELD.docUrl, 'doc_url'),
    comments: comments.map((comment, row) => stringAt(comment, strings, `comment ${row}`)),
  }
}

const ZERO: WireNumber = { lo: 0, hi: 0, offset: 0 }

function stringAt(number: WireNumber, strings: readonly string[], name: string): string {
  const { lo, hi, offset } = number
  if (hi === 0 && lo < strings.length) return strings[lo]
  const index = BigInt.asIntN(64, (BigInt(hi) << 32n) | BigInt(lo))
  const message = `${name} is string ${index}, but there are ${strings.length} strings`
  throw new ProfileFormatError('string_index', message, offset)
}

function warnOfZeroFields(
  { zeroFields }: ProfileSections,
  { isFieldZeroSkipped = false }: DecodeOptions,
): ProfileWarning[] {
  if (zeroFields.length === 0) return []
  if (!isFieldZeroSkipped) {
    throw new ProfileFormatError('field_zero', 'a field has the reserved number 0', zeroFields[0])
  }
  return [{ code: 'field_zero', text: 'a field with the reserved number 0 was skipped' }]
}

function refuseTooMany(sections: ProfileSections, limits: ProfileLimits): void {
  const { samples, locations, funcs } = sections
  if (samples.length > limits.samplesMax) {
    const counts = `${samples.length} samples, at most ${limits.samplesMax}`
    throw new ProfileFormatError('samples', `the profile has ${counts} are read`)
  }
  const places = Math.max(locations.length, funcs.length)
  if (places <= limits.locationsMax) return
  const counts = `${places} locations or functions, at most ${limits.locationsMax}`
  throw new ProfileFormatError('locations', `the profile has ${counts} are read`)
}
