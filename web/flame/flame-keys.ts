/**
 * Moves the keyboard focus to the nearest frame in the arrow's direction as drawn, so that the keys
 * work the same with the root on top and at the bottom. Returns whether it handled the key.
 */
export function moveThroughFrames(host: Element, from: Element, key: string): boolean {
  const direction = DIRECTIONS[key]
  if (direction === undefined) return false
  const next = nearestFrame(host, from, direction)
  if (next !== null) {
    from.setAttribute('tabindex', '-1')
    next.setAttribute('tabindex', '0')
    next.focus({ preventScroll: true })
    next.scrollIntoView({ block: 'nearest' })
  }
  return true
}

interface Direction {
  readonly rows: -1 | 0 | 1
  readonly columns: -1 | 0 | 1
}

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowUp: { rows: -1, columns: 0 },
  ArrowDown: { rows: 1, columns: 0 },
  ArrowLeft: { rows: 0, columns: -1 },
  ArrowRight: { rows: 0, columns: 1 },
}

/** In the row above or below, the widest overlapping frame; in the same row, the closest frame. */
function nearestFrame(host: Element, from: Element, direction: Direction): SVGGElement | null {
  const start = from.getBoundingClientRect()
  let best: SVGGElement | null = null
  let bestRank = Number.NEGATIVE_INFINITY
  for (const frame of host.querySelectorAll<SVGGElement>('g.frame')) {
    if (frame === from) continue
    const box = frame.getBoundingClientRect()
    const rank = rankOf(start, box, direction)
    if (rank > bestRank) {
      best = frame
      bestRank = rank
    }
  }
  return best
}

function rankOf(start: DOMRect, box: DOMRect, { rows, columns }: Direction): number {
  const rowsApart = Math.round((box.top - start.top) / start.height)
  if (rowsApart !== rows) return Number.NEGATIVE_INFINITY
  if (rows !== 0) {
    const overlapPx = Math.min(box.right, start.right) - Math.max(box.left, start.left)
    return overlapPx > 0 ? overlapPx : Number.NEGATIVE_INFINITY
  }
  const distancePx = (box.left - start.left) * columns
  return distancePx > 0 ? -distancePx : Number.NEGATIVE_INFINITY
}
