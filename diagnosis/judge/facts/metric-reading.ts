import type { MetricQuery } from '../../rule/rule.ts'
import { growthSince, type Metrics, type MetricsWindow, sumsBy } from './metrics.ts'

/** What a metric says at the time of a profile. */
export interface MetricReading {
  /** A gauge or a total as it is, a counter or a gauge's change per second, an average in nanoseconds. */
  readonly value: number
  /** An average over all the life of the process, for lack of an earlier page. */
  readonly isSinceStart: boolean
}

/** In `where`: what metrics call the group of the finding. */
const GROUP = '{group}'

/** The query with the group's name in it. */
export function queryOfGroup<Query extends MetricQuery>(query: Query, group: string | null): Query {
  const { where, groupNames } = query
  if (group === null || ![...where.values()].includes(GROUP)) return query
  const name = groupNames[group] ?? group
  const named = [...where].map(([label, value]) => [label, value === GROUP ? name : value] as const)
  return { ...query, where: new Map(named) }
}

/** `null` for a metric that is not there, or that nothing was counted in. */
export function readMetric(
  { kind, name, where, isTotal, second }: MetricQuery,
  { current, windows }: Metrics,
  uptimeSeconds: number | null,
): MetricReading | null {
  const [window = null] = isTotal ? [] : windows
  const isSinceStart = window === null && kind !== 'gauge' && !isTotal
  const total = (of: string) => totalOf({ name: of, by: null, where }, current, window)
  switch (kind) {
    case 'gauge': {
      const value = gaugeOf({ name, where }, current, windows)
      return value === null ? null : { value, isSinceStart }
    }
    case 'counter': {
      const seconds = window === null ? uptimeSeconds : window.seconds
      // A series appears with its first event.
      const counted =
        second === null ? total(name) : secondOf({ name, by: second, where }, current, window)
      const count = counted ?? (current.has(name) ? 0 : null)
      if (isTotal) return count === null ? null : { value: count, isSinceStart }
      if (count === null || seconds === null || seconds <= 0) return null
      return { value: count / seconds, isSinceStart }
    }
    case 'change': {
      const now = gaugeOf({ name, where }, current, windows)
      const before =
        window === null ? null : sumsBy(window.page, { name, by: null, where }, current)
      const growth = now === null || before === null ? null : now - (before.get('') ?? 0)
      const seconds = window?.seconds ?? null
      return growth === null || seconds === null ? null : { value: growth / seconds, isSinceStart }
    }
    case 'average': {
      const [sum, count] = [total(`${name}_sum`), total(`${name}_count`)]
      if (sum === null || count === null || count <= 0) return null
      return { value: (sum / count) * 1e9, isSinceStart }
    }
  }
  return null
}

/** Registered together, for each queue: client-go, util/workqueue/metrics.go. */
const BESIDE: ReadonlyMap<string, string> = new Map([['workqueue_depth', 'workqueue_adds_total']])

/** All of its series are printed, from the first moment: Kubernetes, pkg/scheduler/backend/queue/scheduling_queue.go. */
const WHOLE: ReadonlySet<string> = new Set(['scheduler_pending_pods'])

/**
 * Some pages are kept without the series that are 0. One that is not there is 0 where it was there before, or where
 * another is there which comes with it; else nothing is known of it.
 */
function gaugeOf(
  { name, where }: Pick<MetricQuery, 'name' | 'where'>,
  current: Metrics['current'],
  windows: Metrics['windows'],
): number | null {
  const value = sumsBy(current, { name, by: null, where }).get('')
  if (value !== undefined) return value
  if (WHOLE.has(name) && current.has(name)) return 0
  const beside = BESIDE.get(name) ?? name
  const isKnown = [current, ...windows.map(({ page }) => page)].some((page) =>
    [name, beside].some((each) => sumsBy(page, { name: each, by: null, where }).size > 0),
  )
  return isKnown ? 0 : null
}

function secondOf(
  query: Parameters<typeof growthSince>[0],
  current: Metrics['current'],
  window: MetricsWindow | null,
): number | null {
  const largestFirst = [...growthSince(query, current, window).values()].sort((a, b) => b - a)
  return largestFirst.at(1) ?? null
}

function totalOf(
  query: Parameters<typeof growthSince>[0],
  current: Metrics['current'],
  window: MetricsWindow | null,
): number | null {
  return growthSince(query, current, window).get('') ?? null
}
