import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type {
  FindingFacets,
  FindingReply,
  FindingTrendReply,
  ListFindingsReply,
} from '../../api/index.ts'
import { findingApiPath, findingListApiPath } from '../paths.ts'
import type { Language } from '../texts/language.ts'
import { callServer } from './call-server.ts'
import { nothingIfRefused } from './nothing-if-refused.ts'

export const FINDINGS_KEY = ['findings']
const POLL_MS = 15_000
const PAGE_ITEMS = '50'
const OPEN_MAX = 500

/** Values of each filter; a finding has one of each. `''` stands for findings without one. */
export type FindingFilters = Readonly<Partial<Record<string, readonly string[]>>>

export function findingsQuery(filters: FindingFilters, language: Language) {
  return infiniteQueryOptions({
    queryKey: [...FINDINGS_KEY, 'list', filters, language],
    queryFn: ({ pageParam, signal }) => {
      const page = pageParam === '' ? [] : [['cursor', pageParam] as const]
      const query = [...pairsOf(filters), ['lang', language] as const, ...page]
      const path = findingListApiPath([...query, ['limit', PAGE_ITEMS]])
      return callServer<ListFindingsReply>(path, { signal })
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  })
}

export function findingFacetsQuery(filters: FindingFilters) {
  return queryOptions({
    queryKey: [...FINDINGS_KEY, 'facets', filters],
    queryFn: ({ signal }) => {
      const path = findingListApiPath(pairsOf(filters), 'facets')
      return nothingIfRefused(callServer<FindingFacets>(path, { signal }), NO_FACETS)
    },
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  })
}

const NO_FACETS: FindingFacets = {
  state: [],
  level: [],
  rule: [],
  cluster: [],
  component: [],
  target: [],
}

/** The worst findings of all processes, in one list. */
export function worstFindingsQuery(filters: FindingFilters, language: Language) {
  return queryOptions({
    queryKey: [...FINDINGS_KEY, 'worst', filters, language],
    queryFn: ({ signal }) => {
      const query = [...pairsOf(filters), ['lang', language] as const]
      const limit = ['limit', String(OPEN_MAX)] as const
      return callServer<ListFindingsReply>(findingListApiPath([...query, limit]), { signal })
    },
    refetchInterval: POLL_MS,
  })
}

/** One finding and what happened to it. */
export function findingQuery(id: string, language: Language) {
  return queryOptions({
    queryKey: [...FINDINGS_KEY, 'one', id, language],
    queryFn: ({ signal }) =>
      callServer<FindingReply>(`${findingApiPath(id)}?lang=${language}`, { signal }),
    refetchInterval: POLL_MS,
  })
}

/** What each capture says of a finding. */
export function findingTrendQuery(id: string) {
  return queryOptions({
    queryKey: [...FINDINGS_KEY, 'trend', id],
    queryFn: ({ signal }) => callServer<FindingTrendReply>(findingApiPath(id, 'trend'), { signal }),
    refetchInterval: POLL_MS,
  })
}

export function acknowledgeFinding(id: string, note: string): Promise<FindingReply> {
  const body = note === '' ? {} : { note }
  return callServer<FindingReply>(findingApiPath(id, 'acknowledge'), { method: 'POST', body })
}

export function muteFinding(id: string, until: string): Promise<FindingReply> {
  return callServer<FindingReply>(findingApiPath(id, 'mute'), { method: 'POST', body: { until } })
}

export function reopenFinding(id: string): Promise<FindingReply> {
  return callServer<FindingReply>(findingApiPath(id, 'reopen'), { method: 'POST' })
}

function pairsOf(filters: FindingFilters): readonly (readonly [string, string])[] {
  return Object.entries(filters).flatMap(([name, values]) =>
    (values ?? []).map((value) => [name, value] as const),
  )
}
