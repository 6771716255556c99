/** From this point on the values are at another level. */
export interface ChangePoint {
  /** The first point of the new level. */
  readonly index: number
  /** The mean of the level before, and of this one. */
  readonly before: number
  readonly after: number
}

/** A level of fewer points may be an outlier. */
const LEVEL_POINTS_MIN = 3
/** Sums in another order differ by less than this share of the value: rounding is no change. */
const ROUNDING = 1e-9
/** How much larger than chance alone makes it the largest of n differences must be, in standard deviations. */
const MARGIN = 2
const NORMAL_MAD = 0.6745

/**
 * Where a series changes its level, in order of time. Each split is the one with the largest difference of means in units
 * of its standard error; the largest of n such differences is about sqrt(2 ln n) by chance, so a split is kept where it
 * exceeds that by a margin, and both sides are searched again (binary segmentation, Scott and Knott 1974). The noise is
 * read from the series itself, as the larger of what neighbours differ by and of what the levels leave over, by medians:
 * counts that vary by sampling need a larger change than steady ones, and no threshold is fixed.
 */
export function changePoints(values: readonly number[]): readonly ChangePoint[] {
  const starts = splitsOf(values, 0, values.length).toSorted((a, b) => a - b)
  return starts.map((index, rank) => ({
    index,
    before: meanOf(values.slice(starts[rank - 1] ?? 0, index)),
    after: meanOf(values.slice(index, starts[rank + 1] ?? values.length)),
  }))
}

function splitsOf(values: readonly number[], start: number, end: number): number[] {
  const split = splitOf(values.slice(start, end))
  if (split === null) return []
  const middle = start + split
  return [...splitsOf(values, start, middle), middle, ...splitsOf(values, middle, end)]
}

/** The first point of the second level, or null where there is one level. */
function splitOf(values: readonly number[]): number | null {
  const { length } = values
  const levels = withoutSpikes(values)
  const total = levels.reduce((sum, value) => sum + value, 0)
  let before = 0
  let best = { index: 0, distance: 0, weight: 0 }
  for (let index = 1; index <= length - LEVEL_POINTS_MIN; index++) {
    before += levels[index - 1]
    if (index < LEVEL_POINTS_MIN) continue
    const rest = length - index
    const distance = Math.abs(before / index - (total - before) / rest)
    const weight = Math.sqrt((index * rest) / length)
    if (distance * weight > best.distance * best.weight) best = { index, distance, weight }
  }
  if (best.distance <= ROUNDING * Math.abs(total / length)) return null
  const noise = noiseOf(values, best.index)
  const deviations = (best.distance * best.weight) / noise
  // Without noise any difference is a change.
  return deviations > Math.sqrt(2 * Math.log(length)) + MARGIN ? best.index : null
}

/** Each value as the median of itself and its neighbours: a step stays, a single outlier goes. */
function withoutSpikes(values: readonly number[]): readonly number[] {
  const last = values.length - 3
  return values.map((_, index) => {
    const start = Math.max(0, Math.min(index - 1, last))
    return medianOf(values.slice(start, start + 3))
  })
}

/** The standard deviation of single values. */
function noiseOf(values: readonly number[], split: number): number {
  const steps = values.slice(1).map((value, index) => Math.abs(value - values[index]))
  const left = values.slice(0, split)
  const right = values.slice(split)
  const rests = [left, right].flatMap((level) => {
    const middle = medianOf(level)
    return level.map((value) => Math.abs(value - middle))
  })
  return Math.max(medianOf(steps) / Math.SQRT2, medianOf(rests)) / NORMAL_MAD
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
