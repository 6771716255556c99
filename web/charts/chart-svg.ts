import { formatIn } from '../format/format-time.ts'
import { fitted, PAPER, px, svgPage, svgText, TITLE_PX } from '../pictures/svg-page.ts'
import type { Texts } from '../texts/en.ts'
import { type Chart, axisSpan, type TimeSpan } from './chart.ts'
import { type ChartColour, lineColour } from './chart-colours.ts'
import { formatAxisValue } from './format-chart-value.ts'

export interface ChartSvgOptions {
  readonly title: string
  /** Of the time axis. */
  readonly zoneName: string
  readonly colour: (name: ChartColour) => string
  readonly texts: Pick<Texts, 'facetMore'>
}

const WIDTH_PX = 1200
const PLOT = { left: 76, right: WIDTH_PX - 16, top: TITLE_PX + 6, bottom: TITLE_PX + 286 }
const AXIS_PX = 26
const LINE_PX = 18
const TICKS = 5
const MARKS_MAX = 20

/** Values over time, what happened then, and the captures, as an SVG document with a legend. */
export function chartSvg(chart: Chart, options: ChartSvgOptions): string {
  const legend = legendOf(chart, options)
  const top = PLOT.bottom + AXIS_PX
  return svgPage({
    title: options.title,
    widthPx: WIDTH_PX,
    heightPx: top + legend.length * LINE_PX + 8,
    parts: [
      ...drawAxes(chart, options),
      ...drawMarks(chart, options),
      ...chart.lines.map((_, row) => drawLine(chart, row, options)),
      ...legend.map(({ text, colour }, row) => {
        const y = top + row * LINE_PX
        const swatch = `<rect x="8" y="${y + 4}" width="10" height="10" rx="2" fill="${colour}"/>`
        return `${swatch}${svgText(fitted(text, WIDTH_PX - 40), { x: 26, y: y + 13 })}`
      }),
    ],
  })
}

interface LegendEntry {
  readonly text: string
  readonly colour: string
}

/** The lines, then what happened, the newest first. */
function legendOf(
  { lines, marks }: Chart,
  { colour, zoneName, texts }: ChartSvgOptions,
): readonly LegendEntry[] {
  const times = formatIn(zoneName, true)
  const newest = marks.toReversed().slice(0, MARKS_MAX)
  const leftOut = marks.length - newest.length
  return [
    ...lines.map(({ label }, row) => ({ text: label, colour: colour(toneOf(lines, row)) })),
    ...newest.map(({ atMs, kind, text }) => ({
      text: `${times.format(atMs)}  ${text}`,
      colour: colour(kind),
    })),
    ...(leftOut > 0 ? [{ text: texts.facetMore(leftOut), colour: PAPER.line }] : []),
  ]
}

function toneOf(lines: Chart['lines'], row: number): ChartColour {
  return lines[row]?.tone === 'total' ? 'total' : lineColour(row)
}

function drawAxes(chart: Chart, { zoneName, colour }: ChartSvgOptions): readonly string[] {
  const { fromMs, toMs } = axisSpan(chart)
  const max = maxOf(chart)
  const times = formatIn(zoneName, false)
  const ticks = Array.from({ length: TICKS + 1 }, (_, tick) => tick / TICKS)
  return [
    ...ticks.map((part) => {
      const y = yOf(part * max, max)
      const line = `<path d="M${PLOT.left} ${px(y)}H${PLOT.right}" stroke="${colour('line')}"/>`
      const text = formatAxisValue(part * max, chart.unit)
      return `${line}${svgText(text, { x: PLOT.left - 8, y: y + 4, anchor: 'end', fill: PAPER.muted })}`
    }),
    ...ticks.map((part) => {
      const x = PLOT.left + part * (PLOT.right - PLOT.left)
      const text = times.format(fromMs + part * (toMs - fromMs)).slice(0, MINUTES_END)
      const anchor = part === 0 ? {} : ({ anchor: part === 1 ? 'end' : 'middle' } as const)
      return svgText(text, { x, y: PLOT.bottom + 16, fill: PAPER.muted, ...anchor })
    }),
  ]
}

/** `2026-03-02 08:11` */
const MINUTES_END = 16

function drawMarks(chart: Chart, { colour }: ChartSvgOptions): readonly string[] {
  const span = axisSpan(chart)
  const lines = chart.marks.map(({ atMs, kind }) => {
    const x = px(xOf(atMs, span))
    return `<path d="M${x} ${PLOT.top}V${PLOT.bottom}" stroke="${colour(kind)}" stroke-dasharray="4 3"/>`
  })
  const captures = chart.captures.map(({ atMs, level }) => {
    const height = level === null ? 4 : 9
    const [x, y] = [px(xOf(atMs, span) - 1.5), PLOT.bottom - height]
    return `<rect x="${x}" y="${y}" width="3" height="${height}" fill="${colour(level ?? 'quiet')}"/>`
  })
  return [...lines, ...captures]
}

function drawLine(chart: Chart, row: number, { colour }: ChartSvgOptions): string {
  const span = axisSpan(chart)
  const max = maxOf(chart)
  const stroke = colour(toneOf(chart.lines, row))
  const places = (chart.lines[row]?.points ?? []).map(({ atMs, value }) =>
    value === null ? null : ([px(xOf(atMs, span)), px(yOf(value, max))] as const),
  )
  const path = places.map((place, at) => {
    if (place === null) return ''
    const isStart = at === 0 || places[at - 1] === null
    return `${isStart ? 'M' : 'L'}${place[0]} ${place[1]}`
  })
  const dots = places.map((place) =>
    place === null ? '' : `<circle cx="${place[0]}" cy="${place[1]}" r="2" fill="${stroke}"/>`,
  )
  return `<path d="${path.join('')}" fill="none" stroke="${stroke}" stroke-width="1.5"/>${dots.join('')}`
}

/** As high as the page draws it. */
function maxOf({ lines }: Chart): number {
  const most = lines
    .flatMap(({ points }) => points)
    .reduce((max, { value }) => Math.max(max, value ?? 0), 0)
  return (most || 1) * 1.12
}

function xOf(atMs: number, { fromMs, toMs }: TimeSpan): number {
  return PLOT.left + ((atMs - fromMs) / (toMs - fromMs || 1)) * (PLOT.right - PLOT.left)
}

function yOf(value: number, max: number): number {
  return PLOT.bottom - (value / max) * (PLOT.bottom - PLOT.top)
}
