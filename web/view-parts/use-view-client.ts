import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { loadColumns } from '../requests/load-columns.ts'
import { openViewClient, type ViewClient } from '../view-worker/view-client.ts'

export interface OpenedClient {
  readonly client: ViewClient | null
  readonly error: Error | null
}

const NOT_OPENED: OpenedClient = { client: null, error: null }

/**
 * Loads columns into a worker, and those of another profile to compare with; it lives as long as the component. Both are
 * addresses of `columnsPath`, or of the API.
 */
export function useViewClient(path: string, beforePath: string | null = null): OpenedClient {
  const key = `${path} ${beforePath ?? ''}`
  const [opened, setOpened] = useState({ key, result: NOT_OPENED })
  useEffect(() => {
    const stop = new AbortController()
    let client: ViewClient | null = null
    const settle = (result: OpenedClient) => setOpened({ key, result })
    const open = async () => {
      try {
        const load = (of: string) => () => loadColumns(of, stop.signal)
        client = await openViewClient(load(path), beforePath === null ? null : load(beforePath))
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
  return opened.key === key ? opened.result : NOT_OPENED
}

/** The reply of a worker to one request; the previous reply stays on the page until then. */
export function useWorkerAnswer<Answer>(
  client: ViewClient,
  question: readonly unknown[],
  ask: () => Promise<Answer>,
  isAsked = true,
) {
  return useQuery({
    queryKey: ['view', client.id, ...question],
    queryFn: ask,
    enabled: isAsked,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
    placeholderData: keepPreviousData,
    structuralSharing: false,
    networkMode: 'always',
  })
}
