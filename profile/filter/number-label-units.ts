import { NONE, type Profile, type StringIndex } from '../types.ts'

export interface NumberLabelUnits {
  /** The unit of a key's numbers: of the first with one, else inferred from the key. */
  readonly unitOf: (key: string) => string
  /** Units of later numbers of a key that differ from its first, sorted. */
  readonly ignoredUnits: ReadonlyMap<string, readonly string[]>
}

/**
 * The units of number labels. One key has one unit in a report.
 * https://github.com/google/pprof/blob/main/profile/profile.go
 */
export function numberLabelUnits(profile: Profile): NumberLabelUnits {
  const { labelSets, samples, strings } = profile
  const isSeen = new Uint8Array(labelSets.length)
  const units = new Map<StringIndex, StringIndex>()
  const ignored = new Map<string, Set<string>>()
  for (let sample = 0; sample < samples.length; sample++) {
    const set = samples.labelSet[sample]
    if (isSeen[set] === 1) continue
    isSeen[set] = 1
    for (let label = labelSets.labelStart[set]; label < labelSets.labelStart[set + 1]; label++) {
      const key = labelSets.key[label]
      const unit = labelSets.unit[label]
      if (labelSets.text[label] !== NONE || strings[unit] === '') continue
      const known = units.get(key)
      if (known === undefined) units.set(key, unit)
      else if (strings[known] !== strings[unit]) addTo(ignored, strings[key], strings[unit])
    }
  }
  const unitOfKey = new Map([...units].map(([key, unit]) => [strings[key], strings[unit]]))
  return {
    unitOf: (key) => unitOfKey.get(key) ?? inferUnit(key),
    ignoredUnits: new Map([...ignored].map(([key, texts]) => [key, [...texts].sort()])),
  }
}

function addTo(sets: Map<string, Set<string>>, key: string, text: string): void {
  const set = sets.get(key)
  if (set === undefined) sets.set(key, new Set([text]))
  else set.add(text)
}

function inferUnit(key: string): string {
  return key === 'alignment' || key === 'request' ? 'bytes' : key
}
