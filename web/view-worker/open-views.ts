import { openView, type Profile, readViewQuery, type View } from '../../profile/index.ts'
import { hasFilters } from '../view-state/view-state.ts'
import { compilePlain, loadRegexCompiler } from './compile-pattern.ts'
import { type PathKeys, pathKeys } from './path-keys.ts'
import type { TreeQuery } from './view-messages.ts'

export interface OpenedView extends View {
  readonly keys: PathKeys
}

/** A cache of recent views, so that going back to one is instant. */
export interface OpenViews {
  /** Throws `RegexError` when a filter is not a valid regular expression. */
  find(query: TreeQuery): Promise<OpenedView>
}

const VIEWS_MAX = 6

export function cacheViews(profile: Profile): OpenViews {
  const opened = new Map<string, OpenedView>()
  return {
    async find(query) {
      const key = JSON.stringify(query)
      const known = opened.get(key)
      const view = known ?? (await open(profile, query))
      opened.delete(key)
      opened.set(key, view)
      for (const oldest of opened.keys()) {
        if (opened.size <= VIEWS_MAX) break
        opened.delete(oldest)
      }
      return view
    },
  }
}

async function open(profile: Profile, { sampleType, filters }: TreeQuery): Promise<OpenedView> {
  // Without filters the regular expression compiler is not loaded.
  const compile = hasFilters(filters) ? await loadRegexCompiler() : compilePlain
  const isKnown = profile.sampleTypes.some(({ type }) => type === sampleType)
  const query = { ...filters, si: isKnown ? sampleType : '' }
  const view = openView(profile, readViewQuery(profile, query, compile))
  return { ...view, keys: pathKeys(view.tree) }
}
