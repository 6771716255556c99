import type { Point } from '../graph-layout/layout-graph.ts'

/** A smooth line from the first point to the last, drawn towards those between them. */
export function linePath(points: readonly Point[]): string {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return ''
  const between = points.slice(1, -1)
  if (between.length === 0) return `M${text(first)}L${text(last)}`
  const curves = between.map((point, row) => {
    const next = between[row + 1]
    return `Q${text(point)} ${text(next === undefined ? last : middle(point, next))}`
  })
  return `M${text(first)}${curves.join('')}`
}

function middle(a: Point, b: Point): Point {
  return { xPx: (a.xPx + b.xPx) / 2, yPx: (a.yPx + b.yPx) / 2 }
}

function text({ xPx, yPx }: Point): string {
  return `${xPx.toFixed(1)} ${yPx.toFixed(1)}`
}
