import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { CaptureSummary } from '../../api/index.ts'
import { captureApiPath } from '../paths.ts'
import { captureQuery } from '../requests/capture-queries.ts'

/** Follows the server-sent events of a capture and updates its cached data. */
export function useCaptureEvents(id: string, isActive: boolean): void {
  const queryClient = useQueryClient()
  useEffect(() => {
    if (!isActive) return undefined
    const events = new EventSource(captureApiPath(id, 'events'))
    events.addEventListener('capture', ({ data }: MessageEvent<string>) => {
      const capture: CaptureSummary = JSON.parse(data)
      queryClient.setQueryData(captureQuery(id).queryKey, capture)
    })
    return () => events.close()
  }, [id, isActive, queryClient])
}
