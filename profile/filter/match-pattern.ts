import { NONE, type Pattern, type Profile, type StringIndex } from '../types.ts'

/** What a pattern matches: functions by name or file, mappings by file. 1 where it does. */
export interface PatternMatches {
  readonly funcs: Uint8Array
  readonly mappings: Uint8Array
  /** The locations with such a function or in such a mapping. */
  readonly locations: Uint8Array
}

/** Tests each text once. */
export function matchPattern(profile: Profile, pattern: Pattern): PatternMatches {
  const isMatch = textTest(profile, pattern)
  const { funcs, mappings, locations, frames } = profile
  const isFunc = Uint8Array.from(funcs.name, (name, func) =>
    isMatch(name) || isMatch(funcs.file[func]) ? 1 : 0,
  )
  const isMapping = Uint8Array.from(mappings.file, (file) => (isMatch(file) ? 1 : 0))
  const isLocation = new Uint8Array(locations.length)
  for (let location = 0; location < locations.length; location++) {
    const mapping = locations.mapping[location]
    if (mapping !== NONE) isLocation[location] = isMapping[mapping]
  }
  for (let frame = 0; frame < frames.length; frame++) {
    const func = frames.func[frame]
    if (func !== NONE && isFunc[func] === 1) isLocation[frames.location[frame]] = 1
  }
  return { funcs: isFunc, mappings: isMapping, locations: isLocation }
}

/** A test of strings of the profile that remembers its answers. */
export function textTest({ strings }: Profile, pattern: Pattern): (index: StringIndex) => boolean {
  const known = new Uint8Array(strings.length)
  return (index) => {
    if (known[index] === 0) known[index] = pattern.test(strings[index]) ? 2 : 1
    return known[index] === 2
  }
}
