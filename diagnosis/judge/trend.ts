import type { Tally } from './tally.ts'

/** A measure at one time. */
export interface TrendPoint {
  readonly timeNs: bigint
  readonly value: number
}

/** How a measure went over the captures of a process. */
export interface Trend {
  /** Captures, this one included. */
  readonly snapshots: number
  /** From the first to this one. */
  readonly growth: number
  /** Share of the steps that do not fall, 0 to 1; 0 without steps. */
  readonly rising: number
  /** Growth in a day as a share of the median; 0 where the times are not known. */
  readonly perDay: number
}

export const NO_TREND: Trend = { snapshots: 1, growth: 0, rising: 0, perDay: 0 }

const DAY_NS = 86_400e9

/** Of points in the order of their times. */
export function trendOf(points: readonly TrendPoint[]): Trend {
  const values = points.map(({ value }) => value)
  if (values.length < 2) return NO_TREND
  const [first] = values
  const steps = values.slice(1).map((value, row) => value - values[row])
  const median = medianOf(values)
  const slope = medianOf(slopesOf(points))
  return {
    snapshots: points.length,
    growth: values[values.length - 1] - first,
    rising: steps.filter((step) => step >= 0).length / steps.length,
    perDay: median > 0 ? slope / median : 0,
  }
}

/** Theil and Sen: the median of the slopes between all pairs is not moved by a few outliers. Values per day. */
function slopesOf(points: readonly TrendPoint[]): readonly number[] {
  return points.flatMap((later, row) =>
    points.slice(0, row).flatMap((earlier) => {
      const ns = Number(later.timeNs - earlier.timeNs)
      return ns > 0 ? [((later.value - earlier.value) / ns) * DAY_NS] : []
    }),
  )
}

export function medianOf(values: readonly number[]): number {
  if (values.length === 0) return 0
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** What of a tally is compared over time: bytes held and goroutines there are; nothing of what adds up. */
export function hasTrend({ kind }: Tally): boolean {
  return kind === 'snapshot'
}
