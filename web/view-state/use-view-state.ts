import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useLayoutEffect, useMemo, useRef } from 'react'
import { FILTER_PARAMS, parseFilters } from './filters.ts'
import { formatQueryString, parseQueryString, type SearchParams } from './search-params.ts'
import { formatViewState, parseViewState, type ViewState } from './view-state.ts'

export type UpdateViewState = (
  changes: Partial<ViewState>,
  options?: { readonly replaces?: boolean },
) => void

const NOTHING: SearchParams = {}
const NO_NAMES: readonly string[] = []

/**
 * The view state in the address, and a function to change it. The browser's back button undoes a
 * change, unless it `replaces` the last one, as typing in a search does. `whenEmpty` is used for an
 * address without a state. The function and unchanged filters keep their identity, so that only
 * dependent components render again. `kept` are parameters of the page that stay as they are.
 */
export function useViewState(
  whenEmpty: SearchParams = NOTHING,
  kept: readonly string[] = NO_NAMES,
): readonly [ViewState, UpdateViewState] {
  const params: SearchParams = useSearch({ strict: false })
  const navigate = useNavigate()
  const used = Object.keys(params).length === 0 ? whenEmpty : params
  const filterText = formatQueryString(
    Object.fromEntries(FILTER_PARAMS.map((name) => [name, used[name] ?? ''])),
  )
  const filters = useMemo(() => parseFilters(parseQueryString(filterText)), [filterText])
  const state = useMemo(() => ({ ...parseViewState(used), filters }), [used, filters])
  const latest = useRef({ state, params })
  useLayoutEffect(() => {
    latest.current = { state, params }
  }, [state, params])
  const update = useCallback<UpdateViewState>(
    (changes, options) => {
      const own = formatViewState({ ...latest.current.state, ...changes })
      const others = kept.flatMap((name) => {
        const value = latest.current.params[name]
        return value === undefined ? [] : [[name, value] as const]
      })
      const search = { ...Object.fromEntries(others), ...own }
      void navigate({ to: '.', search, replace: options?.replaces ?? false, resetScroll: false })
    },
    [navigate, kept],
  )
  return [state, update]
}
