import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '../requests/session-queries.ts'

/** Whether this browser may start, stop and delete things. The server checks it again. */
export function useCanOperate(): boolean {
  const { data: session } = useQuery(sessionQuery())
  return session?.role === 'operator' || session?.role === 'admin'
}
