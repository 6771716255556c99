import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { CaptureFacets, ListProfilesReply, ProfileFacets } from '../../api/index.ts'
import { listApiPath, profileApiPath, profilePinApiPath } from '../paths.ts'
import { callServer, sendToServer } from './call-server.ts'
import { loadPage } from './load-page.ts'
import { nothingIfRefused } from './nothing-if-refused.ts'
import { isUnderWay } from './profile-queries.ts'

const POLL_MS = 15_000
const UNDER_WAY_POLL_MS = 1000
const PAGE_ITEMS = '50'

interface Facets {
  /** Whether the list has more rows than are counted. */
  readonly isCut: boolean
  readonly values: Readonly<Partial<Record<string, ProfileFacets['target']>>>
}

/** How many rows of a list have each value of its filters. */
export function listFacetsQuery(
  list: 'profiles' | 'captures',
  filter: Readonly<Record<string, string>>,
) {
  return queryOptions({
    queryKey: [list, 'facets', filter],
    queryFn: ({ signal }) =>
      nothingIfRefused(loadFacets(listApiPath(list, filter, 'facets'), signal), NO_FACETS),
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  })
}

async function loadFacets(path: string, signal: AbortSignal): Promise<Facets> {
  const reply = await callServer<ProfileFacets | CaptureFacets>(path, { signal })
  const { isCut, ...values } = reply
  return { isCut, values }
}

const NO_FACETS: Facets = { isCut: false, values: {} }

/** Profiles, newest first, that match the parameters of the API. */
export function profilesQuery(filter: Readonly<Record<string, string>>) {
  return infiniteQueryOptions({
    queryKey: ['profiles', 'list', filter],
    queryFn: ({ pageParam: cursor, signal }) =>
      loadPage<ListProfilesReply>('profiles', { limit: PAGE_ITEMS, filter, cursor, signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => {
      const items = query.state.data?.pages.flatMap((page) => page.items) ?? []
      return items.some(({ status }) => isUnderWay(status)) ? UNDER_WAY_POLL_MS : POLL_MS
    },
  })
}

/** Whether retention keeps it. */
export function pinProfile(id: string, isPinned: boolean): Promise<void> {
  return sendToServer(profilePinApiPath(id), { method: isPinned ? 'PUT' : 'DELETE' })
}

export function deleteProfile(id: string): Promise<void> {
  return sendToServer(profileApiPath({ kind: 'profile', id }), { method: 'DELETE' })
}
