import { useSearch } from '@tanstack/react-router'
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { FILTER_PARAMS, parseFilters } from './filters.ts'
import { formatQueryString, parseQueryString, type SearchParams } from './search-params.ts'
import { useLaterAddress } from './use-later-address.ts'
import { formatViewState, parseViewState, type ViewState } from './view-state.ts'

export type UpdateViewState = (
  changes: Partial<ViewState>,
  options?: { readonly replaces?: boolean },
) => void

/** What was chosen while the address had `since`, and has not got there yet. */
interface Ahead {
  readonly since: SearchParams
  readonly params: SearchParams
}

const NOTHING: SearchParams = {}
const NO_NAMES: readonly string[] = []

/**
 * The view state in the address, and a function to change it. A change is shown at once, and the address follows when it
 * has been drawn: the router takes as long as a picture. The browser's back button undoes a change, unless it `replaces`
 * the last one, as typing in a search does. `whenEmpty` is used for an address without a state. The function, the state
 * and its filters keep their identity while they are unchanged, so that only dependent components render again. `kept`
 * are parameters of the page that stay as they are.
 */
export function useViewState(
  whenEmpty: SearchParams = NOTHING,
  kept: readonly string[] = NO_NAMES,
): readonly [ViewState, UpdateViewState] {
  const address: SearchParams = useSearch({ strict: false })
  const [ahead, setAhead] = useState<Ahead | null>(null)
  const params = ahead?.since === address ? ahead.params : address
  const state = useParsed(Object.keys(params).length === 0 ? whenEmpty : params)
  const latest = useRef({ address, state })
  useLayoutEffect(() => {
    latest.current = { address, state }
  }, [address, state])
  const changeAddress = useLaterAddress(useCallback(() => setAhead(null), []))
  const update = useCallback<UpdateViewState>(
    (changes, options) => {
      const before = latest.current
      const next = { ...before.state, ...changes }
      const searchNow = () => ({ ...only(kept, latest.current.address), ...formatViewState(next) })
      setAhead({ since: before.address, params: searchNow() })
      changeAddress(searchNow, options?.replaces ?? false)
      // A second change of the same event goes on from here.
      latest.current = { ...before, state: next }
    },
    [changeAddress, kept],
  )
  return [state, update]
}

function useParsed(params: SearchParams): ViewState {
  const text = formatQueryString(params)
  const filterText = formatQueryString(
    Object.fromEntries(FILTER_PARAMS.map((name) => [name, params[name] ?? ''])),
  )
  const filters = useMemo(() => parseFilters(parseQueryString(filterText)), [filterText])
  return useMemo(() => ({ ...parseViewState(parseQueryString(text)), filters }), [text, filters])
}

function only(names: readonly string[], params: SearchParams): SearchParams {
  const found = names.flatMap((name) => {
    const value = params[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(found)
}
