import { medianOf } from '../prepare/median.ts'
import type { Tally } from '../prepare/tally.ts'

/** A measure at one time. */
export interface TrendPoint {
  readonly timeNs: bigint
  readonly value: number
}

/** How a measure went over the captures of a process: its share of CPU time, its bytes, or its goroutines. */
export interface Trend {
  /** Captures, this one included. */
  readonly snapshots: number
  /** From the first to this one; 0 where the times are not known. */
  readonly hours: number
  /** From the first to this one. */
  readonly growth: number
  /** Share of the steps that do not fall, 0 to 1; 0 without steps. */
  readonly rising: number
  /** Growth in a day as a share of the median; 0 where the times are not known. */
  readonly perDay: number
  /** The median of the earlier ones. */
  readonly base: number
  /** How many deviations this one is above it; 0 where the earlier ones are too few to say. */
  readonly z: number
}

export const NO_TREND: Trend = {
  snapshots: 1,
  hours: 0,
  growth: 0,
  rising: 0,
  perDay: 0,
  base: 0,
  z: 0,
}

const DAY_NS = 86_400e9
const HOUR_NS = 3_600e9
const EARLIER_MIN = 3
/** Makes the median of absolute deviations a standard deviation where values are spread normally. */
const MAD_SCALE = 1.4826

/** Of points in the order of their times. `deviationMin`: smaller differences are chance. */
export function trendOf(points: readonly TrendPoint[], deviationMin: number): Trend {
  const values = points.map(({ value }) => value)
  const [first, now] = [values[0], values[values.length - 1]]
  if (values.length < 2) return NO_TREND
  const earlier = values.slice(0, -1)
  const steps = values.slice(1).map((value, row) => value - values[row])
  const median = medianOf(values)
  const base = medianOf(earlier)
  const deviation = MAD_SCALE * medianOf(earlier.map((value) => Math.abs(value - base)))
  return {
    snapshots: points.length,
    hours: Math.max(0, Number(points[points.length - 1].timeNs - points[0].timeNs) / HOUR_NS),
    growth: now - first,
    rising: steps.filter((step) => step >= 0).length / steps.length,
    perDay: median > 0 ? medianOf(slopesOf(points)) / median : 0,
    base,
    z: earlier.length < EARLIER_MIN ? 0 : (now - base) / Math.max(deviation, deviationMin),
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

/** What of a tally is compared over time: nothing of what counts since the process started. */
export function hasTrend({ kind, reads }: Tally): boolean {
  return kind === 'snapshot' || reads === 'cpu'
}

const SHARE_DEVIATION_MIN = 0.02
const GOROUTINE_DEVIATION_MIN = 50
const BYTES_DEVIATION_MIN = 0.05

/** Differences below it are chance, whatever the spread of a few captures. */
export function deviationMinOf({ reads, total }: Tally): number {
  if (reads === 'cpu') return SHARE_DEVIATION_MIN
  return reads === 'inuse_space' ? BYTES_DEVIATION_MIN * total.value : GOROUTINE_DEVIATION_MIN
}
