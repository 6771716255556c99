import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { startTransition, useCallback, useEffect, useRef, useState } from 'react'
import { loadColumns } from '../requests/load-columns.ts'
import { openViewClient, type ViewClient } from '../view-worker/view-client.ts'
import type { TreeQuery } from '../view-worker/view-messages.ts'

interface Opening {
  readonly client: ViewClient | null
  readonly error: Error | null
}

export interface OpenedClient extends Opening {
  /** Loads the columns again. */
  readonly retry: () => void
}

const NOT_OPENED: Opening = { client: null, error: null }

/**
 * Loads columns into a worker, and those of another profile to compare with; it lives as long as the component. Both are
 * addresses of `columnsPath`, or of the API. `first` is what will be asked of it first.
 */
export function useViewClient(
  path: string,
  beforePath: string | null = null,
  first: TreeQuery | null = null,
): OpenedClient {
  const firstOnce = useRef(first)
  const [attempt, setAttempt] = useState(0)
  const retry = useCallback(() => setAttempt((count) => count + 1), [])
  const key = `${attempt} ${path} ${beforePath ?? ''}`
  const [opened, setOpened] = useState({ key, result: NOT_OPENED })
  useEffect(() => {
    const stop = new AbortController()
    let client: ViewClient | null = null
    // All views stand on it: their first render is done in short tasks.
    const settle = (result: Opening) => startTransition(() => setOpened({ key, result }))
    const open = async () => {
      try {
        const load = (of: string) => () => loadColumns(of, stop.signal)
        const loadBefore = beforePath === null ? null : load(beforePath)
        client = await openViewClient(load(path), loadBefore, firstOnce.current)
        if (stop.signal.aborted) client.close()
        else settle({ client, error: null })
      } catch (error) {
        if (stop.signal.aborted) return
        settle({ client: null, error: error instanceof Error ? error : new Error(String(error)) })
      }
    }
    void open()
    return () => {
      stop.abort()
      client?.close()
    }
  }, [key, path, beforePath])
  return { ...(opened.key === key ? opened.result : NOT_OPENED), retry }
}

/** The reply of a worker to one request; the previous reply stays on the page until then. */
export function useWorkerAnswer<Answer>(
  client: ViewClient,
  question: readonly unknown[],
  ask: () => Promise<Answer>,
  isAsked = true,
) {
  return useQuery({
    ...answerOptions(client, question, ask),
    enabled: isAsked,
    placeholderData: keepPreviousData,
  })
}

/** Asks what the page is about to show, so that the worker computes while the page renders. */
export function useAskAhead(client: ViewClient) {
  const queries = useQueryClient()
  return useCallback(
    <Answer>(question: readonly unknown[], ask: () => Promise<Answer>) =>
      void queries.prefetchQuery(answerOptions(client, question, ask)),
    [queries, client],
  )
}

function answerOptions<Answer>(
  client: ViewClient,
  question: readonly unknown[],
  ask: () => Promise<Answer>,
) {
  return queryOptions({
    queryKey: ['view', client.id, ...question],
    queryFn: ask,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
    structuralSharing: false,
    networkMode: 'always',
  })
}
