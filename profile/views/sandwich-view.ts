import { type CallTree, namesMatching, ROOT, type TreeNode } from './call-tree.ts'
import { TreeDraft } from './tree-draft.ts'

/** All calls of some functions at once, as two trees that hang from them. */
export interface SandwichTrees {
  /** What calls them, nearest caller first: turned around, its leaves are where goroutines start. */
  readonly callers: CallTree
  /** What they call. */
  readonly callees: CallTree
}

/**
 * The callers and callees of the functions whose names `test` accepts, over all their calls; a call below another
 * counts as part of it. `title` is the name of the root of both.
 */
export function sandwichView(
  tree: CallTree,
  test: (name: string) => boolean,
  title: string,
): SandwichTrees {
  const matches = outermostMatches(tree, namesMatching(tree, test))
  const names = [...tree.names.slice(0, -1), title]
  const callees = new TreeDraft(tree, tree.length)
  const callers = new TreeDraft(tree, 1 + callerCount(tree, matches))
  for (const match of matches) {
    addCallers(callers, tree, match)
    addCallees(callees, tree, match)
  }
  return { callers: callers.finish(names), callees: callees.finish(names) }
}

function outermostMatches(tree: CallTree, isMatch: Uint8Array): readonly TreeNode[] {
  const matches: TreeNode[] = []
  for (let node = ROOT + 1; node < tree.length;) {
    const isFound = isMatch[tree.name[node]] === 1
    if (isFound) matches.push(node)
    node = isFound ? tree.end[node] : node + 1
  }
  return matches
}

/** At most this many nodes have the paths from the matches up to the root. */
function callerCount(tree: CallTree, matches: readonly TreeNode[]): number {
  let count = 0
  for (const match of matches) {
    for (let node = tree.parent[match]; node !== ROOT; node = tree.parent[node]) count++
  }
  return count
}

function addCallers(draft: TreeDraft, tree: CallTree, match: TreeNode): void {
  let at: TreeNode = ROOT
  for (let node = tree.parent[match]; node !== ROOT; node = tree.parent[node]) {
    at = draft.child(at, node)
  }
  draft.flat[at] += tree.cum[match]
}

function addCallees(draft: TreeDraft, tree: CallTree, match: TreeNode): void {
  const placed = new Map<TreeNode, TreeNode>([[match, ROOT]])
  draft.flat[ROOT] += tree.flat[match]
  for (let node = match + 1; node < tree.end[match]; node++) {
    const at = draft.child(placed.get(tree.parent[node]) ?? ROOT, node)
    placed.set(node, at)
    draft.flat[at] += tree.flat[node]
  }
}
