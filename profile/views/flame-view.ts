import { NONE } from '../types.ts'
import type { CallTree, TreeNode } from './call-tree.ts'
import { kthLargest } from './kth-largest.ts'
import { subsystemOf } from './subsystem.ts'
import type { SubsystemId } from './subsystem-table.ts'

/**
 * A frame to draw. Its values are those of the whole tree; what is not drawn changes none of them. A mark that does
 * not apply is absent.
 */
export interface FlameFrame {
  /** A row of `frames`, or -1 at the root. */
  readonly parent: number
  /** Of the call tree; for a filler the node it fills. */
  readonly node: TreeNode
  readonly name: string
  readonly flat: number
  readonly cum: number
  readonly subsystem: SubsystemId
  /** A caller of the focus: to be drawn as wide as it. */
  readonly isAncestor?: true
  /** More than half of it comes from stacks that had lost this frame. */
  readonly isInferred?: true
  readonly isInlined?: true
  /** Not a frame but a filler, for the `hiddenCount` callees of its parent that are too small to draw. */
  readonly isOther?: true
  readonly hiddenCount?: number
}

/** Callers of the focus, then the focus and what is below it depth first, largest first, then the fillers. */
export interface FlameView {
  /** How many frames the tree has below the focus, itself included. */
  readonly frameCount: number
  /** The row of the focus. */
  readonly focusRow: number
  readonly frames: readonly FlameFrame[]
}

export interface FlameViewOptions {
  readonly focusNode: TreeNode
  /** Fillers and callers included. Callers of the focus are never left out. */
  readonly framesMax: number
  /** How wide the focus is drawn; what is narrower than half a pixel is left out. `null` if not known. */
  readonly widthPx: number | null
}

/** The name of a filler. It never enters a top table, a search or a sum. */
const OTHER_NAME = 'other'
const FRAME_PX_MIN = 0.5
const FILLER_PX_MIN = 4
/** The part of the frames that fillers may have when not everything can be drawn. */
const FILLERS_SHARE = 1 / 8

/**
 * Chooses what to draw: the largest frames below the focus, each with all its callers; one pass and a quick-select.
 * d3-flame-graph spends 60 to 100 us on a frame it draws and about 1 us on each node of the tree it is handed, measured
 * with 5.0.0 in Chromium, so what it is handed is what it draws, and both are capped here.
 */
export function flameView(tree: CallTree, options: FlameViewOptions): FlameView {
  const { focusNode, framesMax, widthPx } = options
  const frames: FlameFrame[] = callersOf(tree, focusNode).map((node, row) => ({
    ...frameOf(tree, node, row - 1),
    isAncestor: true,
  }))
  const focusRow = frames.length
  const unitsPerPx = widthPx === null ? 0 : Math.abs(tree.cum[focusNode]) / widthPx
  const cut = chooseCut(tree, focusNode, {
    valueMin: unitsPerPx * FRAME_PX_MIN,
    rowsMax: Math.max(framesMax - focusRow, 1),
  })
  const hidden = pushLargest(tree, focusNode, cut, frames)
  const fillersMax = framesMax - frames.length
  frames.push(...fillersOf(frames, hidden, { valueMin: unitsPerPx * FILLER_PX_MIN, fillersMax }))
  return { frameCount: tree.end[focusNode] - focusNode, focusRow, frames }
}

function callersOf(tree: CallTree, node: TreeNode): TreeNode[] {
  const callers: TreeNode[] = []
  for (let at = tree.parent[node]; at !== NONE; at = tree.parent[at]) callers.push(at)
  return callers.reverse()
}

function frameOf(tree: CallTree, node: TreeNode, parent: number): FlameFrame {
  const name = tree.names[tree.name[node]]
  return {
    parent,
    node,
    name,
    flat: tree.flat[node],
    cum: tree.cum[node],
    subsystem: subsystemOf(name),
    ...(tree.inferredCum[node] * 2 > tree.cum[node] ? { isInferred: true as const } : {}),
    ...(tree.isInlined[node] === 1 ? { isInlined: true as const } : {}),
  }
}

interface Cut {
  /** Frames below this are not drawn, */
  readonly valueMin: number
  /** and of those that equal it no more than this many. */
  readonly atMinMax: number
}

function chooseCut(
  tree: CallTree,
  focusNode: TreeNode,
  room: { readonly valueMin: number; readonly rowsMax: number },
): Cut {
  const values = tree.cum.slice(focusNode, tree.end[focusNode])
  let wideCount = 0
  for (let row = 0; row < values.length; row++) {
    values[row] = Math.abs(values[row])
    if (values[row] >= room.valueMin) wideCount++
  }
  if (wideCount <= room.rowsMax) return { valueMin: room.valueMin, atMinMax: Infinity }
  const rank = Math.max(Math.floor(room.rowsMax * (1 - FILLERS_SHARE)), 1)
  const valueMin = kthLargest(values, rank)
  let aboveCount = 0
  for (const value of values) if (value > valueMin) aboveCount++
  return { valueMin, atMinMax: rank - aboveCount }
}

/** What is not drawn below a frame that is. */
interface HiddenCallees {
  readonly row: number
  value: number
  count: number
}

/** Callers come before callees, so where a frame is left out all below it is skipped. */
function pushLargest(
  tree: CallTree,
  focusNode: TreeNode,
  cut: Cut,
  frames: FlameFrame[],
): HiddenCallees[] {
  const rowOf = new Int32Array(tree.end[focusNode] - focusNode)
  const hiddenByRow = new Map<number, HiddenCallees>()
  let atMinCount = 0
  for (let node = focusNode; node < tree.end[focusNode];) {
    const value = Math.abs(tree.cum[node])
    const parent = node === focusNode ? frames.length - 1 : rowOf[tree.parent[node] - focusNode]
    const isAtMin = value === cut.valueMin
    if (node === focusNode || value > cut.valueMin || (isAtMin && atMinCount < cut.atMinMax)) {
      if (isAtMin) atMinCount++
      rowOf[node - focusNode] = frames.push(frameOf(tree, node, parent)) - 1
      node++
      continue
    }
    const hidden = hiddenByRow.get(parent) ?? { row: parent, value: 0, count: 0 }
    hidden.value += tree.cum[node]
    hidden.count++
    hiddenByRow.set(parent, hidden)
    node = tree.end[node]
  }
  return [...hiddenByRow.values()]
}

/** One for each parent with something hidden that is wide enough to see, largest first. */
function fillersOf(
  frames: readonly FlameFrame[],
  hidden: readonly HiddenCallees[],
  room: { readonly valueMin: number; readonly fillersMax: number },
): FlameFrame[] {
  return hidden
    .filter(({ value }) => Math.abs(value) >= room.valueMin && value !== 0)
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || a.row - b.row)
    .slice(0, Math.max(room.fillersMax, 0))
    .map(({ row, value, count }) => ({
      parent: row,
      node: frames[row].node,
      name: OTHER_NAME,
      flat: 0,
      cum: value,
      subsystem: 'other',
      isOther: true,
      hiddenCount: count,
    }))
}
