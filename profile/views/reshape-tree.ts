import { packageOfName } from '../names/func-names.ts'
import type { Pattern } from '../types.ts'
import { type CallTree, ROOT, type TreeNode } from './call-tree.ts'
import { TreeDraft } from './tree-draft.ts'
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
  const draft = new TreeDraft(tree, tree.length)
  draft.flat[ROOT] = tree.flat[ROOT]
  const placed = new Int32Array(tree.length)
  for (let node = ROOT + 1; node < tree.length; node++) {
    const caller = placed[tree.parent[node]]
    const same = whereMerged(draft, caller, tree.name[node], rules)
    placed[node] = same === NONE ? draft.child(caller, node) : same
    draft.flat[placed[node]] += tree.flat[node]
  }
  return draft.finish()
}

/** The node that a call of `name` below `caller` becomes part of, or `NONE` where it is a frame of its own. */
function whereMerged(
  { name: names, parent }: TreeDraft,
  caller: TreeNode,
  name: number,
  rules: NameRules,
): TreeNode {
  if (rules.isHidden[name] === 1) return caller
  if (rules.isRecursive[name] === 1) {
    for (let at = caller; at !== ROOT; at = parent[at]) if (names[at] === name) return at
  }
  const path = rules.packageOf[name]
  if (path === NONE || caller === ROOT) return NONE
  return rules.packageOf[names[caller]] === path ? caller : NONE
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
