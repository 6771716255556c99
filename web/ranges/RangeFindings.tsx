import { useQueries, useQuery } from '@tanstack/react-query'

import { Link } from '@tanstack/react-router'
import type { TimeSpan } from '../charts/chart.ts'
import { findingTrendQuery, worstFindingsQuery } from '../requests/finding-queries.ts'
import type { Texts } from '../texts/en.ts'
import { useLanguage } from '../texts/texts-context.ts'
import { LevelMark } from '../ui/LevelMark.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import {
  findingFiltersOf,
  findingsNear,
  statusInWindows,
  type WindowStatus,
} from './finding-windows.ts'
import classes from './RangePage.module.css'

interface RangeFindingsProps {
  readonly selector: string
  readonly before: TimeSpan
  readonly after: TimeSpan
}

/** The findings of the processes in both windows, with what is new and what is gone. */
export function RangeFindings({ selector, before, after }: RangeFindingsProps) {
  const { texts, language } = useLanguage()
  const filters = findingFiltersOf(selector)
  const { data } = useQuery({
    ...worstFindingsQuery(filters ?? {}, language),
    enabled: filters !== null,
  })
  const near = findingsNear(data?.items ?? [], [before, after])
  const trends = useQueries({ queries: near.map(({ id }) => findingTrendQuery(id)) })
  const isLoaded = data !== undefined && trends.every((trend) => !trend.isPending)
  if (filters === null || !isLoaded) return null
  const found = near.flatMap((finding, row) => {
    const trend = trends[row]?.data
    const status = trend === undefined ? null : statusInWindows(trend, before, after)
    return status === null ? [] : [{ finding, status }]
  })
  return (
    <section aria-labelledby="range-findings">
      <h2 id="range-findings" className={classes['heading']}>
        {texts.compareFindings}
      </h2>
      {found.length === 0 && <p className="muted">{texts.compareNoFindings}</p>}
      <ul className={classes['findings']}>
        {found.map(({ finding, status }) => (
          <li key={finding.id} className={classes['finding']}>
            <span className={classes['status']}>{statusText(status, texts)}</span>
            <LevelMark level={finding.level} />
            <Link to="/findings/$id" params={{ id: finding.id }}>
              <UntrustedText text={finding.title} />
            </Link>
            <span className="muted">
              <UntrustedText
                text={[finding.target, finding.instance]
                  .filter((part) => part !== null)
                  .join(' · ')}
              />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function statusText(status: WindowStatus, texts: Texts): string {
  if (status === 'new') return texts.compareFindingNew
  return status === 'gone' ? texts.compareFindingGone : texts.compareFindingStays
}
