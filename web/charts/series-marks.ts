import type { RangeSeriesReply } from '../../api/index.ts'
import type { Texts } from '../texts/en.ts'
import type { ChartMark } from './chart.ts'
import { marksOfEvents } from './event-marks.ts'
import { formatChartValue } from './format-chart-value.ts'

const NS_PER_SECOND = 1e9

export interface SeriesUnit {
  /** Of a chart. */
  readonly unit: string
  /** How many of the series make one of the chart. */
  readonly size: number
}

/** CPU time per second is in cores. */
export function unitOfSeries({
  per,
  sampleType,
}: Pick<RangeSeriesReply, 'per' | 'sampleType'>): SeriesUnit {
  const isCores = per === 'second' && sampleType.unit === 'nanoseconds'
  return isCores ? { unit: 'cores', size: NS_PER_SECOND } : { unit: sampleType.unit, size: 1 }
}

/** What happened to the processes of a series, and where its values changed their level; by time. */
export function marksOfSeries(series: RangeSeriesReply, texts: Texts): readonly ChartMark[] {
  const { unit, size } = unitOfSeries(series)
  const changes = series.lines.flatMap((line) =>
    line.changes.map(({ at, before, after }): ChartMark => {
      const change = texts.rangeChanged(
        formatChartValue(before / size, unit, texts),
        formatChartValue(after / size, unit, texts),
      )
      const text = line.label === null ? change : `${line.label}: ${change}`
      return { atMs: Date.parse(at), kind: 'change', text }
    }),
  )
  const marks = [...changes, ...marksOfEvents(series.events, texts), ...restartsOf(series, texts)]
  return marks.toSorted((a, b) => a.atMs - b.atMs)
}

/** The restarts that values show, where no event does: those of lone profiles. */
function restartsOf({ events, lines }: RangeSeriesReply, texts: Texts): readonly ChartMark[] {
  if (events.some(({ kind }) => kind === 'restart')) return []
  const points = lines.flatMap((line) => line.points)
  return points
    .filter(({ restartCount }) => restartCount > 0)
    .map(({ at }) => ({ atMs: Date.parse(at), kind: 'restart', text: texts.timelineRestart }))
}
