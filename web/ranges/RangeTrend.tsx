import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { ChartSkeleton, LazyTimeChart } from '../charts/LazyTimeChart.tsx'
import { MarkList } from '../charts/MarkList.tsx'
import { formatTime } from '../format/format-time.ts'
import { rangeSeriesQuery } from '../requests/range-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import type { SearchParams } from '../view-state/search-params.ts'
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

interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** The values of the range over time. A span drawn on it narrows the range, or is compared with the time before it. */
export function RangeTrend({ params, range, selected, onChange }: RangeTrendProps) {
  const texts = useTexts()
  const [span, setSpan] = useState<Span | null>(null)
  const fromMs = Math.min(range.fromMs, range.before?.fromMs ?? range.fromMs)
  const toMs = Math.max(range.toMs, range.before?.toMs ?? range.toMs)
  const { data, error } = useQuery(
    rangeSeriesQuery({
      ...rangeParams(range, { fromMs, toMs }),
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
  if (error !== null) return null
  return (
    <section className={`card ${classes['trend']}`} aria-label={texts.rangeTrend}>
      <div className={classes['trendBar']}>
        {span === null ? (
          <span className="muted">{texts.rangeTrendHint}</span>
        ) : (
          <SpanActions
            span={span}
            onEnd={() => setSpan(null)}
            onSet={(times) => {
              const { last: _, before: __, beforeTo: ___, ...others } = params
              onChange({ ...others, ...times })
            }}
          />
        )}
        {range.before !== null && span === null && (
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
          <LazyTimeChart
            chart={chart}
            label={texts.rangeTrend}
            onSpan={(from, to) => setSpan({ fromMs: from, toMs: to })}
          />
          <MarkList marks={chart.marks} />
        </>
      )}
    </section>
  )
}

interface SpanActionsProps {
  readonly span: Span
  readonly onSet: (times: SearchParams) => void
  readonly onEnd: () => void
}

function SpanActions({ span, onSet, onEnd }: SpanActionsProps) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  const [from, to] = [timeText(span.fromMs), timeText(span.toMs)]
  const before = timeText(span.fromMs - (span.toMs - span.fromMs))
  const set = (times: SearchParams) => {
    onSet(times)
    onEnd()
  }
  return (
    <div className={classes['spanActions']} role="status">
      <span className="numbers">
        {formatTime(from, zone)} – {formatTime(to, zone)}
      </span>
      <Button size="compact-sm" onClick={() => set({ from, to })}>
        {texts.rangeOnly}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => set({ from, to, before, beforeTo: from })}
      >
        {texts.rangeCompareBefore}
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={onEnd}>
        {texts.compareClear}
      </Button>
    </div>
  )
}

/** Whole seconds, as an address should have them. */
function timeText(timeMs: number): string {
  return new Date(Math.round(timeMs / 1000) * 1000).toISOString()
}
