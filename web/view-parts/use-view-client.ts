import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { columnsApiPath, type ProfileSource } from '../paths.ts'
import { fetchBytes } from '../requests/call-server.ts'
import { openViewClient, type ViewClient } from '../view-worker/view-client.ts'

export interface OpenedClient {
  readonly client: ViewClient | null
  readonly error: Error | null
}

const NOT_OPENED: OpenedClient = { client: null, error: null }

/** Loads a profile's columns into a worker, which lives as long as the component. */
export function useViewClient(source: ProfileSource): OpenedClient {
  const path = columnsApiPath(source)
  const [opened, setOpened] = useState({ path, result: NOT_OPENED })
  useEffect(() => {
    const stop = new AbortController()
    let client: ViewClient | null = null
    const settle = (result: OpenedClient) => setOpened({ path, result })
    const open = async () => {
      try {
        client = await openViewClient(() => fetchBytes(path, stop.signal))
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
  }, [path])
  return opened.path === path ? opened.result : NOT_OPENED
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
