import type { FlameRange } from '../../profile/index.ts'

/** A thousandth of a pixel of a whole profile is as far as one can zoom. */
const LENGTH_MIN = 1e-6

/** The range made longer (`factor` above 1) or shorter around a point, given in parts of the range. */
export function zoomRange(range: FlameRange, point: number, factor: number): FlameRange {
  const length = range.to - range.from
  const next = Math.min(Math.max(length * factor, LENGTH_MIN), 1)
  return clampRange(range.from + point * (length - next), next)
}

/** The range moved by parts of its own length. */
export function moveRange(range: FlameRange, by: number): FlameRange {
  const length = range.to - range.from
  return clampRange(range.from + by * length, length)
}

export function isWhole(range: FlameRange): boolean {
  return range.from <= 0 && range.to >= 1
}

function clampRange(from: number, length: number): FlameRange {
  const first = Math.min(Math.max(from, 0), 1 - length)
  return { from: first, to: first + length }
}
