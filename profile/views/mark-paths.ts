import { NONE } from '../types.ts'
import { ROOT } from './call-tree.ts'
import type { CallTree } from './call-tree.ts'

/** Which nodes of a tree some paths go through, and what was measured there. */
export interface MarkedPaths {
  /** For each node: 0 for none, `MARK_STEP` where a path takes a step on its way, `MARK_END` at its last step. */
  readonly mark: Uint8Array
  /** What was measured in and below the last steps; each stack counts once. */
  readonly value: number
}

export const MARK_STEP = 1
export const MARK_END = 2

/**
 * Marks where the paths lie in the tree. A path is a list of function names, callers first; any number of frames may lie
 * between two of them, so an evidence stack of a finding and a short list like `['ListResource', 'GetList']` both work.
 * Each step is taken at the first frame that fits.
 */
export function markPaths(tree: CallTree, paths: readonly (readonly string[])[]): MarkedPaths {
  const mark = new Uint8Array(tree.length)
  for (const path of paths) if (path.length > 0) markPath(tree, path, mark)
  let value = 0
  for (let node = ROOT; node < tree.length;) {
    if (mark[node] === MARK_END) value += tree.cum[node]
    node = mark[node] === MARK_END ? tree.end[node] : node + 1
  }
  return { mark, value }
}

function markPath(tree: CallTree, path: readonly string[], mark: Uint8Array): void {
  const steps = path.map((name) => tree.names.indexOf(name))
  if (steps.includes(-1)) return
  const stepsDone = new Uint16Array(tree.length)
  for (let node = ROOT; node < tree.length; node++) {
    const parent = tree.parent[node]
    const done = parent === NONE ? 0 : stepsDone[parent]
    stepsDone[node] = done < steps.length && tree.name[node] === steps[done] ? done + 1 : done
  }
  const leadsToEnd = new Uint8Array(tree.length)
  for (let node = tree.length - 1; node >= ROOT; node--) {
    const parent = tree.parent[node]
    if (stepsDone[node] === steps.length) leadsToEnd[node] = 1
    if (parent !== NONE && leadsToEnd[node] === 1) leadsToEnd[parent] = 1
    const before = parent === NONE ? 0 : stepsDone[parent]
    if (leadsToEnd[node] === 0 || stepsDone[node] === before) continue
    mark[node] = Math.max(mark[node], stepsDone[node] === steps.length ? MARK_END : MARK_STEP)
  }
}
