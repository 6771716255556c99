import { defaultSampleTypeIndex, openView, type Profile, type View } from '../../profile/index.ts'
import { type PathKeys, pathKeys } from './path-keys.ts'
import { readFilters } from './read-filters.ts'
import type { TreeQuery } from './view-messages.ts'

export interface OpenedView extends View {
  readonly keys: PathKeys
}

/** The views that were asked for lately, so that going back to one costs nothing. */
export interface OpenViews {
  /** Throws `PatternError` where a filter is no regular expression. */
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

async function open(profile: Profile, query: TreeQuery): Promise<OpenedView> {
  const filters = await readFilters(query.filters)
  const view = openView(profile, {
    sampleTypeIndex: sampleTypeIndex(profile, query.sampleType),
    granularity: 'functions',
    hasInlines: true,
    ...(filters !== null && { filters }),
  })
  return { ...view, keys: pathKeys(view.tree) }
}

function sampleTypeIndex(profile: Profile, name: string): number {
  const index = profile.sampleTypes.findIndex(({ type }) => type === name)
  return index === -1 ? defaultSampleTypeIndex(profile) : index
}
