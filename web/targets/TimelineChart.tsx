import 'uplot/dist/uPlot.min.css'
import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import { formatCores, formatValue } from '../../profile/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import type { Timeline } from './timeline.ts'
import classes from './TimelineChart.module.css'

interface TimelineChartProps {
  readonly timeline: Timeline
  /** A span was drawn with the pointer. Another function draws the chart anew. */
  readonly onSpan: (fromMs: number, toMs: number) => void
}

const HEIGHT_PX = 220
const MARK_PX = 9
const SPAN_PX_MIN = 6

/** A line over time; below it a mark for each capture, in the colour of its worst finding. */
export function TimelineChart({ timeline, onSpan }: TimelineChartProps) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const chart = new UPlot(
      optionsFor(element, timeline, {
        isUtc: zone === 'utc',
        onSpan,
      }),
      [timeline.points.map(({ atMs }) => atMs / 1000), timeline.points.map(({ value }) => value)],
      element,
    )
    const observer = new ResizeObserver(() =>
      chart.setSize({ width: element.clientWidth, height: HEIGHT_PX }),
    )
    observer.observe(element)
    return () => {
      observer.disconnect()
      chart.destroy()
    }
  }, [timeline, zone, onSpan])
  return (
    <div
      ref={place}
      className={classes['chart']}
      role="img"
      aria-label={texts.timelineCaptures(timeline.points.length)}
    />
  )
}

/**
 * Labels of the time axis by the distance of its ticks in seconds: hours of 24, dates as ISO 8601 writes them. The columns
 * are those of uPlot: distance, label, and what is added when the year, day, hour or minute changes.
 */
const TIME_LABELS: UPlot.Axis.Values = [
  [86_400, '{YYYY}-{MM}-{DD}', null, null, null, null, null, null, 1],
  [60, '{HH}:{mm}', null, null, '\n{YYYY}-{MM}-{DD}', null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', null, null, '\n{YYYY}-{MM}-{DD}', null, null, null, 1],
]

interface ChartTools {
  readonly isUtc: boolean
  readonly onSpan: (fromMs: number, toMs: number) => void
}

function optionsFor(
  element: HTMLElement,
  timeline: Timeline,
  { isUtc, onSpan }: ChartTools,
): UPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const axis = {
    stroke: colour('--chart-text'),
    font: `11px ${style.fontFamily}`,
    grid: { stroke: colour('--chart-line'), width: 1 },
    ticks: { show: false },
  }
  const format = (value: number) =>
    timeline.unit === 'cores' ? formatCores(value) : formatValue(value, timeline.unit)
  return {
    width: element.clientWidth,
    height: HEIGHT_PX,
    legend: { show: false },
    tzDate: (seconds) =>
      isUtc ? UPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') : new Date(seconds * 1000),
    cursor: { drag: { x: true, y: false, setScale: false } },
    scales: { y: { range: (_, __, max) => [0, (max || 1) * 1.12] } },
    axes: [
      { ...axis, size: 34, values: TIME_LABELS },
      { ...axis, size: 64, values: (_, values) => values.map(format) },
    ],
    series: [
      {},
      {
        stroke: colour('--chart-series'),
        width: 1.5,
        spanGaps: true,
        points: { show: true, size: 5, fill: colour('--chart-series') },
      },
    ],
    hooks: {
      draw: [(chart) => drawMarks(chart, timeline, colour)],
      setSelect: [
        (chart) => {
          const { left, width } = chart.select
          if (width < SPAN_PX_MIN) return
          onSpan(chart.posToVal(left, 'x') * 1000, chart.posToVal(left + width, 'x') * 1000)
        },
      ],
    },
  }
}

/** Restarts as broken lines, other versions as whole ones, captures as marks on the time axis. */
function drawMarks(chart: UPlot, { points, marks }: Timeline, colour: (name: string) => string) {
  const { ctx, bbox } = chart
  const ratio = devicePixelRatio
  const xOf = (atMs: number) => chart.valToPos(atMs / 1000, 'x', true)
  ctx.save()
  for (const { atMs, kind } of marks) {
    ctx.beginPath()
    ctx.strokeStyle = colour(kind === 'restart' ? '--chart-restart' : '--chart-version')
    ctx.setLineDash(kind === 'restart' ? [4 * ratio, 3 * ratio] : [])
    ctx.lineWidth = ratio
    ctx.moveTo(xOf(atMs), bbox.top)
    ctx.lineTo(xOf(atMs), bbox.top + bbox.height)
    ctx.stroke()
  }
  ctx.setLineDash([])
  for (const { atMs, level } of points) {
    if (level === undefined) continue
    ctx.fillStyle = colour(`--chart-${level ?? 'quiet'}`)
    const size = (level === null ? 4 : MARK_PX) * ratio
    const bottom = bbox.top + bbox.height
    ctx.fillRect(xOf(atMs) - 1.5 * ratio, bottom - size, 3 * ratio, size)
  }
  ctx.restore()
}
