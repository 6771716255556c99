import type { Level } from '../../api/index.ts'

/** A value at a time; `null` where there is nothing to show. */
export interface ChartPoint {
  readonly atMs: number
  readonly value: number | null
}

export interface ChartLine {
  readonly label: string
  /** `total`: what the other lines are a part of. */
  readonly tone: 'line' | 'total'
  /** In order of time. */
  readonly points: readonly ChartPoint[]
}

/** What happened at a time, drawn as a line from top to bottom. */
export interface ChartMark {
  readonly atMs: number
  readonly kind: 'restart' | 'version' | 'change' | 'finding' | 'alert'
  readonly text: string
  /** What shows more of it. */
  readonly link?: { readonly to: 'finding' | 'capture'; readonly id: string }
}

export interface TimeSpan {
  readonly fromMs: number
  readonly toMs: number
}

/** A capture, drawn below in the colour of its worst finding. */
export interface ChartCapture {
  readonly atMs: number
  /** `null` without a finding. */
  readonly level: Level | null
}

/** A span of time in another colour. */
export interface ChartBand {
  readonly kind: 'before' | 'after'
  readonly span: TimeSpan
}

export interface Chart {
  readonly lines: readonly ChartLine[]
  readonly marks: readonly ChartMark[]
  readonly captures: readonly ChartCapture[]
  readonly bands: readonly ChartBand[]
  /** Of all values; `cores` for CPU time per second, `share` for parts of 1. */
  readonly unit: string
  /** The span of the axis; that of the points where it is left out. */
  readonly span?: TimeSpan
}

/** What the time axis shows; a single time has an hour around it. */
export function axisSpan({ span, lines, captures }: Chart): TimeSpan {
  if (span !== undefined) return span
  const times = [...lines.flatMap(({ points }) => points), ...captures].map(({ atMs }) => atMs)
  const ordered = times.toSorted((a, b) => a - b)
  const [fromMs = 0, toMs = fromMs] = [ordered[0], ordered.at(-1)]
  const aroundMs = fromMs === toMs ? HOUR_MS / 2 : 0
  return { fromMs: fromMs - aroundMs, toMs: toMs + aroundMs }
}

const HOUR_MS = 3600 * 1000

/** Times in seconds, in order and each once, and the values of each line at them. */
export type AlignedValues = [times: number[], ...values: (number | null | undefined)[][]]

/** The points of all lines and captures on one axis. A line has no value where it has no point. */
export function alignLines({ lines, captures }: Chart): AlignedValues {
  const times = new Set([
    ...lines.flatMap(({ points }) => points.map(({ atMs }) => atMs)),
    ...captures.map(({ atMs }) => atMs),
  ])
  const ordered = [...times].toSorted((a, b) => a - b)
  const values = lines.map(({ points }) => {
    const valueAt = new Map(points.map(({ atMs, value }) => [atMs, value]))
    return ordered.map((atMs) => valueAt.get(atMs))
  })
  return [ordered.map((atMs) => atMs / 1000), ...values]
}
