import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useLayoutEffect, useMemo, useRef } from 'react'
import { formatViewState, parseViewState, type SearchParams, type ViewState } from './view-state.ts'

export type UpdateViewState = (
  changes: Partial<ViewState>,
  options?: { readonly replaces?: boolean },
) => void

/**
 * The view state in the address, and how to change it. A change is a step that the browser's back button undoes, unless
 * it `replaces` the last one, as each letter typed in a search does. `whenEmpty` stands in for an address that says
 * nothing. The function stays the same, so that what does not depend on the state is not drawn again with it.
 */
export function useViewState(whenEmpty: SearchParams = {}): readonly [ViewState, UpdateViewState] {
  const params: SearchParams = useSearch({ strict: false })
  const navigate = useNavigate()
  const state = useMemo(
    () => parseViewState(Object.keys(params).length === 0 ? whenEmpty : params),
    [params, whenEmpty],
  )
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
