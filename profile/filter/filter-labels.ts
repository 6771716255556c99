import { LabelSetInterner } from '../columns/label-set-interner.ts'
import { textTest } from './match-pattern.ts'
import { numberLabelUnits } from './number-label-units.ts'
import { keepSamples } from './rewrite-stacks.ts'
import { isInTagRange, type TagFilter } from './tag-filter.ts'
import { type LabelSetIndex, NONE, type Pattern, type Profile } from '../types.ts'

/** Keeps the samples whose labels pass `focus` and do not pass `ignore`. `unitsFrom` gives the units of numbers. */
export function filterTags(
  profile: Profile,
  { focus, ignore }: { readonly focus?: TagFilter; readonly ignore?: TagFilter },
  unitsFrom: Profile,
  onUnmatched: (filter: string) => void,
): Profile {
  if (!focus && !ignore) return profile
  const focused = focus && matchLabelSets(profile, focus, unitsFrom)
  const ignored = ignore && matchLabelSets(profile, ignore, unitsFrom)
  const { labelSet } = profile.samples
  if (focused && !labelSet.some((set) => focused[set] === 1)) onUnmatched('TagFocus')
  if (ignored && !labelSet.some((set) => ignored[set] === 1)) onUnmatched('TagIgnore')
  const isKept = Uint8Array.from(labelSet, (set) =>
    focused?.[set] !== 0 && ignored?.[set] !== 1 ? 1 : 0,
  )
  return keepSamples(profile, isKept)
}

function matchLabelSets(profile: Profile, filter: TagFilter, unitsFrom: Profile): Uint8Array {
  const isMatch =
    filter.kind === 'range' ? rangeTest(profile, filter, unitsFrom) : patternTest(profile, filter)
  const matches = new Uint8Array(profile.labelSets.length)
  for (let set = 0; set < matches.length; set++) matches[set] = isMatch(set) ? 1 : 0
  return matches
}

function rangeTest(
  { labelSets, strings }: Profile,
  { key, range }: TagFilter & { readonly kind: 'range' },
  unitsFrom: Profile,
): (set: LabelSetIndex) => boolean {
  const { unitOf } = numberLabelUnits(unitsFrom)
  return (set) =>
    labelsOf(labelSets.labelStart, set).some((label) => {
      const labelKey = strings[labelSets.key[label]]
      if (labelSets.text[label] !== NONE || (key !== null && labelKey !== key)) return false
      return isInTagRange(range, labelSets.number[label], unitOf(labelKey))
    })
}

function patternTest(
  { labelSets, strings }: Profile,
  { key, patterns }: TagFilter & { readonly kind: 'patterns' },
): (set: LabelSetIndex) => boolean {
  const { labelStart, text } = labelSets
  const keyOf = (label: number) => strings[labelSets.key[label]]
  if (key === null) {
    return (set) => {
      const labels = labelsOf(labelStart, set).filter((label) => text[label] !== NONE)
      const texts = labels.map((label) => `${keyOf(label)}:${strings[text[label]]}`)
      return patterns.every((pattern) => texts.some((text) => pattern.test(text)))
    }
  }
  return (set) => {
    const labels = labelsOf(labelStart, set)
    const own = labels.filter((label) => text[label] !== NONE && keyOf(label) === key)
    return own.some((label) => patterns.some((pattern) => pattern.test(strings[text[label]])))
  }
}

/** Takes labels away whose key `show` does not match or `hide` does. */
export function filterTagNames(
  profile: Profile,
  { show, hide }: { readonly show?: Pattern; readonly hide?: Pattern },
  onUnmatched: (filter: string) => void,
): Profile {
  if (!show && !hide) return profile
  const { labelSets, samples } = profile
  const isShown = show && textTest(profile, show)
  const isHidden = hide && textTest(profile, hide)
  if (isShown && !labelSets.key.some(isShown)) onUnmatched('TagShow')
  if (isHidden && !labelSets.key.some(isHidden)) onUnmatched('TagHide')
  const interner = new LabelSetInterner()
  const setOf = new Uint32Array(labelSets.length)
  for (let set = 0; set < labelSets.length; set++) {
    for (const label of labelsOf(labelSets.labelStart, set)) {
      const key = labelSets.key[label]
      if (isShown?.(key) === false || isHidden?.(key) === true) continue
      addLabel(interner, profile, label)
    }
    setOf[set] = interner.finishSet()
  }
  return {
    ...profile,
    labelSets: interner.finish(),
    samples: { ...samples, labelSet: samples.labelSet.map((set) => setOf[set]) },
  }
}

/** Adds a row of the profile's labels to the set in the making. */
export function addLabel(interner: LabelSetInterner, { labelSets }: Profile, label: number): void {
  const key = labelSets.key[label]
  if (labelSets.text[label] !== NONE) {
    interner.addText(key, labelSets.text[label])
    return
  }
  const bits = BigInt.asUintN(64, labelSets.number[label])
  interner.addNumber(key, Number(bits & 0xffffffffn), Number(bits >> 32n), labelSets.unit[label])
}

/** The rows of a set's labels, in the file's order. */
export function labelsOf(labelStart: Uint32Array, set: LabelSetIndex): number[] {
  const labels: number[] = []
  for (let label = labelStart[set]; label < labelStart[set + 1]; label++) labels.push(label)
  return labels
}
