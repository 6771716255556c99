import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { TimeSpan } from '../charts/chart.ts'
import { ChartSkeleton, LazyTimeChart } from '../charts/LazyTimeChart.tsx'
import { SpanBar } from '../charts/SpanBar.tsx'
import { timesOfComparison, timesOfSpan } from '../charts/span-times.ts'
import { MarkList } from '../charts/MarkList.tsx'
import { ServerError } from '../requests/call-server.ts'
import { rangeSeriesQuery } from '../requests/range-queries.ts'
import { useLanguage } from '../texts/texts-context.ts'
import type { SearchParams } from '../view-state/search-params.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import classes from './RangePage.module.css'
import { rangeParams, type RangeState, stepSeconds } from './range-state.ts'
import { chartOfSeries } from './series-chart.ts'

interface RangeTrendProps {
  readonly params: SearchParams
  readonly range: RangeState
  /** A function whose line is drawn too; `''` for none. */
  readonly selected: string
  readonly onChange: (params: SearchParams) => void
}

/** Faults of the range itself, which the views name. */
const SAID_BELOW = ['RANGE_EMPTY', 'SELECTOR_INVALID', 'VIEW_INVALID']

/** The values of the range over time. A span drawn on it narrows the range, or is compared with the time before it. */
export function RangeTrend({ params, range, selected, onChange }: RangeTrendProps) {
  const { texts, language } = useLanguage()
  const [span, setSpan] = useState<TimeSpan | null>(null)
  const fromMs = Math.min(range.fromMs, range.before?.fromMs ?? range.fromMs)
  const toMs = Math.max(range.toMs, range.before?.toMs ?? range.toMs)
  const { data, error, refetch } = useQuery(
    rangeSeriesQuery({
      ...rangeParams(range, { fromMs, toMs }),
      lang: language,
      step: String(stepSeconds(fromMs, toMs)),
      ...(selected === '' ? {} : { function: selected, sort: 'cum' }),
    }),
  )
  const chart = useMemo(
    () =>
      data === undefined
        ? null
        : chartOfSeries(data, { range, span: { fromMs, toMs }, selected, texts }),
    [data, range, fromMs, toMs, selected, texts],
  )
  if (error instanceof ServerError && SAID_BELOW.includes(error.code)) return null
  if (error !== null && data === undefined) {
    return <RequestFailure title={texts.chartFailed} error={error} onRetry={() => void refetch()} />
  }
  const setTimes = (times: SearchParams) => {
    const { last: _, before: __, beforeTo: ___, ...others } = params
    onChange({ ...others, ...times })
    setSpan(null)
  }
  return (
    <section className={`card ${classes['trend']}`} aria-label={texts.rangeTrend}>
      <div className={classes['trendBar']}>
        {span === null ? (
          <span className="muted">{texts.rangeTrendHint}</span>
        ) : (
          <SpanBar span={span} onEnd={() => setSpan(null)}>
            <Button size="compact-sm" onClick={() => setTimes(timesOfSpan(span))}>
              {texts.rangeOnly}
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => setTimes(timesOfComparison(span))}
            >
              {texts.rangeCompareBefore}
            </Button>
          </SpanBar>
        )}
        {range.before !== null && params['beforeQ'] === undefined && span === null && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              const { before: _, beforeTo: __, ...others } = params
              onChange(others)
            }}
          >
            {texts.rangeCompareEnd}
          </Button>
        )}
      </div>
      {chart === null ? (
        <ChartSkeleton />
      ) : (
        <>
          <LazyTimeChart chart={chart} label={texts.rangeTrend} drawn={{ span, onSpan: setSpan }} />
          <MarkList marks={chart.marks} />
        </>
      )}
    </section>
  )
}
