import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '../requests/session-queries.ts'

/** Whether this browser may send files. The server checks this too. */
export function useCanUpload(): boolean {
  const { data: session } = useQuery(sessionQuery())
  const role = session?.role ?? null
  return role !== null && role !== 'viewer'
}
