import { useQuery } from '@tanstack/react-query'
import { rangeOfCapture } from '../../api/ranges/range-of-capture.ts'
import type { RequestRates } from '../../profile/index.ts'
import { captureQuery } from '../requests/capture-queries.ts'
import { type RangeParams, rangeRequestsQuery } from '../requests/range-queries.ts'
import type { ComparedSide } from './use-pair.ts'

/** Requests a second on both sides, and the metric that counts them. */
export interface KnownRates extends RequestRates {
  readonly metric: string
}

/** What the processes of two ranges served a second; `null` where, or until, that is not known of both by one metric. */
export function useRequestRates(
  before: RangeParams | null,
  after: RangeParams | null,
): KnownRates | null {
  const [first, second] = [useRate(before), useRate(after)]
  return comparedRates(first, second)
}

/** What one side served. */
export interface SideRequests {
  readonly metric: string | null
  readonly requestsPerSecond: number | null
}

/** Null where that is not known of both by one metric. */
export function comparedRates(
  before: SideRequests | null | undefined,
  after: SideRequests | null | undefined,
): KnownRates | null {
  if (!before?.requestsPerSecond || !after?.requestsPerSecond) return null
  if (before.metric === null || before.metric !== after.metric) return null
  return {
    metric: before.metric,
    before: before.requestsPerSecond,
    after: after.requestsPerSecond,
  }
}

function useRate(params: RangeParams | null) {
  return useQuery({ ...rangeRequestsQuery(params ?? {}), enabled: params !== null }).data
}

/** The time in which the profile of a side was taken, where a capture has it; `null` without one. */
export function useCapturedRange({ profile, capture }: ComparedSide): RangeParams | null {
  const captureId = capture === null ? (profile?.captureId ?? null) : null
  const found = useQuery({ ...captureQuery(captureId ?? ''), enabled: captureId !== null })
  const known = capture ?? found.data
  if (profile?.type !== 'cpu' || known === undefined) return null
  const range = rangeOfCapture(known)
  return range === null ? null : { ...range }
}
