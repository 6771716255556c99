import { Checkbox, SegmentedControl } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import type { CaptureSummary, FindingSummary } from '../../api/index.ts'
import type { Chart, TimeSpan } from '../charts/chart.ts'
import { ChartSkeleton, LazyTimeChart } from '../charts/LazyTimeChart.tsx'
import { MarkList } from '../charts/MarkList.tsx'
import { ServerError } from '../requests/call-server.ts'
import { findingTrendQuery } from '../requests/finding-queries.ts'
import { rangeSeriesQuery } from '../requests/range-queries.ts'
import { useLanguage, useTexts } from '../texts/texts-context.ts'
import { TimeFields } from '../lists/TimeFields.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { parseListParam } from '../view-state/list-param.ts'
import type { SearchParams } from '../view-state/search-params.ts'
import type { ChangeParams } from '../view-state/use-list-filter.ts'
import { chartedFindings, FUNCTIONS_MAX, seriesParams, TREND_NAMES } from './target-trends.ts'
import classes from './TargetPage.module.css'
import { TargetSpanBar } from './TargetSpanBar.tsx'
import { endsOf, findingTimelineOf, timelineOf } from './timeline.ts'
import { TrendFunctions } from './TrendFunctions.tsx'

interface TargetTimelineProps {
  readonly name: string
  /** Newest first. */
  readonly captures: readonly CaptureSummary[]
  readonly findings: readonly FindingSummary[]
  readonly span: TimeSpan
  readonly params: SearchParams
  readonly onChange: ChangeParams
  /** The first and last capture of a span that was drawn. */
  readonly onChoose: (ids: readonly string[]) => void
}

/** What a target costs, or how bad its findings are, over time. A span drawn on it is merged or compared. */
export function TargetTimeline(props: TargetTimelineProps) {
  const { name, captures, findings, span, params, onChange, onChoose } = props
  const texts = useTexts()
  const [drawn, setDrawn] = useState<TimeSpan | null>(null)
  const trend = TREND_NAMES.find((one) => one === params['trend']) ?? 'cpu'
  const names = useMemo(() => parseListParam(params['fn']).slice(0, FUNCTIONS_MAX), [params])
  const isPerRequest = trend === 'cpu' && params['per'] === 'request'
  const costs = useCosts(props, { type: trend === 'findings' ? 'cpu' : trend, isPerRequest, names })
  const findingChart = useFindingChart(props, trend === 'findings', costs.chart.marks)
  const chart = trend === 'findings' ? findingChart : costs.chart
  // An empty frame of axes says nothing; why there is no line is said in its place.
  const hasPoints = chart.lines.some(({ points }) => points.length > 0)
  const choose = useCallback(
    (next: TimeSpan) => {
      setDrawn(next)
      onChoose(endsOf(captures, next).map(({ id }) => id))
    },
    [captures, onChoose],
  )
  const set = (key: string, value: string | undefined) => {
    const { [key]: _, ...others } = params
    onChange(value === undefined ? others : { ...others, [key]: value })
  }
  return (
    <section className={`card ${classes['timeline']}`} aria-label={texts.timeline}>
      <div className={classes['bar']}>
        <SegmentedControl
          size="xs"
          value={trend}
          aria-label={texts.timelineOf}
          data={TREND_NAMES.map((value) => ({ value, label: texts.trends[value] }))}
          onChange={(value) => set('trend', value === 'cpu' ? undefined : value)}
        />
        {trend === 'cpu' && (
          <Checkbox
            size="xs"
            radius="xs"
            label={texts.trendPerRequest}
            checked={isPerRequest}
            onChange={({ currentTarget }) =>
              set('per', currentTarget.checked ? 'request' : undefined)
            }
          />
        )}
        <div className={classes['times']}>
          <TimeFields params={params} onChange={onChange} />
        </div>
      </div>
      {trend !== 'findings' && (
        <TrendFunctions
          params={seriesParams(name, trend, span)}
          chosen={names}
          suggested={findings.flatMap(({ profile, frames }) => (profile === trend ? frames : []))}
          onChange={(list) => set('fn', list)}
        />
      )}
      {drawn === null ? (
        hasPoints && <p className={`muted ${classes['hint']}`}>{texts.timelineHint}</p>
      ) : (
        <TargetSpanBar
          target={name}
          type={trend === 'findings' ? 'cpu' : trend}
          span={drawn}
          ends={endsOf(captures, drawn)}
          onEnd={() => {
            setDrawn(null)
            onChoose([])
          }}
        />
      )}
      {trend !== 'findings' && costs.error !== null && (
        <TrendFailure error={costs.error} onRetry={costs.retry} />
      )}
      {trend === 'findings' && findings.length === 0 && (
        <p className={classes['none']}>{texts.trendNoFindings}</p>
      )}
      {costs.isPending && <ChartSkeleton />}
      {!costs.isPending && hasPoints && (
        <LazyTimeChart
          chart={chart}
          label={texts.timelineCaptures(captures.length)}
          drawn={{ span: drawn, onSpan: choose }}
        />
      )}
      <MarkList marks={chart.marks} />
    </section>
  )
}

interface TrendFailureProps {
  readonly error: Error
  readonly onRetry: () => void
}

/** Why a line is not drawn. That there is nothing to draw it from is no fault. */
function TrendFailure({ error, onRetry }: TrendFailureProps) {
  const texts = useTexts()
  const nothing = { RANGE_EMPTY: texts.trendNone, REQUESTS_UNKNOWN: texts.trendNoRequests }
  const code = error instanceof ServerError ? error.code : ''
  if (code === 'RANGE_EMPTY' || code === 'REQUESTS_UNKNOWN') {
    return <p className={classes['none']}>{nothing[code]}</p>
  }
  return <RequestFailure title={texts.chartFailed} error={error} onRetry={onRetry} />
}

interface CostsOptions {
  readonly type: 'cpu' | 'heap' | 'goroutine'
  /** Whether values are divided by the requests that were served meanwhile. */
  readonly isPerRequest: boolean
  /** Functions. */
  readonly names: readonly string[]
}

interface Costs {
  readonly chart: Chart
  readonly isPending: boolean
  /** Of the total, else of a function. */
  readonly error: Error | null
  /** Asks again for what could not be loaded. */
  readonly retry: () => void
}

/** The total and the chosen functions over time. */
function useCosts(
  { name, captures, span }: TargetTimelineProps,
  { type, isPerRequest, names }: CostsOptions,
): Costs {
  const { texts, language } = useLanguage()
  const found = useQueries({
    queries: ['', ...names].map((func) =>
      rangeSeriesQuery({
        ...seriesParams(name, type, span),
        lang: language,
        ...(isPerRequest ? { per: 'request' } : {}),
        ...(func === '' ? {} : { function: func, sort: 'cum' }),
      }),
    ),
    combine: (results) => ({
      isPending: results[0]?.isPending ?? true,
      error: results.find(({ error }) => error !== null)?.error ?? null,
      retry: () => {
        for (const { isError, refetch } of results) if (isError) void refetch()
      },
      series: results.map(({ data, isError }) => (isError ? undefined : data)),
    }),
  })
  const chart = useMemo(() => {
    const parts = found.series.flatMap((series, row) =>
      series === undefined ? [] : [{ name: ['', ...names][row] ?? '', series }],
    )
    return timelineOf(parts, { captures, span, texts })
  }, [found.series, names, captures, span, texts])
  const { isPending, error, retry } = found
  return { chart, isPending, error, retry }
}

/** The shares of the worst findings over time. */
function useFindingChart(
  { captures, findings, span }: TargetTimelineProps,
  isShown: boolean,
  marks: Chart['marks'],
): Chart {
  const charted = useMemo(() => chartedFindings(findings), [findings])
  const trends = useQueries({
    queries: charted.map(({ id }) => ({ ...findingTrendQuery(id), enabled: isShown })),
    combine: (results) => results.map(({ data }) => data),
  })
  return useMemo(() => {
    const shown = charted.flatMap(({ label }, row) => {
      const trend = trends[row]
      return trend === undefined ? [] : [{ label, trend }]
    })
    return findingTimelineOf(shown, { captures, marks, span })
  }, [charted, trends, captures, marks, span])
}
