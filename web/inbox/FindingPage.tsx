import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { FindingReply, FindingSummary, FindingTrendReply } from '../../api/index.ts'
import type { Chart, ChartMark } from '../charts/chart.ts'
import { LazyTimeChart } from '../charts/LazyTimeChart.tsx'
import { formatTime } from '../format/format-time.ts'
import { findingQuery, findingTrendQuery } from '../requests/finding-queries.ts'
import { useCanOperate } from '../session/use-can-operate.ts'
import type { Texts } from '../texts/en.ts'
import { useLanguage, useTexts } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { levelText } from '../ui/LevelMark.tsx'
import { PageFailure } from '../ui/PageFailure.tsx'
import { PageHeader } from '../ui/PageHeader.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import rows from '../lists/Rows.module.css'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './FindingPage.module.css'
import { FindingRow } from './FindingRow.tsx'
import { groupBeside } from './group-beside.ts'

/** One finding over time: how bad it was in each capture, and what was done about it. */
export function FindingPage() {
  const { texts, language } = useLanguage()
  const { id } = useParams({ from: '/findings/$id' })
  const canOperate = useCanOperate()
  const { data, error, refetch } = useQuery(findingQuery(id, language))
  if (data === undefined && error === null) return <Skeleton height={180} radius="md" />
  if (data === undefined) {
    return (
      <PageFailure
        error={error}
        unknown={{ title: texts.findingUnknown }}
        failed={texts.findingFailed}
        onRetry={() => void refetch()}
      >
        <Link to="/findings">{texts.inboxTitle}</Link>
      </PageFailure>
    )
  }
  const { finding, events } = data
  return (
    <div className={`page ${classes['page']}`}>
      <PageHeader
        title={finding.title}
        kind={groupBeside(finding)}
        of={finding.target ?? finding.component}
        facts={[]}
      >
        <Link to="/rules/$id" params={{ id: finding.rule }} className={classes['rule'] ?? ''}>
          {texts.findingRule}
        </Link>
      </PageHeader>
      <ul className={`card ${rows['list']}`}>
        <FindingRow finding={finding} canOperate={canOperate} isTitled={false} />
      </ul>
      <FindingChart finding={finding} events={events} />
      <section aria-labelledby="events" className={classes['section']}>
        <h2 id="events" className={classes['heading']}>
          {texts.findingHistory}
        </h2>
        <EventList events={events} />
      </section>
    </div>
  )
}

interface FindingChartProps {
  readonly finding: FindingSummary
  readonly events: FindingReply['events']
}

function FindingChart({ finding, events }: FindingChartProps) {
  const texts = useTexts()
  const { data: trend, error, refetch } = useQuery(findingTrendQuery(finding.id))
  const chart = useMemo(
    () => (trend === undefined ? null : chartOf(finding, { trend, events, texts })),
    [finding, trend, events, texts],
  )
  if (error !== null && trend === undefined) {
    return <RequestFailure title={texts.chartFailed} error={error} onRetry={() => void refetch()} />
  }
  if (chart === null) return <Skeleton height={244} radius="md" />
  return (
    <section className={`card ${classes['chart']}`} aria-label={texts.findingTrend}>
      <LazyTimeChart chart={chart} label={texts.findingTrend} />
    </section>
  )
}

/** Goroutines and objects are counted; time and bytes are shown as their share. */
function chartOf({ title, unit }: FindingSummary, { trend, events, texts }: ChartParts): Chart {
  const isCount = unit === 'count'
  const points = trend.points.map(({ at, value, share }) => ({
    atMs: Date.parse(at),
    value: isCount ? value : share,
  }))
  const marks = events.flatMap(({ at, kind }): ChartMark[] =>
    kind === 'better' || kind === 'resolved'
      ? []
      : [{ atMs: Date.parse(at), kind: 'change', text: texts.findingEvents[kind] }],
  )
  return {
    lines: [{ label: title, tone: 'line', points }],
    marks,
    captures: trend.points.map(({ at, level }) => ({ atMs: Date.parse(at), level })),
    bands: [],
    unit: isCount ? 'count' : 'share',
  }
}

interface ChartParts {
  readonly trend: FindingTrendReply
  readonly events: FindingReply['events']
  readonly texts: Texts
}

function EventList({ events }: { readonly events: FindingReply['events'] }) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  return (
    <ol className={`card ${classes['events']}`}>
      {events.map(({ at, kind, level, captureId, profileId, actor, note, until }) => (
        <li key={`${at} ${kind}`} className={classes['event']} data-kind={kind}>
          <time className="numbers muted">{formatTime(at, zone)}</time>
          <span>
            <strong>{texts.findingEvents[kind]}</strong>
            {actor === null && captureId === null && profileId === null
              ? null
              : ` · ${levelText(level, texts)}`}
            {actor !== null && (
              <>
                {' · '}
                <UntrustedText text={texts.findingBy(actor)} />
              </>
            )}
            {until !== null && ` · ${texts.findingMutedUntil} ${formatTime(until, zone)}`}
            {note !== null && (
              <>
                {' · '}
                <q>
                  <UntrustedText text={note} />
                </q>
              </>
            )}
          </span>
          {captureId !== null && (
            <Link to="/captures/$id" params={{ id: captureId }}>
              {texts.findingCapture}
            </Link>
          )}
          {captureId === null && profileId !== null && (
            <Link to="/profiles/$id" params={{ id: profileId }}>
              {texts.findingProfile}
            </Link>
          )}
        </li>
      ))}
    </ol>
  )
}
