import { parseTagFilter, type ProfileFilters } from '../../profile/index.ts'
import { type Filters, hasFilters } from '../view-state/view-state.ts'
import { loadRegexCompiler } from './compile-pattern.ts'

/** The filters of an address, compiled; `null` where there are none. Throws `PatternError`. */
export async function readFilters(filters: Filters): Promise<ProfileFilters | null> {
  if (!hasFilters(filters)) return null
  const compile = await loadRegexCompiler()
  const { f, i, h, s, sf, tf, ti } = filters
  return {
    ...(f !== '' && { focus: compile(f) }),
    ...(i !== '' && { ignore: compile(i) }),
    ...(h !== '' && { hide: compile(h) }),
    ...(s !== '' && { show: compile(s) }),
    ...(sf !== '' && { showFrom: compile(sf) }),
    ...(tf !== '' && { tagFocus: parseTagFilter(tf, compile) }),
    ...(ti !== '' && { tagIgnore: parseTagFilter(ti, compile) }),
  }
}
