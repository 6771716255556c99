import { queryOptions } from '@tanstack/react-query'
import type { SessionReply, SignInBody } from '../../api/index.ts'
import { sessionApiPath } from '../paths.ts'
import { callServer, sendToServer } from './call-server.ts'

export const SESSION_KEY = ['session']

/** The role of this browser. */
export function sessionQuery() {
  return queryOptions({
    queryKey: SESSION_KEY,
    queryFn: ({ signal }) => callServer<SessionReply>(sessionApiPath, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function signIn(body: SignInBody): Promise<SessionReply> {
  return callServer<SessionReply>(sessionApiPath, { method: 'POST', body })
}

export function signOut(): Promise<void> {
  return sendToServer(sessionApiPath, { method: 'DELETE' })
}
