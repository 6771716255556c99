import { NONE } from '../types.ts'
import { type CallTree, inOrder, ROOT, type TreeNode } from './call-tree.ts'

/** The calls of two profiles in one tree; a call that only one of them has is in it too. */
export interface DiffTree {
  /** Its values are the sums of both, so nothing that is gone has no width. */
  readonly tree: CallTree
  /** By node of `tree`, the cum values of each of the two. */
  readonly before: Float64Array
  readonly after: Float64Array
}

/** Values are divided by these to be compared: seconds, requests, or 1. */
export interface Exposures {
  readonly before: number
  readonly after: number
}

/** Puts two trees into one, by the names on their paths. */
export function diffTree(before: CallTree, after: CallTree, exposures: Exposures): DiffTree {
  const union = new UnionTree(before.length + after.length)
  union.add(before, exposures.before)
  union.add(after, exposures.after)
  const tree = inOrder(union.finish())
  return {
    tree,
    before: valuesIn(tree, before, exposures.before),
    after: valuesIn(tree, after, exposures.after),
  }
}

class UnionTree {
  length = 1
  readonly #names: string[] = []
  readonly #nameIndex = new Map<string, number>()
  readonly #children = new Map<string, TreeNode>()
  readonly #name: Uint32Array
  readonly #parent: Int32Array
  readonly #flat: Float64Array
  readonly #inferredCum: Float64Array
  readonly #isInlined: Uint8Array

  constructor(capacity: number) {
    this.#name = new Uint32Array(capacity)
    this.#parent = new Int32Array(capacity)
    this.#flat = new Float64Array(capacity)
    this.#inferredCum = new Float64Array(capacity)
    this.#isInlined = new Uint8Array(capacity)
    this.#parent[ROOT] = NONE
  }

  add(tree: CallTree, exposure: number): void {
    const placed = new Int32Array(tree.length)
    this.#flat[ROOT] += tree.flat[ROOT] / exposure
    for (let node = ROOT + 1; node < tree.length; node++) {
      const at = this.#child(placed[tree.parent[node]], tree.names[tree.name[node]])
      placed[node] = at
      this.#flat[at] += tree.flat[node] / exposure
      this.#inferredCum[at] += tree.inferredCum[node] / exposure
      this.#isInlined[at] &= tree.isInlined[node]
    }
  }

  finish() {
    const { length } = this
    const names = [...this.#names, 'root']
    const name = this.#name.subarray(0, length)
    name[ROOT] = names.length - 1
    const parent = this.#parent.subarray(0, length)
    const flat = this.#flat.subarray(0, length)
    const cum = flat.slice()
    for (let node = length - 1; node > ROOT; node--) cum[parent[node]] += cum[node]
    const inferredCum = this.#inferredCum.subarray(0, length)
    return { length, names, name, parent, flat, cum, inferredCum, isInlined: this.#isInlined }
  }

  #child(caller: TreeNode, text: string): TreeNode {
    const name = this.#nameIndex.get(text) ?? this.#names.push(text) - 1
    this.#nameIndex.set(text, name)
    const key = `${caller} ${name}`
    const known = this.#children.get(key)
    if (known !== undefined) return known
    const at = this.length++
    this.#children.set(key, at)
    this.#name[at] = name
    this.#parent[at] = caller
    this.#isInlined[at] = 1
    return at
  }
}

/** The cum values of one of the two trees, by node of both. */
function valuesIn(tree: CallTree, part: CallTree, exposure: number): Float64Array {
  const children = new Map<string, TreeNode>()
  for (let node = ROOT + 1; node < tree.length; node++) {
    children.set(`${tree.parent[node]} ${tree.names[tree.name[node]]}`, node)
  }
  const values = new Float64Array(tree.length)
  const placed = new Int32Array(part.length)
  values[ROOT] = part.cum[ROOT] / exposure
  for (let node = ROOT + 1; node < part.length; node++) {
    const at = children.get(`${placed[part.parent[node]]} ${part.names[part.name[node]]}`) ?? ROOT
    placed[node] = at
    values[at] = part.cum[node] / exposure
  }
  return values
}
