import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type {
  CaptureReply,
  CaptureSummary,
  ListCapturesReply,
  NearestCapturesReply,
  Report,
  RequestCaptureBody,
  RequestCaptureReply,
  TraceReply,
} from '../../api/index.ts'
import { captureApiPath, captureReportApiPath, capturesApiPath, listApiPath } from '../paths.ts'
import type { Language } from '../texts/language.ts'
import { callServer, sendToServer } from './call-server.ts'
import { loadPage } from './load-page.ts'

const POLL_MS = 2000
const PAGE_ITEMS = '30'

/** Captures, newest first, that match the parameters of the API. */
export function capturesQuery(filter: Readonly<Record<string, string>>) {
  return infiniteQueryOptions({
    queryKey: ['captures', filter],
    queryFn: ({ pageParam: cursor, signal }) =>
      loadPage<ListCapturesReply>('captures', { limit: PAGE_ITEMS, filter, cursor, signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: (query) => {
      const items = query.state.data?.pages.flatMap((page) => page.items) ?? []
      return items.some(isChanging) ? POLL_MS : 15_000
    },
  })
}

/** The newest captures; polled while one of them changes. */
export function recentCapturesQuery(limit: number) {
  return queryOptions({
    queryKey: ['captures', 'recent', limit],
    queryFn: ({ signal }) =>
      callServer<ListCapturesReply>(listApiPath('captures', { limit: String(limit) }), { signal }),
    refetchInterval: (query) =>
      query.state.data?.items.some(isChanging) === true ? POLL_MS : 15_000,
  })
}

/** Those being taken now, and those that wait for it. */
export function runningCapturesQuery() {
  return queryOptions({
    queryKey: ['captures', 'running'],
    queryFn: async ({ signal }) => {
      const statuses = ['running', 'waiting'] as const
      const lists = await Promise.all(
        statuses.map((status) =>
          callServer<ListCapturesReply>(listApiPath('captures', { status, limit: '10' }), {
            signal,
          }),
        ),
      )
      return lists.flatMap(({ items }) => items)
    },
    refetchInterval: 5000,
  })
}

/** One capture; polled until it is taken and judged, in case events do not arrive. */
export function captureQuery(id: string) {
  return queryOptions({
    queryKey: ['capture', id],
    queryFn: async ({ signal }) => {
      const { capture } = await callServer<CaptureReply>(captureApiPath(id), { signal })
      return capture
    },
    refetchInterval: (query) => {
      const capture = query.state.data
      return capture !== undefined && isChanging(capture) ? POLL_MS : false
    },
  })
}

/** What to compare it with; others may come at any time. */
export function nearestCapturesQuery(id: string) {
  return queryOptions({
    queryKey: ['capture', id, 'nearest'],
    queryFn: ({ signal }) =>
      callServer<NearestCapturesReply>(captureApiPath(id, 'nearest'), { signal }),
    staleTime: 0,
  })
}

export function captureReportQuery(id: string, language: Language) {
  return queryOptions({
    queryKey: ['capture-report', id, language],
    queryFn: ({ signal }) => callServer<Report>(captureReportApiPath(id, language), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** The summary of its execution trace. */
export function fetchTrace(id: string, signal: AbortSignal): Promise<TraceReply> {
  return callServer<TraceReply>(captureApiPath(id, 'trace'), { signal })
}

/** Takes one now, of each process of the target. */
export function takeCapture(body: RequestCaptureBody): Promise<RequestCaptureReply> {
  return callServer<RequestCaptureReply>(capturesApiPath, { method: 'POST', body })
}

export function cancelCapture(id: string): Promise<void> {
  return sendToServer(captureApiPath(id, 'cancel'), { method: 'POST' })
}

/** Whether retention keeps it. */
export function pinCapture(id: string, isPinned: boolean): Promise<void> {
  return sendToServer(captureApiPath(id, 'pin'), { method: isPinned ? 'PUT' : 'DELETE' })
}

export function deleteCapture(id: string): Promise<void> {
  return sendToServer(captureApiPath(id), { method: 'DELETE' })
}

/** Whether it is still being taken. */
export function isBeingTaken({ status }: CaptureSummary): boolean {
  return status === 'waiting' || status === 'running'
}

/** Whether it is still being taken or judged. */
export function isChanging(capture: CaptureSummary): boolean {
  return isBeingTaken(capture) || capture.reportStatus === 'waiting'
}
