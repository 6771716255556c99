import { heaviestPath, treeRows } from '../../profile/index.ts'
import type { OpenViews } from './open-views.ts'
import { totalsOf } from './totals-of.ts'
import type { TreeAnswer, TreeRequest } from './view-messages.ts'

/** The call tree as an outline. */
export async function answerTree(views: OpenViews, request: TreeRequest): Promise<TreeAnswer> {
  const view = await views.find(request.query)
  const { tree, keys } = (request.hidesChain ? view.withoutChain() : null) ?? view
  const opened =
    request.opened === null
      ? new Set(heaviestPath(tree).map((node) => keys.keyOf(node)))
      : new Set(request.opened)
  const totals = totalsOf(view)
  const cumMin = Math.abs(totals.total) * (request.openShareMin ?? Infinity)
  const rows = treeRows(
    tree,
    (node) => Math.abs(tree.cum[node] ?? 0) >= cumMin || opened.has(keys.keyOf(node)),
  )
  return {
    totals,
    rows: rows.map((row) => ({ ...row, key: keys.keyOf(row.node) })),
  }
}
