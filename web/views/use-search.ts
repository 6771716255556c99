import { useWorkerAnswer } from '../view-parts/use-view-client.ts'
import type { ViewState } from '../view-state/view-state.ts'
import type { ViewClient } from '../view-worker/view-client.ts'
import type { TreeQuery } from '../view-worker/view-messages.ts'

/** What the search of the address finds, or why it is not a search. */
export function useSearch(client: ViewClient, query: TreeQuery, state: ViewState) {
  const { search: text, isRegex } = state
  const hidesChain = state.chain === 'auto'
  const isAsked = text !== ''
  const { data, error } = useWorkerAnswer(
    client,
    ['search', query, text, isRegex, hidesChain],
    () => client.search({ query, text, isRegex, hidesChain }),
    isAsked,
  )
  return { found: isAsked && error === null ? (data ?? null) : null, error: isAsked ? error : null }
}
