import { NONE } from '../types.ts'
import { type CallTree, ROOT, type TreeNode } from './call-tree.ts'
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
  /** How wide it is drawn, in the unit of the values: the sum of all flat values below, each without its sign. */
  readonly weight: number
  /** From the left edge of the focus to its own, in the same unit. 0 for callers of the focus. */
  readonly start: number
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
  /** What is narrower is left out. */
  readonly framePxMin?: number
  /** The part of the focus that fills the width, in parts of its weight; all of it when not given. */
  readonly range?: FlameRange
}

export interface FlameRange {
  readonly from: number
  readonly to: number
}

/** The name of a filler. It never enters a top table, a search or a sum. */
const OTHER_NAME = 'other'
const FRAME_PX_MIN = 0.5
const FILLER_PX_MIN = 4
/** The part of the frames that fillers may have when not everything can be drawn. */
const FILLERS_SHARE = 1 / 8
const WHOLE: FlameRange = { from: 0, to: 1 }

/**
 * Chooses what to draw: the largest frames below the focus, each with all its callers; one pass and a quick-select.
 * d3-flame-graph spends 60 to 100 us on a frame it draws and about 1 us on each node of the tree it is handed, measured
 * with 5.0.0 in Chromium, so what it is handed is what it draws, and both are capped here.
 */
export function flameView(tree: CallTree, options: FlameViewOptions): FlameView {
  const { focusNode, framesMax, widthPx, framePxMin = FRAME_PX_MIN, range = WHOLE } = options
  const places = placeNodes(tree, focusNode)
  const focusWeight = places.weight[focusNode]
  const frames: FlameFrame[] = callersOf(tree, focusNode).map((node, row) => ({
    ...frameOf(tree, node, row - 1, focusWeight, 0),
    isAncestor: true,
  }))
  const focusRow = frames.length
  const unitsPerPx = widthPx === null ? 0 : (focusWeight * (range.to - range.from)) / widthPx
  const isInRange = rangeTest(places, focusWeight, range)
  const cut = chooseCut(tree, focusNode, {
    places,
    isInRange,
    valueMin: unitsPerPx * framePxMin,
    rowsMax: Math.max(framesMax - focusRow, 1),
  })
  const hidden = pushLargest(tree, focusNode, { places, isInRange, cut }, frames)
  const fillersMax = framesMax - frames.length
  frames.push(...fillersOf(frames, hidden, { valueMin: unitsPerPx * FILLER_PX_MIN, fillersMax }))
  return { frameCount: tree.end[focusNode] - focusNode, focusRow, frames }
}

/** Where a node lies in the drawing of the whole tree, in parts of its width. */
export function placeInTree(tree: CallTree, node: TreeNode): FlameRange {
  const { weight, start } = placeNodes(tree, ROOT)
  const whole = weight[ROOT] || 1
  return { from: start[node] / whole, to: (start[node] + weight[node]) / whole }
}

/** Where nodes lie, in the unit of the values, from the left edge of the focus. */
interface Places {
  readonly weight: Float64Array
  readonly start: Float64Array
}

function placeNodes(tree: CallTree, focusNode: TreeNode): Places {
  const weight = weightsOf(tree)
  const start = new Float64Array(tree.length)
  const next = new Float64Array(tree.length)
  for (let node = focusNode + 1; node < tree.end[focusNode]; node++) {
    const parent = tree.parent[node]
    start[node] = next[parent]
    next[node] = next[parent]
    next[parent] += weight[node]
  }
  return { weight, start }
}

/** The cum values; where some flat values are negative, sums without signs, so that callees fit into their caller. */
function weightsOf(tree: CallTree): Float64Array {
  if (!tree.flat.some((value) => value < 0)) return tree.cum
  const weight = tree.flat.map((value) => Math.abs(value))
  for (let node = tree.length - 1; node > 0; node--) weight[tree.parent[node]] += weight[node]
  return weight
}

type IsInRange = (node: TreeNode) => boolean

function rangeTest({ start, weight }: Places, focusWeight: number, range: FlameRange): IsInRange {
  if (range.from <= 0 && range.to >= 1) return () => true
  const from = range.from * focusWeight
  const to = range.to * focusWeight
  return (node) => start[node] < to && start[node] + weight[node] > from
}

function callersOf(tree: CallTree, node: TreeNode): TreeNode[] {
  const callers: TreeNode[] = []
  for (let at = tree.parent[node]; at !== NONE; at = tree.parent[at]) callers.push(at)
  return callers.reverse()
}

function frameOf(
  tree: CallTree,
  node: TreeNode,
  parent: number,
  weight: number,
  start: number,
): FlameFrame {
  const name = tree.names[tree.name[node]]
  return {
    parent,
    node,
    name,
    flat: tree.flat[node],
    cum: tree.cum[node],
    weight,
    start,
    subsystem: subsystemOf(name),
    ...(tree.inferredCum[node] * 2 > Math.abs(tree.cum[node]) ? { isInferred: true as const } : {}),
    ...(tree.isInlined[node] === 1 ? { isInlined: true as const } : {}),
  }
}

interface Cut {
  /** Frames below this are not drawn, */
  readonly valueMin: number
  /** and of those that equal it no more than this many. */
  readonly atMinMax: number
}

interface Room {
  readonly places: Places
  readonly isInRange: IsInRange
  readonly valueMin: number
  readonly rowsMax: number
}

function chooseCut(tree: CallTree, focusNode: TreeNode, room: Room): Cut {
  const values = room.places.weight.slice(focusNode, tree.end[focusNode])
  let wideCount = 0
  for (let row = 0; row < values.length; row++) {
    if (!room.isInRange(focusNode + row)) values[row] = 0
    else if (values[row] >= room.valueMin) wideCount++
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
  /** Of the first of them. */
  readonly start: number
  value: number
  weight: number
  count: number
}

interface Drawn {
  readonly places: Places
  readonly isInRange: IsInRange
  readonly cut: Cut
}

/** Callers come before callees, so where a frame is left out all below it is skipped. */
function pushLargest(
  tree: CallTree,
  focusNode: TreeNode,
  { places, isInRange, cut }: Drawn,
  frames: FlameFrame[],
): HiddenCallees[] {
  const rowOf = new Int32Array(tree.end[focusNode] - focusNode)
  const hiddenByRow = new Map<number, HiddenCallees>()
  let atMinCount = 0
  for (let node = focusNode; node < tree.end[focusNode];) {
    if (!isInRange(node)) {
      node = tree.end[node]
      continue
    }
    const weight = places.weight[node]
    const start = places.start[node]
    const parent = node === focusNode ? frames.length - 1 : rowOf[tree.parent[node] - focusNode]
    const isAtMin = weight === cut.valueMin
    if (node === focusNode || weight > cut.valueMin || (isAtMin && atMinCount < cut.atMinMax)) {
      if (isAtMin) atMinCount++
      rowOf[node - focusNode] = frames.push(frameOf(tree, node, parent, weight, start)) - 1
      node++
      continue
    }
    const hidden = hiddenByRow.get(parent) ?? { row: parent, start, value: 0, weight: 0, count: 0 }
    hidden.value += tree.cum[node]
    hidden.weight += weight
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
    .filter(({ weight }) => weight >= room.valueMin && weight !== 0)
    .sort((a, b) => b.weight - a.weight || a.row - b.row)
    .slice(0, Math.max(room.fillersMax, 0))
    .map(({ row, start, value, weight, count }) => ({
      parent: row,
      node: frames[row].node,
      name: OTHER_NAME,
      flat: 0,
      cum: value,
      weight,
      start,
      subsystem: 'other',
      isOther: true,
      hiddenCount: count,
    }))
}
