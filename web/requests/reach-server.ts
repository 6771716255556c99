import { queryOptions } from '@tanstack/react-query'
import { healthPath } from '../paths.ts'

const PATIENCE_MS = 4000
const ASKS_EVERY_MS = 5000

/** Whether the server answers, asked again and again. */
export function reachableQuery() {
  return queryOptions({
    queryKey: ['reachable'],
    queryFn: ({ signal }) => isServerReachable(signal),
    refetchInterval: ASKS_EVERY_MS,
    retry: false,
    networkMode: 'always',
  })
}

/** Whether the server answers at all, with whatever status. */
export async function isServerReachable(signal?: AbortSignal): Promise<boolean> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  try {
    await fetch(healthPath, {
      cache: 'no-store',
      signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
    })
    return true
  } catch {
    return false
  }
}
