import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '../requests/session-queries.ts'

/** Whether this browser may start, stop and delete things. The server checks this too. */
export function useCanOperate(): boolean {
  const { data: session } = useQuery(sessionQuery())
  return session?.role === 'operator' || session?.role === 'admin'
}
