import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '../requests/session-queries.ts'

/** Whether this browser may send files; assumed until it is known. The server checks this too. */
export function useCanUpload(): boolean {
  const { data: session } = useQuery(sessionQuery())
  return session === undefined || (session.role !== null && session.role !== 'viewer')
}
