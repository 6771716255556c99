import type { RangeOutliersReply, RangeSeriesReply } from '../../api/index.ts'

/** Fewer rows have no usual one among them. */
const ROWS_MIN = 4
/** Iglewicz and Hoaglin, How to detect and handle outliers, 1993. */
const DEVIATIONS_MIN = 3.5
const MEDIAN_SHARE_MIN = 0.2
const MAD_SCALE = 1.4826
/** Rows that are all but equal differ by chance. */
const DEVIATION_SHARE_MIN = 0.02

/** The rows that are far from the others, by the median and the median of absolute deviations. */
export function outliersOfLines(
  lines: RangeSeriesReply['lines'],
): Pick<RangeOutliersReply, 'median' | 'deviation' | 'rows'> {
  const measured = lines.map(({ label, points }) => ({
    label: label ?? '',
    value: medianOf(points.map(({ value }) => value)),
    total: medianOf(points.map(({ total }) => total)),
    strip: points.map(({ at, value }) => ({ at, value })),
  }))
  const median = medianOf(measured.map(({ value }) => value))
  const spread = medianOf(measured.map(({ value }) => Math.abs(value - median)))
  const deviation = Math.max(MAD_SCALE * spread, DEVIATION_SHARE_MIN * Math.abs(median))
  const rows = measured.map((row) => {
    const distance = row.value - median
    const deviations = deviation > 0 ? distance / deviation : 0
    const isFar =
      deviation > 0
        ? Math.abs(deviations) >= DEVIATIONS_MIN &&
          Math.abs(distance) >= MEDIAN_SHARE_MIN * Math.abs(median)
        : distance !== 0
    return { ...row, deviations, isOutlier: measured.length >= ROWS_MIN && isFar }
  })
  return { median, deviation, rows: rows.toSorted((a, b) => b.value - a.value) }
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1)
  return middle.length === 0 ? 0 : middle.reduce((sum, value) => sum + value, 0) / middle.length
}
