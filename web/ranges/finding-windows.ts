import type { FindingSummary, FindingTrendReply } from '../../api/index.ts'
import { parseSelector } from '../../api/ranges/selector.ts'
import type { TimeSpan } from '../charts/chart.ts'
import type { FindingFilters } from '../requests/finding-queries.ts'

/** The labels of profiles by which findings can be filtered too. */
const SHARED_LABELS = ['cluster', 'component', 'target', 'instance'] as const

/** The findings of the processes that a selector names; `null` where it selects by what findings do not have. */
export function findingFiltersOf(selector: string): FindingFilters | null {
  const filters: Record<string, readonly string[]> = {}
  for (const { name, operator, value } of readMatchers(selector)) {
    const label = SHARED_LABELS.find((known) => known === name)
    if (label === undefined || operator !== '=') return null
    filters[label] = [value]
  }
  return filters
}

function readMatchers(selector: string) {
  try {
    return parseSelector(selector)
  } catch {
    return []
  }
}

/** The worst findings that captures of one of the windows may show. */
export function findingsNear(
  findings: readonly FindingSummary[],
  windows: readonly TimeSpan[],
): readonly FindingSummary[] {
  const isNear = ({ firstSeenAt, lastSeenAt }: FindingSummary) =>
    windows.some(
      ({ fromMs, toMs }) => Date.parse(firstSeenAt) < toMs && Date.parse(lastSeenAt) >= fromMs,
    )
  return findings.filter(isNear).slice(0, FINDINGS_MAX)
}

const FINDINGS_MAX = 30

export type WindowStatus = 'new' | 'gone' | 'stays'

/** Whether captures of both windows show a finding, or only those of one; `null` where none does. */
export function statusInWindows(
  { points }: FindingTrendReply,
  before: TimeSpan,
  after: TimeSpan,
): WindowStatus | null {
  const isIn = ({ fromMs, toMs }: TimeSpan) =>
    points.some(({ at, level }) => {
      const atMs = Date.parse(at)
      return level !== null && atMs >= fromMs && atMs < toMs
    })
  const [was, is] = [isIn(before), isIn(after)]
  if (was) return is ? 'stays' : 'gone'
  return is ? 'new' : null
}
