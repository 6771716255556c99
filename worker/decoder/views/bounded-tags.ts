import type { Tag } from '../../../profile/index.ts'

const TAGS_MAX = 100
const CHARS_MAX = 1024 * 1024

export interface BoundedTags {
  /** How many tags are left out; absent for none. */
  readonly leftOutTagCount?: number
  readonly tags: readonly (Tag & { readonly leftOutValueCount?: number })[]
}

/**
 * The tags with the largest totals, in their order, each with its largest values: a profile may have
 * a value for each sample. No more than about a million characters.
 */
export function boundedTags(tags: readonly Tag[], valuesMax: number): BoundedTags {
  const largest = tags.toSorted((a, b) => Math.abs(b.total) - Math.abs(a.total)).slice(0, TAGS_MAX)
  const kept = tags.filter((tag) => largest.includes(tag))
  const budget = { chars: CHARS_MAX }
  const bounded = kept.map((tag) => withValues(tag, valuesMax, budget))
  const leftOutTagCount = tags.length - kept.length
  return { ...(leftOutTagCount === 0 ? {} : { leftOutTagCount }), tags: bounded }
}

function withValues(tag: Tag, valuesMax: number, budget: { chars: number }) {
  const values = tag.values.slice(0, valuesMax).filter(({ value }) => {
    budget.chars -= value.length
    return budget.chars >= 0
  })
  const leftOutValueCount = tag.values.length - values.length
  return { ...tag, values, ...(leftOutValueCount === 0 ? {} : { leftOutValueCount }) }
}
