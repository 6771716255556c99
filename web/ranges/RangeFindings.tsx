import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { TimeSpan } from '../charts/chart.ts'
import { FindingChanges } from '../compare/FindingChanges.tsx'
import { findingTrendQuery, worstFindingsQuery } from '../requests/finding-queries.ts'
import { useLanguage } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { findingFiltersOf, findingsNear, statusInWindows } from './finding-windows.ts'

interface RangeFindingsProps {
  readonly selector: string
  readonly before: TimeSpan
  readonly after: TimeSpan
}

/** The findings of the processes in both windows, with what is new and what is gone. */
export function RangeFindings({ selector, before, after }: RangeFindingsProps) {
  const { language } = useLanguage()
  const filters = findingFiltersOf(selector)
  const { data } = useQuery({
    ...worstFindingsQuery(filters ?? {}, language),
    enabled: filters !== null,
  })
  const near = findingsNear(data?.items ?? [], [before, after])
  const trends = useQueries({ queries: near.map(({ id }) => findingTrendQuery(id)) })
  const isLoaded = data !== undefined && trends.every((trend) => !trend.isPending)
  if (filters === null || !isLoaded) return null
  const changes = near.flatMap(({ id, level, title, target, instance }, row) => {
    const trend = trends[row]?.data
    const status = trend === undefined ? null : statusInWindows(trend, before, after)
    if (status === null) return []
    const place = [target, instance].filter((part) => part !== null).join(' · ')
    const link = (
      <Link to="/findings/$id" params={{ id }}>
        <UntrustedText text={title} />
      </Link>
    )
    return [{ key: id, status, level, title: link, detail: place }]
  })
  return <FindingChanges changes={changes} />
}
