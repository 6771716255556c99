import { decodeFuncs, decodeLocations, decodeMappings, decodeValueTypes } from './decode-tables.ts'
import type { IdMap } from '../columns/id-map.ts'
import { ProfileFormatError } from '../profile-format-error.ts'
import { DEFAULT_PROFILE_LIMITS, type ProfileLimits } from './profile-limits.ts'
import {
  PROFILE_FIELD,
  type ProfileSections,
  scanProfile,
  type WireNumber,
} from './scan-profile.ts'
import type { Profile, ProfileWarning, ValueType } from '../types.ts'
import { WireReader } from './wire-reader.ts'

export interface DecodeOptions extends Partial<ProfileLimits> {
  /** Accept, with a warning, what the protobuf specification forbids but pprof skips: fields with number 0. */
  readonly isFieldZeroSkipped?: boolean
}

/** The strings of a profile, decoded or not. */
export interface Texts {
  readonly length: number
  readonly at: (index: number) => string
}

export interface OpenedProfile {
  readonly reader: WireReader
  readonly sections: ProfileSections
  readonly limits: ProfileLimits
  readonly warnings: readonly ProfileWarning[]
}

/** What lies where in an inflated profile.proto. */
export function openSections(bytes: Uint8Array, options: DecodeOptions): OpenedProfile {
  const limits: ProfileLimits = { ...DEFAULT_PROFILE_LIMITS, ...options }
  if (bytes.length === 0) throw new ProfileFormatError('empty_input', EMPTY)
  const reader = new WireReader(bytes)
  const sections = scanProfile(reader)
  const warnings = [...warnOfZeroFields(sections, options), ...warnOfOnlyStrings(sections)]
  refuseTooMany(sections, limits)
  return { reader, sections, limits, warnings }
}

/** All tables but that of the samples. */
export interface DecodedPlaces {
  readonly sampleTypes: readonly ValueType[]
  readonly periodType: ValueType | null
  readonly tables: Pick<Profile, 'mappings' | 'funcs' | 'locations' | 'frames'>
  readonly locationOfId: IdMap
}

export function decodePlaces({ reader, sections }: OpenedProfile, texts: Texts): DecodedPlaces {
  const sampleTypes = decodeValueTypes(reader, sections.sampleTypes, texts, 'sample_type')
  const periodType =
    sections.periodType === null
      ? null
      : decodeValueTypes(reader, sections.periodType, texts, 'period_type')[0]
  const mappings = decodeMappings(reader, sections.mappings, texts.length)
  const funcs = decodeFuncs(reader, sections.funcs, texts.length)
  const { locations, frames, rowOfId } = decodeLocations(
    reader,
    sections.locations,
    mappings.rowOfId,
    funcs.rowOfId,
  )
  if (sampleTypes.length === 0 && sections.samples.length > 0) {
    throw new ProfileFormatError('sample_type_missing', 'there are samples but no sample_type')
  }
  return {
    sampleTypes,
    periodType,
    tables: { mappings: mappings.table, funcs: funcs.table, locations, frames },
    locationOfId: rowOfId,
  }
}

/** The header but for its types. */
export function decodeHeader({ numbers, comments }: ProfileSections, texts: Texts) {
  const signed = (field: number) => {
    const { lo, hi } = numbers.get(field) ?? ZERO
    return BigInt.asIntN(64, (BigInt(hi) << 32n) | BigInt(lo))
  }
  const text = (field: number, name: string) => stringAt(numbers.get(field) ?? ZERO, texts, name)
  return {
    period: signed(PROFILE_FIELD.period),
    timeNs: signed(PROFILE_FIELD.timeNanos),
    durationNs: signed(PROFILE_FIELD.durationNanos),
    dropFrames: text(PROFILE_FIELD.dropFrames, 'drop_frames'),
    keepFrames: text(PROFILE_FIELD.keepFrames, 'keep_frames'),
    defaultSampleType: text(PROFILE_FIELD.defaultSampleType, 'default_sample_type'),
    docUrl: text(PROFILE_FIELD.docUrl, 'doc_url'),
    comments: comments.map((comment, row) => stringAt(comment, texts, `comment ${row}`)),
  }
}

const ZERO: WireNumber = { lo: 0, hi: 0, offset: 0 }

function stringAt(number: WireNumber, texts: Texts, name: string): string {
  const { lo, hi, offset } = number
  if (hi === 0 && lo < texts.length) return texts.at(lo)
  const index = BigInt.asIntN(64, (BigInt(hi) << 32n) | BigInt(lo))
  const message = `${name} is string ${index}, but there are ${texts.length} strings`
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

const EMPTY =
  'the file is empty (0 bytes): the process answered nothing, or the download failed. Is profiling on ' +
  '(etcd: --enable-pprof, off by default; Kubernetes: --profiling)?'

/** pprof reads such a file as a profile of nothing. */
function warnOfOnlyStrings({ sampleTypes, samples, strings }: ProfileSections): ProfileWarning[] {
  if (sampleTypes.length > 0 || samples.length > 0 || strings.length === 0) return []
  const text =
    'The file has a table of strings, but no sample types and no samples: its other parts are missing.'
  return [{ code: 'only_strings', text }]
}
