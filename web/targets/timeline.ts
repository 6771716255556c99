import type { CaptureSummary, FindingTrendReply, Level, RangeSeriesReply } from '../../api/index.ts'
import { captureTimeMs } from '../captures/capture-time.ts'
import type { Chart, ChartLine, TimeSpan } from '../charts/chart.ts'
import { marksOfSeries, unitOfSeries } from '../charts/series-marks.ts'
import type { Texts } from '../texts/en.ts'
import { shortFuncName } from '../untrusted/short-func-name.ts'

/** A function over time, or all of them (an empty name). */
export interface FuncSeries {
  readonly name: string
  readonly series: RangeSeriesReply
}

interface TimelineOptions {
  readonly captures: readonly CaptureSummary[]
  readonly span: TimeSpan
  readonly texts: Texts
}

/** Captures, what they cost over time, and what happened. The first series is that of the total. */
export function timelineOf(
  parts: readonly FuncSeries[],
  { captures, span, texts }: TimelineOptions,
): Chart {
  const [total, ...functions] = parts
  const lines = parts.map(({ name, series }): ChartLine => {
    const { size } = unitOfSeries(series)
    const points = series.lines.flatMap((line) => line.points)
    return {
      label: name === '' ? texts.rangeTotal : shortFuncName(name),
      tone: name === '' && functions.length > 0 ? 'total' : 'line',
      points: points.map(({ at, value }) => ({ atMs: Date.parse(at), value: value / size })),
    }
  })
  return {
    lines,
    marks: total === undefined ? [] : marksOfSeries(total.series, texts),
    captures: captureMarks(captures),
    bands: [],
    unit: total === undefined ? 'count' : unitOfSeries(total.series).unit,
    span,
  }
}

export interface FindingTrend {
  readonly label: string
  readonly trend: FindingTrendReply
}

/** The shares of findings over time; a line has gaps where its finding was not there. */
export function findingTimelineOf(
  trends: readonly FindingTrend[],
  { captures, marks, span }: Pick<TimelineOptions, 'captures' | 'span'> & Pick<Chart, 'marks'>,
): Chart {
  const lines = trends.map(({ label, trend }): ChartLine => {
    const points = trend.points.map(({ at, share }) => ({ atMs: Date.parse(at), value: share }))
    const shown = points.filter(({ atMs }) => atMs >= span.fromMs && atMs <= span.toMs)
    return { label, tone: 'line', points: shown }
  })
  return { lines, marks, captures: captureMarks(captures), bands: [], unit: 'share', span }
}

/** One mark at a time, in the level of the worst capture. */
function captureMarks(captures: readonly CaptureSummary[]): Chart['captures'] {
  const levels = new Map<number, Level | null>()
  for (const capture of captures) {
    const atMs = captureTimeMs(capture)
    levels.set(atMs, worse(levels.get(atMs) ?? null, capture.worstFinding?.level ?? null))
  }
  return [...levels].map(([atMs, level]) => ({ atMs, level }))
}

const LEVELS = ['info', 'warning', 'critical'] as const

function worse(a: Level | null, b: Level | null): Level | null {
  const rank = Math.max(...[a, b].map((level) => (level ? LEVELS.indexOf(level) : -1)))
  return LEVELS[rank] ?? null
}

/** The first and the last capture of a span, each once, the newer one first; `captures` is newest first. */
export function endsOf(
  captures: readonly CaptureSummary[],
  { fromMs, toMs }: TimeSpan,
): readonly CaptureSummary[] {
  const within = captures.filter((capture) => {
    const atMs = captureTimeMs(capture)
    return atMs >= fromMs && atMs <= toMs
  })
  const [newest, oldest] = [within[0], within.at(-1)]
  if (newest === undefined || oldest === undefined) return []
  return newest === oldest ? [newest] : [newest, oldest]
}
