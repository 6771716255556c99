import UPlot from 'uplot'
import { type Chart, type ChartMark, axisSpan, type TimeSpan } from './chart.ts'
import { formatAxisValue } from './format-chart-value.ts'
import { type ChartColour, lineColour, readChartColours } from './chart-colours.ts'

export const CHART_HEIGHT_PX = 220
const CAPTURE_PX = 9
const SPAN_PX_MIN = 6
/** Room for a date and a gap beside it, and for a time of day. */
const DATE_PX = 80
const TIME_PX = 62
const DAY_MS = 86_400_000
/** Half of a date, which may stand below the right end of the axis. */
const END_PX = 32

export interface ChartTools {
  /** Of the time axis. */
  readonly zoneName: string
  /** A span was drawn with the pointer; `null` where nothing can be drawn. */
  readonly onSpan: ((span: TimeSpan) => void) | null
  /** The row of times below the pointer; `null` where it left. */
  readonly onPoint: (row: number | null) => void
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

/** Distances of the ticks of bytes, so that they are whole numbers of KiB, MiB and GiB. */
const POWERS_OF_2 = Array.from({ length: 60 }, (_, exponent) => 2 ** exponent)

type Colour = (name: ChartColour) => string

export function chartOptions(
  element: HTMLElement,
  chart: Chart,
  { zoneName, onSpan, onPoint }: ChartTools,
): UPlot.Options {
  const colour = readChartColours(element)
  const axis = {
    stroke: colour('text'),
    font: `11px ${getComputedStyle(element).fontFamily}`,
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
  }
  const { fromMs, toMs } = axisSpan(chart)
  return {
    width: element.clientWidth,
    padding: [null, END_PX, null, null],
    height: CHART_HEIGHT_PX,
    legend: { show: false },
    tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1000), zoneName),
    cursor: {
      drag: { x: onSpan !== null, y: false, setScale: false },
      y: false,
      bind: { mouseup: listenOnce },
    },
    scales: {
      x: {
        range: () => [fromMs / 1000, toMs / 1000],
      },
      y: { range: (_, __, max) => [0, (max || 1) * 1.12] },
    },
    axes: [
      { ...axis, size: 34, space: toMs - fromMs < DAY_MS ? TIME_PX : DATE_PX, values: TIME_LABELS },
      {
        ...axis,
        size: 64,
        ...(chart.unit === 'bytes' ? { incrs: POWERS_OF_2 } : {}),
        values: (_, values) => values.map((value) => formatAxisValue(value, chart.unit)),
      },
    ],
    series: [{}, ...seriesOf(chart, colour)],
    hooks: {
      drawClear: [(plot) => drawBands(plot, chart, colour)],
      draw: [(plot) => drawMarks(plot, chart, colour)],
      setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select
          if (width < SPAN_PX_MIN) return
          const [fromMs, toMs] = [left, left + width].map((px) => plot.posToVal(px, 'x') * 1000)
          if (fromMs !== undefined && toMs !== undefined) onSpan?.({ fromMs, toMs })
        },
      ],
    },
  }
}

/**
 * uPlot 1.6.32 listens to the whole page while the button is down, and for ever if it is destroyed meanwhile: each later
 * click anywhere would draw the span again.
 */
const listenOnce: UPlot.Cursor.MouseListenerFactory = (_, target, listener) => {
  const once = (event: MouseEvent) => {
    if (event.button !== 0) return null
    target.removeEventListener('mouseup', once)
    return listener(event)
  }
  return once
}

const NO_BOX = { left: 0, top: 0, width: 0, height: 0 }

/** Shades the span. */
export function showSpan(plot: UPlot, span: TimeSpan | null): void {
  plot.setSelect(span === null ? NO_BOX : boxOf(plot, span), false)
}

function boxOf(plot: UPlot, { fromMs, toMs }: TimeSpan): typeof NO_BOX {
  const left = plot.valToPos(fromMs / 1000, 'x')
  const right = plot.valToPos(toMs / 1000, 'x')
  return { left, top: 0, width: right - left, height: plot.over.clientHeight }
}

function seriesOf({ lines }: Chart, colour: Colour): UPlot.Series[] {
  return lines.map(({ tone }, row) => {
    const stroke = colour(tone === 'total' ? 'total' : lineColour(row))
    return {
      stroke,
      width: tone === 'total' ? 1 : 1.5,
      points: { show: true, size: tone === 'total' ? 3 : 5, fill: stroke },
    }
  })
}

function drawBands(plot: UPlot, { bands }: Chart, colour: Colour): void {
  const { ctx, bbox } = plot
  ctx.save()
  for (const { kind, span } of bands) {
    const left = plot.valToPos(span.fromMs / 1000, 'x', true)
    const right = plot.valToPos(span.toMs / 1000, 'x', true)
    ctx.fillStyle = colour(`band-${kind}`)
    ctx.fillRect(left, bbox.top, right - left, bbox.height)
  }
  ctx.restore()
}

const DASHES: Readonly<Record<ChartMark['kind'], readonly number[]>> = {
  restart: [4, 3],
  version: [],
  change: [1, 3],
  finding: [2, 2],
  alert: [6, 2],
}

/** What happened as lines from top to bottom, captures as marks on the time axis. */
function drawMarks(plot: UPlot, { captures, marks }: Chart, colour: Colour): void {
  const { ctx, bbox } = plot
  const ratio = devicePixelRatio
  const xOf = (atMs: number) => plot.valToPos(atMs / 1000, 'x', true)
  ctx.save()
  for (const { atMs, kind } of marks) {
    ctx.beginPath()
    ctx.strokeStyle = colour(kind)
    ctx.setLineDash(DASHES[kind].map((length) => length * ratio))
    ctx.lineWidth = ratio
    ctx.moveTo(xOf(atMs), bbox.top)
    ctx.lineTo(xOf(atMs), bbox.top + bbox.height)
    ctx.stroke()
  }
  ctx.setLineDash([])
  for (const { atMs, level } of captures) {
    ctx.fillStyle = colour(level ?? 'quiet')
    const size = (level === null ? 4 : CAPTURE_PX) * ratio
    const bottom = bbox.top + bbox.height
    ctx.fillRect(xOf(atMs) - 1.5 * ratio, bottom - size, 3 * ratio, size)
  }
  ctx.restore()
}
