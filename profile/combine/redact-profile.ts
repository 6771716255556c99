import { filterInTurn, type ProfileFilters } from '../filter/filter-profile.ts'
import type { LabelSetTable, Profile } from '../types.ts'
import { mergeProfiles } from './merge-profiles.ts'

/** What stands for the value of a label that is not shown. */
export const HIDDEN_VALUE = '(hidden)'

/** What to leave of a profile. */
export interface Redaction {
  /** `names` keeps the keys of labels without their values. */
  readonly labels: 'shown' | 'names' | 'hidden'
  /** Where given, only what these filters, applied one after the other, leave of this sample type (a row of `sampleTypes`). */
  readonly only: {
    readonly sampleTypeIndex: number
    readonly filters: readonly ProfileFilters[]
  } | null
}

/**
 * The profile without what the redaction removes: no sample, string, name or comment of it is left
 * in any table.
 */
export function redactProfile(profile: Profile, { labels, only }: Redaction): Profile {
  const chosen = only === null ? profile : onlyType(filterInTurn(profile, only.filters), only)
  const labelled = labels === 'shown' ? chosen : { ...chosen, ...hideLabels(chosen, labels) }
  const isWhole = labels === 'shown' && only === null
  const header = isWhole ? {} : { comments: [], docUrl: '', warnings: [] }
  // Merging gathers strings, functions and places anew, by use.
  return { ...mergeProfiles([usedLabelSets(labelled)]), ...header }
}

function onlyType(profile: Profile, { sampleTypeIndex }: NonNullable<Redaction['only']>) {
  const { samples, sampleTypes } = profile
  const type = sampleTypes[sampleTypeIndex]
  return {
    ...profile,
    sampleTypes: [type],
    defaultSampleType: type.type,
    samples: { ...samples, values: [samples.values[sampleTypeIndex]] },
  }
}

function hideLabels(
  { labelSets, samples, strings }: Profile,
  labels: 'names' | 'hidden',
): Partial<Profile> {
  if (labels === 'hidden') {
    return { samples: { ...samples, labelSet: new Uint32Array(samples.length) } }
  }
  const hidden = strings.length
  return { strings: [...strings, HIDDEN_VALUE], labelSets: withValue(labelSets, hidden) }
}

function withValue(labelSets: LabelSetTable, text: number): LabelSetTable {
  const count = labelSets.key.length
  return {
    ...labelSets,
    text: new Int32Array(count).fill(text),
    number: new BigInt64Array(count),
    unit: new Uint32Array(count),
  }
}

/** The profile with the sets of labels that its samples use, and no other. */
function usedLabelSets(profile: Profile): Profile {
  const { labelSets, samples } = profile
  const { labelStart, key, text, number, unit } = labelSets
  // Row 0 is the empty set and always there.
  const used = [...new Set([0, ...samples.labelSet])]
  const rowOf = new Map(used.map((set, row) => [set, row]))
  const labels = used.flatMap((set) =>
    Array.from({ length: labelStart[set + 1] - labelStart[set] }, (_, at) => labelStart[set] + at),
  )
  const starts = [0]
  for (const set of used)
    starts.push(starts[starts.length - 1] + labelStart[set + 1] - labelStart[set])
  return {
    ...profile,
    labelSets: {
      length: used.length,
      labelStart: Uint32Array.from(starts),
      key: Uint32Array.from(labels, (label) => key[label]),
      text: Int32Array.from(labels, (label) => text[label]),
      number: BigInt64Array.from(labels, (label) => number[label]),
      unit: Uint32Array.from(labels, (label) => unit[label]),
    },
    samples: { ...samples, labelSet: samples.labelSet.map((set) => rowOf.get(set) ?? 0) },
  }
}
