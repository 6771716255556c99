import { queryOptions } from '@tanstack/react-query'
import type { ReadyReply } from '../../api/index.ts'
import { readyPath } from '../paths.ts'

const POLL_MS = 30_000

/** What of the server does not work; a server that is not ready answers with a failure that has the same shape. */
export function serverTroublesQuery() {
  return queryOptions({
    queryKey: ['server-troubles'],
    queryFn: async ({ signal }): Promise<ReadyReply['checks']> => {
      const response = await fetch(readyPath, { signal, cache: 'no-store' })
      const { checks }: ReadyReply = await response.json()
      return checks.filter(({ isReady }) => !isReady)
    },
    refetchInterval: POLL_MS,
    retry: false,
  })
}
