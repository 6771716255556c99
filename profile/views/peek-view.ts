import { ROOT, namesMatching } from './call-tree.ts'
import type { CallTree, NameIndex } from './call-tree.ts'
import { sumByName } from './top-view.ts'

/** What passed between a function and one of its callers or callees. */
export interface PeekEdge {
  readonly name: string
  /** Each stack counts once, however often the call recurs in it. */
  readonly value: number
  /** 0 to 1, of the function's cum. */
  readonly share: number
}

/** A function with those it was called by and those it calls, largest first. A call to itself is not listed. */
export interface PeekItem {
  readonly name: string
  readonly flat: number
  readonly cum: number
  readonly callers: readonly PeekEdge[]
  readonly callees: readonly PeekEdge[]
}

export interface PeekView {
  /** How many functions match, of which `items` holds the first. */
  readonly matchCount: number
  readonly items: readonly PeekItem[]
}

export interface PeekViewOptions {
  readonly itemsMax: number
}

/** The callers and callees of the functions whose name `test` accepts, largest cum first. */
export function peekView(
  tree: CallTree,
  test: (name: string) => boolean,
  options: PeekViewOptions,
): PeekView {
  const isMatch = namesMatching(tree, test)
  const { flat, cum } = sumByName(tree)
  const found: NameIndex[] = []
  for (let name = 0; name < tree.names.length; name++) {
    if (isMatch[name] === 1 && (flat[name] !== 0 || cum[name] !== 0)) found.push(name)
  }
  found.sort(
    (a, b) => Math.abs(cum[b]) - Math.abs(cum[a]) || (tree.names[a] < tree.names[b] ? -1 : 1),
  )
  const items = found.slice(0, options.itemsMax).map((func) => ({
    name: tree.names[func],
    flat: flat[func],
    cum: cum[func],
    ...edgesOf(tree, func, cum[func]),
  }))
  return { matchCount: found.length, items }
}

/** Nodes lie depth first, so a call within one already counted is one before that one's end. */
function edgesOf(tree: CallTree, func: NameIndex, cum: number) {
  const callers = new Map<NameIndex, number>()
  const callees = new Map<NameIndex, number>()
  const callerUntil = new Map<NameIndex, number>()
  const calleeUntil = new Map<NameIndex, number>()
  for (let node = ROOT + 1; node < tree.length; node++) {
    const name = tree.name[node]
    const caller = tree.name[tree.parent[node]]
    if (name === caller || tree.parent[node] === ROOT) continue
    if (name === func) addOnce(tree, node, caller, callers, callerUntil)
    else if (caller === func) addOnce(tree, node, name, callees, calleeUntil)
  }
  return { callers: toEdges(tree, callers, cum), callees: toEdges(tree, callees, cum) }
}

function addOnce(
  tree: CallTree,
  node: number,
  other: NameIndex,
  sums: Map<NameIndex, number>,
  countedUntil: Map<NameIndex, number>,
): void {
  if (node < (countedUntil.get(other) ?? 0)) return
  countedUntil.set(other, tree.end[node])
  sums.set(other, (sums.get(other) ?? 0) + tree.cum[node])
}

function toEdges(tree: CallTree, sums: ReadonlyMap<NameIndex, number>, cum: number): PeekEdge[] {
  return [...sums]
    .map(([name, value]) => ({
      name: tree.names[name],
      value,
      share: cum === 0 ? 0 : value / cum,
    }))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || (a.name < b.name ? -1 : 1))
}
