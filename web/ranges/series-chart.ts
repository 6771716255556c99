import type { RangeSeriesReply } from '../../api/index.ts'
import type { Chart, ChartLine, TimeSpan } from '../charts/chart.ts'
import { marksOfSeries, unitOfSeries } from '../charts/series-marks.ts'
import type { Texts } from '../texts/en.ts'
import { shortFuncName } from '../untrusted/short-func-name.ts'
import type { RangeState } from './range-state.ts'

interface SeriesChartOptions {
  readonly range: RangeState
  readonly span: TimeSpan
  /** The function that the values are of; `''` for the total. */
  readonly selected: string
  readonly texts: Texts
}

/** A series as lines: one for each value of the label, or one of the function and one of the total. */
export function chartOfSeries(
  series: RangeSeriesReply,
  { range, span, selected, texts }: SeriesChartOptions,
): Chart {
  const { unit, size } = unitOfSeries(series)
  const name = selected === '' ? texts.rangeTotal : shortFuncName(selected)
  const lines = series.lines.flatMap(({ label, points }): ChartLine[] => {
    const line = (of: 'value' | 'total') =>
      points.map((point) => ({ atMs: Date.parse(point.at), value: point[of] / size }))
    const own: ChartLine = { label: label ?? name, tone: 'line', points: line('value') }
    if (selected === '' || range.by !== '') return [own]
    return [own, { label: texts.rangeTotal, tone: 'total', points: line('total') }]
  })
  const bands =
    range.before === null || range.before.fromMs === range.fromMs
      ? []
      : [
          { kind: 'before' as const, span: range.before },
          { kind: 'after' as const, span: range },
        ]
  return {
    lines,
    marks: marksOfSeries(series, texts),
    captures: [],
    bands,
    unit,
    span,
  }
}
