import { type CallTree, flameView, ROOT, sandwichView } from '../../profile/index.ts'
import type { OpenedView, OpenViews } from './open-views.ts'
import { pathKeys } from './path-keys.ts'
import { totalsOf } from './totals-of.ts'
import type { FlameAnswer, SandwichAnswer, SandwichRequest } from './view-messages.ts'

/** What calls some functions, and what they call, each as a flame graph. */
export async function answerSandwich(
  views: OpenViews,
  request: SandwichRequest,
): Promise<SandwichAnswer | null> {
  const view = await views.find(request.query)
  const names = new Set(request.names)
  const trees = sandwichView(view.tree, (name) => names.has(name), request.title)
  if (trees.callees.cum[ROOT] === 0) return null
  return {
    callers: drawn(trees.callers, view, request),
    callees: drawn(trees.callees, view, request),
  }
}

function drawn(tree: CallTree, view: OpenedView, request: SandwichRequest): FlameAnswer {
  const { frames, focusRow, frameCount } = flameView(tree, { ...request, focusNode: ROOT })
  const keys = pathKeys(tree)
  return {
    frames: frames.map((frame) => ({ ...frame, key: keys.keyOf(frame.node) })),
    focusRow,
    frameCount,
    isZoomKnown: true,
    isChainHidden: false,
    place: { from: 0, to: 1 },
    totals: totalsOf(view),
  }
}
