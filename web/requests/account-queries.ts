import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { Static } from 'typebox'
import type {
  CreateTokenBody,
  CreateTokenReply,
  ListAuditReply,
  ListSpacesReply,
  ListTokensReply,
} from '../../api/index.ts'
import {
  auditApiPath,
  sessionApiPath,
  spacesApiPath,
  tokenApiPath,
  tokensApiPath,
} from '../paths.ts'
import { callServer, sendToServer } from './call-server.ts'

export const TOKENS_KEY = ['tokens']

/** The tokens that the caller may revoke. */
export function tokensQuery() {
  return queryOptions({
    queryKey: TOKENS_KEY,
    queryFn: ({ signal }) =>
      callServer<Static<typeof ListTokensReply>>(`${tokensApiPath}?limit=500`, { signal }),
  })
}

export function createToken(body: CreateTokenBody): Promise<CreateTokenReply> {
  return callServer<CreateTokenReply>(tokensApiPath, { method: 'POST', body })
}

export function revokeToken(id: string): Promise<void> {
  return sendToServer(tokenApiPath(id), { method: 'DELETE' })
}

/** Entries of the audit log, newest first; of one action, or of all (an empty text). */
export function auditQuery(action: string) {
  return infiniteQueryOptions({
    queryKey: ['audit', action],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      callServer<Static<typeof ListAuditReply>>(auditApiPath(action, pageParam), { signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
}

/** The spaces that this browser may show. */
export function spacesQuery() {
  return queryOptions({
    queryKey: ['spaces'],
    queryFn: ({ signal }) => callServer<Static<typeof ListSpacesReply>>(spacesApiPath, { signal }),
    staleTime: 60_000,
  })
}

export function changeSpace(space: string): Promise<void> {
  return sendToServer(sessionApiPath, { method: 'PUT', body: { space } })
}
