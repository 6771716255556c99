import {
  AppError,
  parseSelector,
  type RangeEvent,
  type RangeLabelsQuery,
  type RangeMoversQuery,
  type RangeRequestsQuery,
  type RangeRequestsReply,
  type RangeSeriesQuery,
} from '../../api/index.ts'
import { compileSelector, type HistoryStore, requestRate } from '../../history/index.ts'
import { GAP_MS, type RequestRates } from '../../profile/index.ts'
import type { EventStore } from '../../store/index.ts'
import type { RangeRequests } from '../pool/decoder-task.ts'

export interface BesideNeeds {
  readonly history: Pick<HistoryStore, 'series'>
  readonly events: EventStore
  readonly space: string
}

interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * What the processes that the selector matches served. Null where
 * values are not per request; throws REQUESTS_UNKNOWN where it is known of none.
 */
export async function requestsBeside(
  needs: BesideNeeds,
  query: RangeSeriesQuery,
  span: Span,
): Promise<RangeRequests | null> {
  if (query.per !== 'request') return null
  const { served, metrics } = await servedBeside(needs, query, span)
  const [metric] = metrics
  if (metric === undefined) throw new AppError('REQUESTS_UNKNOWN')
  if (metrics.length > 1) throw severalMetrics(metrics)
  return { metric, served }
}

function severalMetrics(metrics: readonly (string | null)[]): AppError {
  return new AppError('REQUESTS_UNKNOWN', {
    message: `The processes count requests by several metrics (${metrics.join(', ')}): select one component.`,
  })
}

/** What a process served a second, the average of those of which it is known; null where several metrics count it. */
export async function requestRateBeside(
  needs: BesideNeeds,
  query: Pick<RangeRequestsQuery, 'q' | 'type'>,
  span: Span,
): Promise<RangeRequestsReply> {
  const { served, metrics } = await servedBeside(needs, query, span)
  const rateOf = requestRate(served)
  const processes = new Set(served.map(({ process }) => process))
  const rates = [...processes].flatMap((process) => rateOf(process, span.fromMs, span.toMs) ?? [])
  const [metric] = metrics
  if (metric === undefined || metrics.length > 1 || rates.length === 0) {
    return { metric: null, requestsPerSecond: null, processCount: 0 }
  }
  const sum = rates.reduce((all, rate) => all + rate, 0)
  return { metric, requestsPerSecond: sum / rates.length, processCount: rates.length }
}

interface EarlierRange {
  /** Its selector and time, and the time of the range that is compared with it. */
  readonly q: string
  readonly earlier: Span
  readonly span: Span
}

/** What processes of two ranges served a second; null where values are not per request. Throws REQUESTS_UNKNOWN. */
export async function ratesBeside(
  needs: BesideNeeds,
  query: RangeMoversQuery,
  { q, earlier, span }: EarlierRange,
): Promise<RequestRates | null> {
  if (query.per !== 'request') return null
  const before = await requestRateBeside(needs, { ...query, q }, earlier)
  const after = await requestRateBeside(needs, query, span)
  if (!before.requestsPerSecond || !after.requestsPerSecond) throw new AppError('REQUESTS_UNKNOWN')
  if (before.metric !== after.metric) throw severalMetrics([before.metric, after.metric])
  return { before: before.requestsPerSecond, after: after.requestsPerSecond }
}

async function servedBeside(
  { history, events, space }: BesideNeeds,
  query: Pick<RangeSeriesQuery, 'q' | 'type'>,
  span: Span,
) {
  const series = await matchingSeries(history, space, query)
  const processes = new Set(series.map(({ process }) => process))
  const targets = [...new Set(series.map(({ target }) => target))]
  const found = await events.requests({ space, targets, ...span }, GAP_MS)
  const served = found.filter(({ process }) => processes.has(process))
  const known = served.filter(({ fromMs, toMs }) => fromMs < toMs && toMs >= span.fromMs)
  return { served, metrics: [...new Set(known.map(({ metric }) => metric))].toSorted() }
}

/** What happened to the processes that the selector matches. */
export async function eventsBeside(
  { history, events, space }: BesideNeeds,
  query: RangeSeriesQuery,
  span: Span,
): Promise<readonly RangeEvent[]> {
  const { lang = 'en' } = query
  const series = await matchingSeries(history, space, query)
  const processes = new Set(
    series.map(({ labels }) => keyOf(labels['target'], labels['cluster'], labels['instance'])),
  )
  const targets = [...new Set(series.map(({ target }) => target))]
  const found = await events.list({ space, targets, ...span })
  return found
    .filter(({ target, cluster, instance }) =>
      processes.has(keyOf(target, cluster ?? '', instance ?? '')),
    )
    .map(({ atMs, title, ...event }) => ({
      ...event,
      at: new Date(atMs).toISOString(),
      title: title?.[lang] ?? null,
    }))
}

function keyOf(target = '', cluster = '', instance = ''): string {
  return JSON.stringify([target, cluster, instance])
}

/** The sets of labels of a space that a selector matches, of one type or of all. */
export async function matchingSeries(
  history: Pick<HistoryStore, 'series'>,
  space: string,
  { q = '', type }: Pick<RangeLabelsQuery, 'q' | 'type'>,
) {
  const fits = compileSelector(parseSelector(q))
  const series = await history.series(space)
  return series.filter((one) => fits(one.labels) && (type === undefined || one.type === type))
}
