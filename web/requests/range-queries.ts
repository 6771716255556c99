import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type {
  RangeLabelsReply,
  RangeOutliersReply,
  RangeRequestsReply,
  RangeSeriesReply,
  RangeTopReply,
  RangeValuesReply,
} from '../../api/index.ts'
import { rangeApiPath } from '../paths.ts'
import { callServer } from './call-server.ts'

/** Parameters of `/api/v1/range/*`. */
export type RangeParams = Readonly<Record<string, string>>

/** What a range was found to be. */
export function rangeSummaryQuery(params: RangeParams) {
  return rangeTopQuery({ ...params, n: '1' })
}

/** The functions with the largest own values. */
export function rangeTopQuery(params: RangeParams) {
  return queryOptions({
    queryKey: ['range', 'top', params],
    queryFn: ({ signal }) => callServer<RangeTopReply>(rangeApiPath('top', params), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })
}

/** The total, or with `function` one function, over time. */
export function rangeSeriesQuery(params: RangeParams) {
  return queryOptions({
    queryKey: ['range', 'series', params],
    queryFn: ({ signal }) =>
      callServer<RangeSeriesReply>(rangeApiPath('series', params), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })
}

/** The total, or with `function` one function, compared between the values of a label. */
export function rangeOutliersQuery(params: RangeParams) {
  return queryOptions({
    queryKey: ['range', 'outliers', params],
    queryFn: ({ signal }) =>
      callServer<RangeOutliersReply>(rangeApiPath('outliers', params), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })
}

/** What the processes of a range served a second. */
export function rangeRequestsQuery(params: RangeParams) {
  return queryOptions({
    queryKey: ['range', 'requests', params],
    queryFn: ({ signal }) =>
      callServer<RangeRequestsReply>(rangeApiPath('requests', params), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** The labels to select by. */
export function rangeLabelsQuery(type: string) {
  return queryOptions({
    queryKey: ['range', 'labels', type],
    queryFn: ({ signal }) =>
      callServer<RangeLabelsReply>(rangeApiPath('labels', { type }), { signal }),
    staleTime: 30_000,
  })
}

/** The values of a label among the profiles of a selector. */
export function rangeValuesQuery(params: RangeParams) {
  return queryOptions({
    queryKey: ['range', 'values', params],
    queryFn: ({ signal }) =>
      callServer<RangeValuesReply>(rangeApiPath('values', params), { signal }),
    staleTime: 30_000,
  })
}
