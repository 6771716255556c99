import { NONE } from '../types.ts'
import { type CallTree, type NameIndex, ROOT, type TreeNode } from './call-tree.ts'
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
  const weight = weightsOf(tree)
  const focusWeight = weight[focusNode]
  const frames: FlameFrame[] = callersOf(tree, focusNode).map((node, row) => ({
    ...frameOf(tree, node, row - 1, focusWeight, 0),
    isAncestor: true,
  }))
  const focusRow = frames.length
  const unitsPerPx = widthPx === null ? 0 : (focusWeight * (range.to - range.from)) / widthPx
  const shown = { focusNode, weight, from: range.from * focusWeight, to: range.to * focusWeight }
  const cut = chooseCut(tree, shown, {
    valueMin: unitsPerPx * framePxMin,
    rowsMax: Math.max(framesMax - focusRow, 1),
  })
  const hidden = pushLargest(tree, shown, cut, frames)
  const fillersMax = framesMax - frames.length
  frames.push(...fillersOf(frames, hidden, { valueMin: unitsPerPx * FILLER_PX_MIN, fillersMax }))
  return { frameCount: tree.end[focusNode] - focusNode, focusRow, frames }
}

/** Where a node lies in the drawing of the whole tree, in parts of its width. */
export function placeInTree(tree: CallTree, node: TreeNode): FlameRange {
  const weight = weightsOf(tree)
  const whole = weight[ROOT] || 1
  let start = 0
  for (let at = node; at !== ROOT; at = tree.parent[at]) {
    for (let before = tree.parent[at] + 1; before < at; before = tree.end[before]) {
      start += weight[before]
    }
  }
  return { from: start / whole, to: (start + weight[node]) / whole }
}

const known = new WeakMap<CallTree, Float64Array>()

/**
 * How wide nodes are drawn, in the unit of the values: their cum; where some flat values are negative, sums without signs,
 * so that callees fit into their caller. Kept with the tree, because each zoom needs them.
 */
function weightsOf(tree: CallTree): Float64Array {
  const found = known.get(tree)
  if (found !== undefined) return found
  const weight = hasNegative(tree.flat) ? unsignedSums(tree) : tree.cum
  known.set(tree, weight)
  return weight
}

function hasNegative(column: Float64Array): boolean {
  for (const value of column) if (value < 0) return true
  return false
}

function unsignedSums(tree: CallTree): Float64Array {
  const weight = tree.flat.map((value) => Math.abs(value))
  for (let node = tree.length - 1; node > 0; node--) weight[tree.parent[node]] += weight[node]
  return weight
}

/** The part of a focus that is drawn, in the unit of the values from its left edge. */
interface Shown {
  readonly focusNode: TreeNode
  readonly weight: Float64Array
  readonly from: number
  readonly to: number
}

/**
 * Visits the focus and what lies below it as far as it is shown, callers first, with where each begins. What is below a node
 * that `visit` refuses is skipped, so that a tree of millions of nodes costs as much as what is seen of it.
 */
function walkShown(
  tree: CallTree,
  { focusNode, weight, from, to }: Shown,
  visit: (node: TreeNode, start: number) => boolean,
): void {
  // Of the callers of the node: where each ends in the tree, and where its next callee begins.
  const ends: number[] = []
  const nextStarts: number[] = []
  let depth = 0
  for (let node = focusNode; node < tree.end[focusNode];) {
    while (depth > 0 && node >= ends[depth - 1]) depth--
    const start = depth === 0 ? 0 : nextStarts[depth - 1]
    const end = start + weight[node]
    if (depth > 0) nextStarts[depth - 1] = end
    const isShown = node === focusNode || (start < to && end > from)
    if (isShown && visit(node, start)) {
      ends[depth] = tree.end[node]
      nextStarts[depth] = start
      depth++
      node++
    } else node = tree.end[node]
  }
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
  const row = tree.name[node]
  const frame: { -readonly [Key in keyof FlameFrame]: FlameFrame[Key] } = {
    parent,
    node,
    name: tree.names[row],
    flat: tree.flat[node],
    cum: tree.cum[node],
    weight,
    start,
    subsystem: subsystemByName(tree, row),
  }
  if (tree.inferredCum[node] * 2 > Math.abs(tree.cum[node])) frame.isInferred = true
  if (tree.isInlined[node] === 1) frame.isInlined = true
  return frame
}

const subsystems = new WeakMap<readonly string[], (SubsystemId | undefined)[]>()

/** Kept with the names, because finding it takes longer than all else of a frame. */
function subsystemByName({ names }: CallTree, row: NameIndex): SubsystemId {
  let known = subsystems.get(names)
  if (known === undefined) subsystems.set(names, (known = []))
  return (known[row] ??= subsystemOf(names[row]))
}

interface Cut {
  /** Frames below this are not drawn, */
  readonly valueMin: number
  /** and of those that equal it no more than this many. */
  readonly atMinMax: number
}

interface Room {
  readonly valueMin: number
  readonly rowsMax: number
}

function chooseCut(tree: CallTree, shown: Shown, room: Room): Cut {
  const values = wideValues(tree, shown, room.valueMin)
  if (values.length <= room.rowsMax) return { valueMin: room.valueMin, atMinMax: Infinity }
  const rank = Math.max(Math.floor(room.rowsMax * (1 - FILLERS_SHARE)), 1)
  const valueMin = kthLargest(values, rank)
  let aboveCount = 0
  for (const value of values) if (value > valueMin) aboveCount++
  return { valueMin, atMinMax: rank - aboveCount }
}

/** The weights that are wide enough to draw. A callee is no wider than its caller. */
function wideValues(tree: CallTree, shown: Shown, valueMin: number): Float64Array {
  const values: number[] = []
  walkShown(tree, shown, (node) => {
    const isWide = shown.weight[node] >= valueMin
    if (isWide) values.push(shown.weight[node])
    return isWide
  })
  return Float64Array.from(values)
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

function pushLargest(
  tree: CallTree,
  shown: Shown,
  cut: Cut,
  frames: FlameFrame[],
): readonly HiddenCallees[] {
  const { focusNode, weight } = shown
  const rowOf = new Map<TreeNode, number>([[tree.parent[focusNode], frames.length - 1]])
  const hiddenByRow = new Map<number, HiddenCallees>()
  let atMinCount = 0
  walkShown(tree, shown, (node, start) => {
    const parent = rowOf.get(tree.parent[node]) ?? NONE
    const isAtMin = weight[node] === cut.valueMin
    const isDrawn =
      node === focusNode || weight[node] > cut.valueMin || (isAtMin && atMinCount < cut.atMinMax)
    if (isDrawn) {
      if (isAtMin) atMinCount++
      rowOf.set(node, frames.push(frameOf(tree, node, parent, weight[node], start)) - 1)
      return true
    }
    const hidden = hiddenByRow.get(parent) ?? { row: parent, start, value: 0, weight: 0, count: 0 }
    hidden.value += tree.cum[node]
    hidden.weight += weight[node]
    hidden.count++
    hiddenByRow.set(parent, hidden)
    return false
  })
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
