import { itemOf, type JsonPlace, listAt, memberOf, numberAt, textAt } from './json-value.ts'
import { mergeProfiles } from '../combine/merge-profiles.ts'
import { type LabelDraft, ProfileBuilder } from '../columns/profile-builder.ts'
import { ProfileFormatError } from '../profile-format-error.ts'
import { DEFAULT_PROFILE_LIMITS, type ProfileLimits } from '../decode/profile-limits.ts'
import { isKnownSampleType } from '../origin/sample-kind.ts'
import { readSpeedscopeStacks } from './speedscope-stacks.ts'
import type { LocationIndex, Profile, ValueType } from '../types.ts'
import { decodeUtf8Lenient, isTextStart } from '../columns/utf8.ts'

/** Names speedscope's own files: https://github.com/jlfwong/speedscope/wiki/Importing-from-custom-sources */
export const SPEEDSCOPE_SCHEMA = 'https://www.speedscope.app/file-format-schema.json'

/**
 * Reads a speedscope file, sampled or evented. Its profiles become one: those of one unit are one sample type, and if
 * there are several, for example threads, each sample has its profile's name as the label `profile`. Returns `null` for
 * other bytes. Throws a ProfileFormatError `speedscope` with the path to a value that does not fit.
 */
export function decodeSpeedscope(
  bytes: Uint8Array,
  limits: Partial<ProfileLimits> = {},
): Profile | null {
  if (!isTextStart(bytes)) return null
  const text = decodeUtf8Lenient(bytes, 0, bytes.length)
  const isMeant = text.includes(SPEEDSCOPE_SCHEMA)
  const isLikely = isMeant || (text.includes('"shared"') && text.includes('"profiles"'))
  if (!isLikely || !text.trimStart().startsWith('{')) return null
  const file = { value: parse(text), path: '$', reason: REASON }
  if (!isMeant && memberOf(file, 'shared').value === undefined) return null
  return profileOf(file, { ...DEFAULT_PROFILE_LIMITS, ...limits })
}

const REASON = 'speedscope'

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new ProfileFormatError(REASON, `the speedscope file is not JSON: ${why}`)
  }
}

function profileOf(file: JsonPlace, limits: ProfileLimits): Profile {
  const profilesPlace = memberOf(file, 'profiles')
  const profiles = listAt(profilesPlace).map((_, index, list) => itemOf(profilesPlace, list, index))
  const types = profiles.map(measureOf)
  const sampleTypes = types.filter(
    ({ key }, index) => types.findIndex((other) => other.key === key) === index,
  )
  if (sampleTypes.length === 0) throw new ProfileFormatError(REASON, '$.profiles is empty')
  const builder = new ProfileBuilder({
    sampleTypes: sampleTypes.map(({ sampleType }) => sampleType),
  })
  const locations = locationsOf(memberOf(memberOf(file, 'shared'), 'frames'), builder)
  let sampleCount = 0
  profiles.forEach((place, index) => {
    const { key, scale } = types[index]
    const isAlone = types.filter((other) => other.key === key).length === 1
    const labels: LabelDraft[] = isAlone
      ? []
      : [{ key: 'profile', text: textAt(memberOf(place, 'name')) }]
    readSpeedscopeStacks(place, { frameCount: locations.length, scale, limits }, (stack, value) => {
      if (++sampleCount > limits.samplesMax) {
        const message = `the file has more than ${limits.samplesMax} samples`
        throw new ProfileFormatError('samples', message)
      }
      const values = sampleTypes.map((type) => (type.key === key ? value : 0))
      builder.sample({ locations: stack.map((frame) => locations[frame]), values, labels })
    })
  })
  return mergeProfiles([builder.finish()])
}

interface Measure {
  readonly sampleType: ValueType
  /** Equal for equal sample types. */
  readonly key: string
  /** From the file's unit to the sample type's. */
  readonly scale: number
}

const UNITS: ReadonlyMap<string, ValueType & { readonly scale: number }> = new Map([
  ['none', { type: 'samples', unit: 'count', scale: 1 }],
  ['nanoseconds', { type: 'time', unit: 'nanoseconds', scale: 1 }],
  ['microseconds', { type: 'time', unit: 'nanoseconds', scale: 1e3 }],
  ['milliseconds', { type: 'time', unit: 'nanoseconds', scale: 1e6 }],
  ['seconds', { type: 'time', unit: 'nanoseconds', scale: 1e9 }],
  ['bytes', { type: 'space', unit: 'bytes', scale: 1 }],
])

/** The file has no word for what is measured, but profiles that were written as speedscope files are named after it. */
function measureOf(place: JsonPlace): Measure {
  const unitPlace = memberOf(place, 'unit')
  const known = UNITS.get(textAt(unitPlace))
  if (known === undefined) {
    const units = [...UNITS.keys()].join(', ')
    throw new ProfileFormatError(REASON, `${unitPlace.path} is not one of ${units}`)
  }
  const { unit, scale } = known
  const name = textAt(memberOf(place, 'name'))
  const type = isKnownSampleType(name) ? name : known.type
  return { sampleType: { type, unit }, key: `${type}/${unit}`, scale }
}

function locationsOf(place: JsonPlace, builder: ProfileBuilder): LocationIndex[] {
  return listAt(place).map((_, index, list) => {
    const frame = itemOf(place, list, index)
    const { value: file } = memberOf(frame, 'file')
    const func = builder.func({
      name: textAt(memberOf(frame, 'name')),
      ...(typeof file === 'string' ? { file } : {}),
    })
    const [line, column] = ['line', 'col'].map((key) => wholeOr0(memberOf(frame, key)))
    return builder.location({ lines: [{ func, line, column }] })
  })
}

/** Files say null, or nothing, where they know no line. */
function wholeOr0(place: JsonPlace): number {
  if (place.value === undefined || place.value === null) return 0
  return Math.max(0, Math.trunc(numberAt(place)))
}
