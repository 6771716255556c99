import type { Point } from '../graph-layout/layout-graph.ts'

/** Of a graph, what matters for moving in it. */
interface Placed {
  readonly nodes: readonly (Point & { readonly heightPx: number })[]
  /** The heaviest first. */
  readonly edges: readonly { readonly caller: number; readonly callee: number }[]
}

/**
 * The row that an arrow key leads to: up to the heaviest caller, down to the heaviest callee, sideways to the next box
 * of about the same height. `null` where there is none.
 */
export function nodeBeside({ edges, nodes }: Placed, row: number, key: string): number | null {
  const here = nodes[row]
  if (here === undefined) return null
  if (key === 'Home') return 0
  if (key === 'End') return nodes.length - 1
  if (key === 'ArrowUp') return edges.find(({ callee }) => callee === row)?.caller ?? null
  if (key === 'ArrowDown') return edges.find(({ caller }) => caller === row)?.callee ?? null
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return null
  const sign = key === 'ArrowRight' ? 1 : -1
  let best: number | null = null
  let bestPx = Number.POSITIVE_INFINITY
  for (const [at, { xPx, yPx }] of nodes.entries()) {
    const dx = (xPx - here.xPx) * sign
    const isBeside = Math.abs(yPx - here.yPx) < here.heightPx
    if (at === row || !isBeside || dx <= 0 || dx >= bestPx) continue
    best = at
    bestPx = dx
  }
  return best
}
