import { packageOfName } from '../names/func-names.ts'
import type { Pattern } from '../types.ts'
import { type CallTree, inOrder, ROOT, type TreeNode } from './call-tree.ts'
import { NONE } from '../types.ts'

/** What to leave out of a call tree. A frame that is left out adds its flat value to its caller. */
export interface TreeShape {
  /** Functions to leave out. */
  readonly hidden?: Pattern
  /** Functions of which only the outermost call stays: repeats and what lies between them are left out. */
  readonly recursive?: Pattern
  /** Packages of which only the function stays through which calls enter them. */
  readonly packages?: Pattern
}

/** The tree with fewer frames. Its total is the same. */
export function reshapeTree(tree: CallTree, shape: TreeShape): CallTree {
  const rules = rulesByName(tree, shape)
  const nodes = new DraftNodes(tree)
  const placed = new Int32Array(tree.length)
  for (let node = ROOT + 1; node < tree.length; node++) {
    const caller = placed[tree.parent[node]]
    const same = nodes.whereMerged(caller, tree.name[node], rules)
    placed[node] = same === NONE ? nodes.child(caller, node) : same
    nodes.flat[placed[node]] += tree.flat[node]
  }
  return inOrder(nodes.finish())
}

interface NameRules {
  readonly isHidden: Uint8Array
  readonly isRecursive: Uint8Array
  /** An index of the package for names whose packages collapse, else `NONE`. */
  readonly packageOf: Int32Array
}

function rulesByName({ names }: CallTree, shape: TreeShape): NameRules {
  const matching = (pattern: Pattern | undefined) =>
    Uint8Array.from(names, (name) => (pattern?.test(name) === true ? 1 : 0))
  const packages = new Map<string, number>()
  const packageOf = Int32Array.from(names, (name) => {
    if (shape.packages === undefined) return NONE
    const path = packageOfName(name)
    const known = packages.get(path)
    if (known !== undefined) return known
    const index = shape.packages.test(path) ? packages.size : NONE
    packages.set(path, index)
    return index
  })
  return { isHidden: matching(shape.hidden), isRecursive: matching(shape.recursive), packageOf }
}

class DraftNodes {
  length = 1
  readonly flat: Float64Array
  readonly #tree: CallTree
  readonly #name: Uint32Array
  readonly #parent: Int32Array
  readonly #inferredCum: Float64Array
  readonly #isInlined: Uint8Array
  readonly #children = new Map<number, TreeNode>()

  constructor(tree: CallTree) {
    this.#tree = tree
    this.flat = new Float64Array(tree.length)
    this.#name = new Uint32Array(tree.length)
    this.#parent = new Int32Array(tree.length)
    this.#inferredCum = new Float64Array(tree.length)
    this.#isInlined = new Uint8Array(tree.length)
    this.#name[ROOT] = tree.name[ROOT]
    this.#parent[ROOT] = NONE
    this.flat[ROOT] = tree.flat[ROOT]
    this.#inferredCum[ROOT] = tree.inferredCum[ROOT]
  }

  /** The node that a call of `name` below `caller` becomes part of, or `NONE` where it is a frame of its own. */
  whereMerged(caller: TreeNode, name: number, rules: NameRules): TreeNode {
    if (rules.isHidden[name] === 1) return caller
    if (rules.isRecursive[name] === 1) {
      for (let at = caller; at !== ROOT; at = this.#parent[at]) {
        if (this.#name[at] === name) return at
      }
    }
    const path = rules.packageOf[name]
    if (path === NONE || caller === ROOT) return NONE
    return rules.packageOf[this.#name[caller]] === path ? caller : NONE
  }

  child(caller: TreeNode, node: TreeNode): TreeNode {
    const name = this.#tree.name[node]
    const key = caller * this.#tree.names.length + name
    const known = this.#children.get(key)
    const at = known ?? this.length++
    if (known === undefined) {
      this.#children.set(key, at)
      this.#name[at] = name
      this.#parent[at] = caller
      this.#isInlined[at] = 1
    }
    this.#isInlined[at] &= this.#tree.isInlined[node]
    this.#inferredCum[at] += this.#tree.inferredCum[node]
    return at
  }

  finish() {
    const { length } = this
    const cum = this.flat.slice(0, length)
    for (let node = length - 1; node > ROOT; node--) cum[this.#parent[node]] += cum[node]
    return {
      length,
      names: this.#tree.names,
      name: this.#name.subarray(0, length),
      parent: this.#parent.subarray(0, length),
      flat: this.flat.subarray(0, length),
      cum,
      inferredCum: this.#inferredCum.subarray(0, length),
      isInlined: this.#isInlined.subarray(0, length),
    }
  }
}
