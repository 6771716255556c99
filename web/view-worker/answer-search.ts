import { type CallTree, ROOT, searchView, type TreeNode } from '../../profile/index.ts'
import { compilePlain, loadRegexCompiler } from './compile-pattern.ts'
import type { OpenViews } from './open-views.ts'
import { MATCHES_MAX, type SearchAnswer, type SearchRequest } from './view-messages.ts'

/** The functions that a search finds, and where they are. */
export async function answerSearch(
  views: OpenViews,
  request: SearchRequest,
): Promise<SearchAnswer> {
  const { text, isRegex } = request
  const pattern = isRegex ? (await loadRegexCompiler())(text) : compilePlain(text)
  const view = await views.find(request.query)
  const found = searchView(view.tree, (name) => pattern.test(name))
  const names = new Set(view.tree.names.filter((_, name) => found.isMatchByName[name] === 1))
  const total = view.total.value
  const { tree, keys } = (request.hidesChain ? view.withoutChain() : null) ?? view
  return {
    text,
    names,
    funcCount: found.funcCount,
    frameCount: found.frameCount,
    matches: outermost(tree, found.isMatchByName).map((node) => ({
      key: keys.keyOf(node),
      name: tree.names[tree.name[node] ?? 0] ?? '',
    })),
    value: found.value,
    share: total === 0 ? 0 : found.value / total,
  }
}

/** The matches that lie below no other match, heaviest first. */
function outermost(tree: CallTree, isMatchByName: Uint8Array): readonly TreeNode[] {
  const nodes: TreeNode[] = []
  for (let node = ROOT + 1; node < tree.length;) {
    const isMatch = isMatchByName[tree.name[node] ?? 0] === 1
    if (isMatch) nodes.push(node)
    node = isMatch ? (tree.end[node] ?? tree.length) : node + 1
  }
  const weightOf = (node: TreeNode) => Math.abs(tree.cum[node] ?? 0)
  return nodes.sort((a, b) => weightOf(b) - weightOf(a) || a - b).slice(0, MATCHES_MAX)
}
