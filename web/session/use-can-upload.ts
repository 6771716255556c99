import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '../requests/session-queries.ts'

/** Whether this browser may send files; assumed until it is known. The server checks this too, and is only asked if `isAsked`. */
export function useCanUpload(isAsked: boolean): boolean {
  const { data: session } = useQuery({ ...sessionQuery(), enabled: isAsked })
  return session === undefined || (session.role !== null && session.role !== 'viewer')
}
