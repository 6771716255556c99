import type { LabelSetTable, Profile, ValueColumn } from '../types.ts'

/** A value of a tag, and what was measured in samples that carry it. */
export interface TagValue {
  /** Digits for a number tag. */
  readonly value: string
  /** The unit of a number tag; `null` for a text tag. */
  readonly unit: string | null
  readonly total: number
  /** 0 to 1, of the view's total. */
  readonly share: number
}

/** A tag (`pprof` calls it label too) with its values, largest first, then by value. */
export interface Tag {
  readonly key: string
  readonly total: number
  readonly values: readonly TagValue[]
}

export interface TagsViewInput {
  readonly profile: Profile
  /** A value for each sample. */
  readonly values: ValueColumn
  /** What shares are of. */
  readonly totalValue: number
}

/** The tags of the samples, by key. A sample that carries a value twice counts once for it. */
export function tagsView({ profile, values, totalValue }: TagsViewInput): Tag[] {
  const totals = sumByLabelSet(profile, values)
  const byKey = new Map<string, Map<string, SummedTag>>()
  const totalByKey = new Map<string, number>()
  for (let set = 0; set < profile.labelSets.length; set++) {
    if (totals[set] === 0) continue
    const tags = tagsOf(profile, set)
    for (const key of new Set([...tags.values()].map((tag) => tag.key))) {
      totalByKey.set(key, (totalByKey.get(key) ?? 0) + totals[set])
    }
    for (const [id, tag] of tags) {
      const ofKey = byKey.get(tag.key) ?? new Map<string, SummedTag>()
      byKey.set(tag.key, ofKey)
      ofKey.set(id, { ...tag, total: (ofKey.get(id)?.total ?? 0) + totals[set] })
    }
  }
  return [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, tags]) => ({
      key,
      total: totalByKey.get(key) ?? 0,
      values: [...tags.values()].sort(compareTags).map(({ value, unit, total }) => ({
        value,
        unit,
        total,
        share: totalValue === 0 ? 0 : total / totalValue,
      })),
    }))
}

interface SummedTag {
  readonly key: string
  readonly value: string
  readonly unit: string | null
  readonly total: number
}

function compareTags(a: SummedTag, b: SummedTag): number {
  const order = Math.abs(b.total) - Math.abs(a.total)
  if (order !== 0) return order
  return a.value === b.value
    ? (a.unit ?? '') < (b.unit ?? '')
      ? -1
      : 1
    : a.value < b.value
      ? -1
      : 1
}

function sumByLabelSet(profile: Profile, values: ValueColumn): Float64Array {
  const { samples, labelSets } = profile
  const totals = new Float64Array(labelSets.length)
  for (let sample = 0; sample < samples.length; sample++) {
    totals[samples.labelSet[sample]] += Number(values[sample])
  }
  return totals
}

/** By an id that differs between a text and a number of the same digits. */
function tagsOf(profile: Profile, set: number): Map<string, SummedTag> {
  const { labelSets, strings } = profile
  const tags = new Map<string, SummedTag>()
  for (let label = labelSets.labelStart[set]; label < labelSets.labelStart[set + 1]; label++) {
    const { key, value, unit } = tagOfLabel(labelSets, strings, label)
    tags.set(JSON.stringify([key, value, unit]), { key, value, unit, total: 0 })
  }
  return tags
}

/** What a row of labels says. */
export function tagOfLabel(labelSets: LabelSetTable, strings: readonly string[], label: number) {
  const key = strings[labelSets.key[label]]
  const text = labelSets.text[label]
  return text === -1
    ? { key, value: labelSets.number[label].toString(), unit: strings[labelSets.unit[label]] }
    : { key, value: strings[text], unit: null }
}
