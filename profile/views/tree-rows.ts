import { type CallTree, ROOT, type TreeNode } from './call-tree.ts'

/** One line of a call tree as an outline. */
export interface TreeRow {
  readonly node: TreeNode
  readonly name: string
  /** 1 for the calls that goroutines start with. */
  readonly level: number
  readonly flat: number
  readonly cum: number
  readonly childCount: number
  readonly isOpen: boolean
  /** Among the calls of its caller, from 1. */
  readonly place: number
  readonly siblingCount: number
}

/** The lines of the outline: the first calls, and those below each node that is open. */
export function treeRows(tree: CallTree, isOpen: (node: TreeNode) => boolean): readonly TreeRow[] {
  const childCount = new Uint32Array(tree.length)
  for (let node = ROOT + 1; node < tree.length; node++) childCount[tree.parent[node]]++
  const level = new Uint32Array(tree.length)
  const placed = new Uint32Array(tree.length)
  const rows: TreeRow[] = []
  for (let node = ROOT + 1; node < tree.length;) {
    const parent = tree.parent[node]
    level[node] = level[parent] + 1
    placed[parent]++
    const open = childCount[node] > 0 && isOpen(node)
    rows.push({
      node,
      name: tree.names[tree.name[node]],
      level: level[node],
      flat: tree.flat[node],
      cum: tree.cum[node],
      childCount: childCount[node],
      isOpen: open,
      place: placed[parent],
      siblingCount: childCount[parent],
    })
    node = open ? node + 1 : tree.end[node]
  }
  return rows
}

/** Where the outline is open at first: along the heaviest calls, until none has half of its caller. */
export function heaviestPath(tree: CallTree): readonly TreeNode[] {
  const path: TreeNode[] = []
  for (let node = ROOT; node < tree.end[ROOT];) {
    const first = node + 1
    const isHeavy =
      first < tree.end[node] && Math.abs(tree.cum[first]) * 2 >= Math.abs(tree.cum[node])
    if (!isHeavy && node !== ROOT) break
    if (first >= tree.end[node]) break
    path.push(first)
    node = first
  }
  return path
}
