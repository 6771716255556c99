import { useCallback } from 'react'
import { useAskAhead, useWorkerAnswer } from '../view-parts/use-view-client.ts'
import type { ViewState } from '../view-state/view-state.ts'
import type { ViewClient } from '../view-worker/view-client.ts'
import type { SearchAnswer, SearchRequest, TreeQuery } from '../view-worker/view-messages.ts'

/** What the search of the address finds, or why it is not a search; `askAhead` asks for what is being typed. */
export function useSearch(client: ViewClient, query: TreeQuery, state: ViewState) {
  const { search: text, isRegex } = state
  const hidesChain = state.chain === 'auto'
  const search = searchQuestion(client, { query, text, isRegex, hidesChain })
  const { data, error } = useWorkerAnswer(client, search.question, search.ask)
  const ask = useAskAhead(client)
  const askAhead = useCallback(
    (typed: string) => {
      const ahead = searchQuestion(client, { query, text: typed, isRegex, hidesChain })
      ask(ahead.question, ahead.ask)
    },
    [ask, client, query, isRegex, hidesChain],
  )
  const isAsked = text !== ''
  const found = isAsked && error === null ? (data ?? null) : null
  return { found, error: isAsked ? error : null, askAhead }
}

/** An empty field is answered too, with nothing: the next search does not begin with what the last one found. */
function searchQuestion(client: ViewClient, asked: SearchRequest) {
  const { query, text, isRegex, hidesChain } = asked
  return {
    question: ['search', query, text, isRegex, hidesChain],
    ask: async (): Promise<SearchAnswer | null> => (text === '' ? null : client.search(asked)),
  }
}
