import { NONE } from '../types.ts'
import { type CallTree, inOrder, ROOT, type TreeNode } from './call-tree.ts'

/** A call tree that is made of the nodes of another: nodes of one name below one caller are one. */
export class TreeDraft {
  length = 1
  readonly flat: Float64Array
  readonly name: Uint32Array
  readonly parent: Int32Array
  readonly #tree: CallTree
  readonly #inferredCum: Float64Array
  readonly #isInlined: Uint8Array
  readonly #children = new Map<number, TreeNode>()

  /** `capacity` is how many nodes it may have, the root included. */
  constructor(tree: CallTree, capacity: number) {
    this.#tree = tree
    this.flat = new Float64Array(capacity)
    this.name = new Uint32Array(capacity)
    this.parent = new Int32Array(capacity)
    this.#inferredCum = new Float64Array(capacity)
    this.#isInlined = new Uint8Array(capacity)
    this.name[ROOT] = tree.names.length - 1
    this.parent[ROOT] = NONE
    this.#inferredCum[ROOT] = tree.inferredCum[ROOT]
  }

  /** The node below `caller` that `node` of the other tree becomes part of. */
  child(caller: TreeNode, node: TreeNode): TreeNode {
    const name = this.#tree.name[node]
    const key = caller * this.#tree.names.length + name
    const known = this.#children.get(key)
    const at = known ?? this.length++
    if (known === undefined) {
      this.#children.set(key, at)
      this.name[at] = name
      this.parent[at] = caller
      this.#isInlined[at] = 1
    }
    this.#isInlined[at] &= this.#tree.isInlined[node]
    this.#inferredCum[at] += this.#tree.inferredCum[node]
    return at
  }

  /** The tree, with sums from its flat values. `names` may call the root otherwise. */
  finish(names: readonly string[] = this.#tree.names): CallTree {
    const { length } = this
    const cum = this.flat.slice(0, length)
    for (let node = length - 1; node > ROOT; node--) cum[this.parent[node]] += cum[node]
    return inOrder({
      length,
      names,
      name: this.name.subarray(0, length),
      parent: this.parent.subarray(0, length),
      flat: this.flat.subarray(0, length),
      cum,
      inferredCum: this.#inferredCum.subarray(0, length),
      isInlined: this.#isInlined.subarray(0, length),
    })
  }
}
