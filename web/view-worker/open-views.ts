import {
  type CallTree,
  formatFilterSteps,
  hasLongChain,
  isFilterChain,
  openView,
  type Profile,
  readViewQuery,
  reshapeTree,
  type View,
} from '../../profile/index.ts'
import { hasFilters } from '../view-state/filters.ts'
import { compilePlain, loadRegexCompiler } from './compile-pattern.ts'
import { type PathKeys, pathKeys } from './path-keys.ts'
import type { TreeQuery } from './view-messages.ts'

/** A call tree with keys for its paths. */
export interface KeyedTree {
  readonly tree: CallTree
  readonly keys: PathKeys
}

export interface OpenedView extends View, KeyedTree {
  /** The tree without the filter chain of an API server; `null` where the chain is short. */
  readonly withoutChain: () => KeyedTree | null
}

/** A cache of recent views, so that going back to one is instant. */
export interface OpenViews {
  /** The profile before any filter, repaired. */
  readonly profile: Profile
  /** The same as it was uploaded. */
  readonly original: Profile
  /** The profile to compare with, repaired; `null` without one. */
  readonly before: Profile | null
  readonly originalBefore: Profile | null
  /** Throws `RegexError` when a filter is not a valid regular expression. */
  find(query: TreeQuery): Promise<OpenedView>
}

const VIEWS_MAX = 6

/** `original` is what `profile` was before it was repaired, `before` what it can be compared with. */
export function cacheViews(
  profile: Profile,
  original = profile,
  before: Profile | null = null,
  originalBefore = before,
): OpenViews {
  const opened = new Map<string, Promise<OpenedView>>()
  return {
    profile,
    original,
    before,
    originalBefore,
    async find(query) {
      const key = JSON.stringify(query)
      const view = opened.get(key) ?? open(profile, query)
      opened.delete(key)
      opened.set(key, view)
      // What could not be loaded may be there the next time.
      view.catch(() => opened.delete(key))
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
  const query = { fs: formatFilterSteps(filters), si: isKnown ? sampleType : '' }
  const view = openView(profile, readViewQuery(profile, query, compile))
  return { ...view, ...keyed(view.tree), withoutChain: shortenOnce(view.tree) }
}

function keyed(tree: CallTree): KeyedTree {
  return { tree, keys: pathKeys(tree) }
}

function shortenOnce(tree: CallTree): () => KeyedTree | null {
  let shortened: KeyedTree | null | undefined
  return () => {
    // Once, also where the chain is short: each zoom asks.
    if (shortened === undefined) {
      const shape = { hidden: { test: isFilterChain } }
      shortened = hasLongChain(tree) ? keyed(reshapeTree(tree, shape)) : null
    }
    return shortened
  }
}
