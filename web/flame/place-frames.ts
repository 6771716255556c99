import { CALLERS_MAX, type FlameTree, ROW_PX } from './flame-renderer.ts'

/** Where frames lie in the picture, in pixels; columns by the row of `FlameTree.frames`. */
export interface PlacedFrames {
  /** The picture's row from the top; -1 for a frame that is not in the picture. */
  readonly row: Int32Array
  readonly xPx: Float64Array
  readonly widthPx: Float64Array
  readonly rowCount: number
  /** The frames of each row of the picture, from left to right. */
  readonly framesByRow: readonly (readonly number[])[]
}

/** Where a frame is painted, in pixels of the picture. */
export interface FrameBox {
  readonly left: number
  readonly top: number
  readonly widthPx: number
}

/** Places the frames of a tree, the callers of the zoomed frame as wide as it. */
export function placeFrames(tree: FlameTree): PlacedFrames {
  const { frames, focusRow, range, widthPx, direction } = tree
  const depth = new Int32Array(frames.length)
  const xPx = new Float64Array(frames.length)
  const width = new Float64Array(frames.length)
  const firstDepth = Math.max(focusRow - CALLERS_MAX, 0)
  const pxPerUnit = widthPx / ((frames[focusRow]?.weight || 1) * (range.to - range.from))
  const leftPx = (range.from / (range.to - range.from)) * widthPx
  let deepest = 0
  for (const [at, frame] of frames.entries()) {
    depth[at] = frame.parent < 0 ? 0 : (depth[frame.parent] ?? 0) + 1
    deepest = Math.max(deepest, depth[at] ?? 0)
    const isCaller = at < focusRow
    xPx[at] = isCaller ? 0 : frame.start * pxPerUnit - leftPx
    width[at] = isCaller ? widthPx : frame.weight * pxPerUnit
  }
  const rowCount = deepest - firstDepth + 1
  const row = depth.map((at) => {
    if (at < firstDepth) return -1
    return direction === 'icicle' ? at - firstDepth : deepest - at
  })
  return { row, xPx, widthPx: width, rowCount, framesByRow: groupByRow(row, xPx, rowCount) }
}

function groupByRow(row: Int32Array, xPx: Float64Array, rowCount: number) {
  const framesByRow: number[][] = Array.from({ length: rowCount }, () => [])
  for (const [at, place] of row.entries()) framesByRow[place]?.push(at)
  for (const frames of framesByRow) frames.sort((a, b) => (xPx[a] ?? 0) - (xPx[b] ?? 0))
  return framesByRow
}

/** The frame at a point of the picture, or -1. */
export function frameAt(placed: PlacedFrames, xPx: number, yPx: number): number {
  const frames = placed.framesByRow[Math.floor(yPx / ROW_PX)] ?? []
  let low = 0
  let high = frames.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((placed.xPx[frames[middle] ?? 0] ?? 0) <= xPx) low = middle + 1
    else high = middle
  }
  const at = frames[low - 1] ?? -1
  return at !== -1 && xPx < (placed.xPx[at] ?? 0) + (placed.widthPx[at] ?? 0) ? at : -1
}

/** The frame that an arrow key leads to, or -1; `Home` and `End` lead to the ends of a row. */
export function frameBeside(placed: PlacedFrames, from: number, key: string): number {
  const row = placed.row[from] ?? 0
  const own = placed.framesByRow[row] ?? []
  const place = own.indexOf(from)
  if (key === 'ArrowLeft') return own[place - 1] ?? -1
  if (key === 'ArrowRight') return own[place + 1] ?? -1
  if (key === 'Home') return own[0] ?? -1
  if (key === 'End') return own.at(-1) ?? -1
  return widestOverlap(placed, from, row + (key === 'ArrowUp' ? -1 : 1))
}

function widestOverlap(placed: PlacedFrames, from: number, row: number): number {
  const left = placed.xPx[from] ?? 0
  const right = left + (placed.widthPx[from] ?? 0)
  let best = -1
  let bestPx = 0
  for (const at of placed.framesByRow[row] ?? []) {
    const x = placed.xPx[at] ?? 0
    const overlapPx = Math.min(right, x + (placed.widthPx[at] ?? 0)) - Math.max(left, x)
    if (overlapPx > bestPx) {
      best = at
      bestPx = overlapPx
    }
  }
  return best
}
