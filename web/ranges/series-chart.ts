import type { RangeSeriesReply } from '../../api/index.ts'
import type { Chart, ChartLine, ChartMark } from '../charts/chart.ts'
import { formatChartValue } from '../charts/format-chart-value.ts'
import type { Texts } from '../texts/en.ts'
import { shortFuncName } from '../untrusted/short-func-name.ts'
import type { RangeState } from './range-state.ts'

const NS_PER_SECOND = 1e9

interface SeriesChartOptions {
  readonly range: RangeState
  readonly span: { readonly fromMs: number; readonly toMs: number }
  /** The function that the values are of; `''` for the total. */
  readonly selected: string
  readonly texts: Texts
}

/** A series as lines: one for each value of the label, or one of the function and one of the total. */
export function chartOfSeries(
  series: RangeSeriesReply,
  { range, span, selected, texts }: SeriesChartOptions,
): Chart {
  const isCores = series.per === 'second' && series.sampleType.unit === 'nanoseconds'
  const unit = isCores ? 'cores' : series.sampleType.unit
  const shown = (value: number) => (isCores ? value / NS_PER_SECOND : value)
  const name = selected === '' ? texts.rangeTotal : shortFuncName(selected)
  const lines = series.lines.flatMap(({ label, points }): ChartLine[] => {
    const line = (of: 'value' | 'total') =>
      points.map((point) => ({ atMs: Date.parse(point.at), value: shown(point[of]) }))
    const own: ChartLine = { label: label ?? name, tone: 'line', points: line('value') }
    if (selected === '' || range.by !== '') return [own]
    return [own, { label: texts.rangeTotal, tone: 'total', points: line('total') }]
  })
  const marks = series.lines.flatMap((line): ChartMark[] => [
    ...line.changes.map(({ at, before, after }): ChartMark => {
      const [from, to] = [before, after].map((value) => formatChartValue(shown(value), unit, texts))
      const change = texts.rangeChanged(from ?? '', to ?? '')
      const text = line.label === null ? change : `${line.label}: ${change}`
      return { atMs: Date.parse(at), kind: 'change', text }
    }),
    ...line.points
      .filter(({ restartCount }) => restartCount > 0)
      .map(({ at }): ChartMark => ({
        atMs: Date.parse(at),
        kind: 'restart',
        text: texts.timelineRestart,
      })),
  ])
  const bands =
    range.before === null
      ? []
      : [
          { kind: 'before' as const, ...range.before },
          { kind: 'after' as const, fromMs: range.fromMs, toMs: range.toMs },
        ]
  return {
    lines,
    marks: marks.toSorted((a, b) => a.atMs - b.atMs),
    captures: [],
    bands,
    unit,
    span,
  }
}
