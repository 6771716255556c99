import { queryOptions } from '@tanstack/react-query'
import type { CreateLinkBody, CreateLinkReply, ListLinksReply } from '../../api/index.ts'
import { linkApiPath, linkListApiPath, linksApiPath } from '../paths.ts'
import { callServer, sendToServer } from './call-server.ts'

export const LINKS_KEY = ['links']

/** The links to one profile, or all, newest first. */
export function linksQuery(profileId: string | null) {
  return queryOptions({
    queryKey: [...LINKS_KEY, profileId],
    queryFn: ({ signal }) => callServer<ListLinksReply>(linkListApiPath(profileId), { signal }),
  })
}

export function createLink(body: CreateLinkBody): Promise<CreateLinkReply> {
  return callServer<CreateLinkReply>(linksApiPath, { method: 'POST', body })
}

export function revokeLink(id: string): Promise<void> {
  return sendToServer(linkApiPath(id), { method: 'DELETE' })
}
