import { filterTagNames, filterTags } from './filter-labels.ts'
import { filterStacks, type OnUnmatched, showFrom, type StackFilters } from './filter-stacks.ts'
import { pruneFrom } from './prune-frames.ts'
import type { TagFilter } from './tag-filter.ts'
import type { Pattern, Profile } from '../types.ts'

/** pprof's filters, under its names. What is left out filters nothing. */
export interface ProfileFilters extends StackFilters {
  /** Cuts off what is above the match nearest to the root. */
  readonly showFrom?: Pattern
  /** Cuts off what is below the match nearest to the leaf. */
  readonly pruneFrom?: Pattern
  readonly tagFocus?: TagFilter
  readonly tagIgnore?: TagFilter
  /** Labels by key. */
  readonly tagShow?: Pattern
  readonly tagHide?: Pattern
}

/**
 * The profile with the samples, frames and labels that the filters leave, applied in pprof's order. Tables may keep
 * rows that no sample uses. `onUnmatched` hears of filters that match nothing.
 */
export function filterProfile(
  profile: Profile,
  filters: ProfileFilters,
  onUnmatched: OnUnmatched = () => {},
): Profile {
  const { tagFocus, tagIgnore, tagShow, tagHide } = filters
  let filtered = filterStacks(profile, filters, onUnmatched)
  if (filters.showFrom) filtered = showFrom(filtered, filters.showFrom, onUnmatched)
  const tagFilters = {
    ...(tagFocus && { focus: tagFocus }),
    ...(tagIgnore && { ignore: tagIgnore }),
  }
  filtered = filterTags(filtered, tagFilters, profile, onUnmatched)
  const nameFilters = { ...(tagShow && { show: tagShow }), ...(tagHide && { hide: tagHide }) }
  filtered = filterTagNames(filtered, nameFilters, onUnmatched)
  return filters.pruneFrom ? pruneFrom(filtered, filters.pruneFrom) : filtered
}

/** The profile that the filters leave, each applied to what those before it left. */
export function filterInTurn(profile: Profile, filters: readonly ProfileFilters[]): Profile {
  return filters.reduce((left, next) => filterProfile(left, next), profile)
}
