import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useLayoutEffect, useMemo, useRef } from 'react'
import { formatViewState, parseViewState, type SearchParams, type ViewState } from './view-state.ts'

export type UpdateViewState = (
  changes: Partial<ViewState>,
  options?: { readonly replaces?: boolean },
) => void

const NOTHING: SearchParams = {}

/**
 * The view state in the address, and how to change it. A change is a step that the browser's back button undoes, unless
 * it `replaces` the last one, as each letter typed in a search does. `whenEmpty` stands in for an address that says
 * nothing. The function and unchanged filters stay the same objects, so that what does not depend on a change is not
 * drawn again with it.
 */
export function useViewState(
  whenEmpty: SearchParams = NOTHING,
): readonly [ViewState, UpdateViewState] {
  const params: SearchParams = useSearch({ strict: false })
  const navigate = useNavigate()
  const parsed = useMemo(
    () => parseViewState(Object.keys(params).length === 0 ? whenEmpty : params),
    [params, whenEmpty],
  )
  const { f, i, h, s, sf, tf, ti } = parsed.filters
  const filters = useMemo(() => ({ f, i, h, s, sf, tf, ti }), [f, i, h, s, sf, tf, ti])
  const state = useMemo(() => ({ ...parsed, filters }), [parsed, filters])
  const latest = useRef(state)
  useLayoutEffect(() => {
    latest.current = state
  }, [state])
  const update = useCallback<UpdateViewState>(
    (changes, options) => {
      const search = formatViewState({ ...latest.current, ...changes })
      void navigate({ to: '.', search, replace: options?.replaces ?? false, resetScroll: false })
    },
    [navigate],
  )
  return [state, update]
}
