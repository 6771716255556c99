import { queryOptions } from '@tanstack/react-query'
import type {
  ListProfilesReply,
  NearestProfilesReply,
  ProfileReply,
  ProfileStatus,
  ProfileSummary,
  Report,
  SharedReply,
} from '../../api/index.ts'
import {
  listApiPath,
  type ProfileSource,
  profileApiPath,
  profileNearestApiPath,
  reportApiPath,
  sharedCaptureReportApiPath,
} from '../paths.ts'
import { localProfile } from '../local-profiles/local-profiles.ts'
import type { Language } from '../texts/language.ts'
import { callServer } from './call-server.ts'

const POLL_MS = 500

/** The newest profiles that are in no capture; polled while one of them is being analysed. */
export function recentProfilesQuery(limit: number) {
  return queryOptions({
    queryKey: ['profiles', limit],
    queryFn: ({ signal }) =>
      callServer<ListProfilesReply>(
        listApiPath('profiles', { limit: String(limit), alone: 'true' }),
        { signal },
      ),
    refetchInterval: (query) => {
      const items = query.state.data?.items ?? []
      return items.some((profile) => isUnderWay(profile.status)) ? POLL_MS : 15_000
    },
  })
}

/** One profile; polled until it is analysed or refused. */
export function profileQuery(id: string) {
  return queryOptions({
    queryKey: ['profile', id],
    queryFn: async ({ signal }): Promise<ProfileSummary> => {
      const reply = await callServer<ProfileReply>(profileApiPath({ kind: 'profile', id }), {
        signal,
      })
      return reply.profile
    },
    refetchInterval: (query) => {
      const status = query.state.data?.status
      return status !== undefined && isUnderWay(status) ? POLL_MS : false
    },
  })
}

/** What to compare it with; others may come at any time. */
export function nearestProfilesQuery(id: string) {
  return queryOptions({
    queryKey: ['profile', id, 'nearest'],
    queryFn: ({ signal }) =>
      callServer<NearestProfilesReply>(profileNearestApiPath(id), { signal }),
    staleTime: 0,
  })
}

/** What a link shows. */
export function sharedQuery(token: string) {
  return queryOptions({
    queryKey: ['shared', token],
    queryFn: ({ signal }) =>
      callServer<SharedReply>(profileApiPath({ kind: 'link', token }), { signal }),
  })
}

/** The findings of the capture that a link shows. */
export function sharedCaptureReportQuery(token: string, language: Language) {
  return queryOptions({
    queryKey: ['shared', token, 'capture-report', language],
    queryFn: ({ signal }) =>
      callServer<Report>(sharedCaptureReportApiPath(token, language), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function reportQuery(source: ProfileSource, language: Language) {
  return queryOptions({
    queryKey: ['report', source, language],
    queryFn: async ({ signal }): Promise<Report> => {
      if (source.kind !== 'local') return callServer(reportApiPath(source, language), { signal })
      const kept = localProfile(source.id)
      if (kept === null) throw new Error('The file is no longer open in this browser.')
      return kept.reports[language]
    },
    networkMode: source.kind === 'local' ? 'always' : 'online',
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** True until the profile is analysed or refused. */
export function isUnderWay(status: ProfileStatus): boolean {
  return status === 'received' || status === 'analysing'
}
