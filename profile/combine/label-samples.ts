import { addLabel, labelsOf } from '../filter/filter-labels.ts'
import { LabelSetInterner } from '../columns/label-set-interner.ts'
import type { Profile } from '../types.ts'

/** The profile with this label on each sample, in place of one of the same key. */
export function labelSamples(profile: Profile, key: string, text: string): Profile {
  const { labelSets, strings } = profile
  const interner = new LabelSetInterner()
  const setOf = new Uint32Array(labelSets.length)
  for (let set = 0; set < labelSets.length; set++) {
    for (const label of labelsOf(labelSets.labelStart, set)) {
      const isText = labelSets.text[label] >= 0
      if (isText && strings[labelSets.key[label]] === key) continue
      addLabel(interner, profile, label)
    }
    interner.addText(strings.length, strings.length + 1)
    setOf[set] = interner.finishSet()
  }
  return {
    ...profile,
    strings: [...strings, key, text],
    labelSets: interner.finish(),
    samples: { ...profile.samples, labelSet: profile.samples.labelSet.map((set) => setOf[set]) },
  }
}
