import { NONE } from '../types.ts'
import { draftCallTree, ROOT } from './draft-call-tree.ts'
import type { CallTreeInput, DraftTree } from './draft-call-tree.ts'

export { ROOT } from './draft-call-tree.ts'
export type { CallTreeInput, TreeNode } from './draft-call-tree.ts'
export type { NameIndex } from './frame-names.ts'

const ROOT_NAME = 'root'

/**
 * The calls of a profile by name, for one sample type: frames of one name under one caller are one node. Nodes lie in
 * depth-first order, heaviest child first, then by name; so `parent[i] < i`, and the nodes below `i` are exactly
 * `i + 1` up to, not including, `end[i]`. Equal profiles give equal trees, whatever the order of their samples.
 *
 * Values are in the unit of the sample type, summed exactly and rounded to a double at the end. Two things differ from
 * what `pprof` prints: names are normalised, so functions that differ only in type arguments are one, and stacks that
 * Go had cut are repaired where the view asked for it.
 */
export interface CallTree {
  readonly length: number
  /** The last one is the root's. */
  readonly names: readonly string[]
  readonly name: Uint32Array // NameIndex
  readonly parent: Int32Array // TreeNode, or NONE at the root
  readonly end: Uint32Array // TreeNode
  /** What was measured with this node as the leaf. */
  readonly flat: Float64Array
  /** What was measured in this node and below. */
  readonly cum: Float64Array
  /** The part of `cum` whose stacks had lost this frame, which `repairStacks` then inferred. */
  readonly inferredCum: Float64Array
  /** 1 where the compiler had inlined the call in every stack that holds it. */
  readonly isInlined: Uint8Array
}

/** Builds the tree. Samples whose value is 0 leave no trace, as in `pprof`. */
export function buildCallTree(input: CallTreeInput): CallTree {
  return inOrder(draftCallTree(input, ROOT_NAME))
}

/** 1 for each name that `test` accepts. */
export function namesMatching(tree: CallTree, test: (name: string) => boolean): Uint8Array {
  const matches = new Uint8Array(tree.names.length)
  for (let name = 0; name < matches.length; name++) matches[name] = test(tree.names[name]) ? 1 : 0
  return matches
}

/** Puts a draft's nodes, which lie callers first but otherwise as met, into the tree's order. */
export function inOrder(draft: DraftTree): CallTree {
  const { length, names } = draft
  const { place, size } = placesInOrder(draft)
  const tree = {
    length,
    names,
    name: new Uint32Array(length),
    parent: new Int32Array(length),
    end: new Uint32Array(length),
    flat: new Float64Array(length),
    cum: new Float64Array(length),
    inferredCum: new Float64Array(length),
    isInlined: new Uint8Array(length),
  }
  for (let node = 0; node < length; node++) {
    const at = place[node]
    const parent = draft.parent[node]
    tree.name[at] = draft.name[node]
    tree.parent[at] = parent === NONE ? NONE : place[parent]
    tree.end[at] = at + size[node]
    tree.flat[at] = Number(draft.flat[node])
    tree.cum[at] = Number(draft.cum[node])
    if (draft.inferredCum !== null) tree.inferredCum[at] = Number(draft.inferredCum[node])
    tree.isInlined[at] = draft.isInlined[node]
  }
  return tree
}

function placesInOrder(draft: DraftTree) {
  const { length, parent } = draft
  const size = new Uint32Array(length).fill(1)
  const childCount = new Uint32Array(length)
  for (let node = length - 1; node > ROOT; node--) {
    size[parent[node]] += size[node]
    childCount[parent[node]]++
  }
  const { children, childStart } = childrenByParent(draft, childCount)
  const place = new Uint32Array(length)
  for (let node = 0; node < length; node++) {
    sortSiblings(draft, children, childStart[node], childStart[node + 1])
    let next = place[node] + 1
    for (let at = childStart[node]; at < childStart[node + 1]; at++) {
      place[children[at]] = next
      next += size[children[at]]
    }
  }
  return { place, size }
}

function childrenByParent(draft: DraftTree, childCount: Uint32Array) {
  const { length, parent } = draft
  const childStart = new Uint32Array(length + 1)
  for (let node = 0; node < length; node++)
    childStart[node + 1] = childStart[node] + childCount[node]
  const next = childStart.slice()
  const children = new Uint32Array(Math.max(length - 1, 0))
  for (let node = ROOT + 1; node < length; node++) children[next[parent[node]]++] = node
  return { children, childStart }
}

/** Most nodes have a child or two, so few are sorted and few of those are many. */
const FEW = 12

function sortSiblings(draft: DraftTree, children: Uint32Array, from: number, to: number): void {
  if (to - from > FEW) {
    children.subarray(from, to).sort((a, b) => compareSiblings(draft, a, b))
    return
  }
  for (let at = from + 1; at < to; at++) {
    const node = children[at]
    let before = at - 1
    while (before >= from && compareSiblings(draft, children[before], node) > 0) {
      children[before + 1] = children[before]
      before--
    }
    children[before + 1] = node
  }
}

function compareSiblings(draft: DraftTree, a: number, b: number): number {
  const weightA = absolute(draft.cum[a])
  const weightB = absolute(draft.cum[b])
  if (weightA !== weightB) return weightA > weightB ? -1 : 1
  return draft.names[draft.name[a]] < draft.names[draft.name[b]] ? -1 : 1
}

function absolute(value: number | bigint): number | bigint {
  return value < 0 ? -value : value
}
