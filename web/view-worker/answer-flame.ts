import { flameView, placeInTree, ROOT, type TreeNode } from '../../profile/index.ts'
import type { KeyedTree, OpenedView, OpenViews } from './open-views.ts'
import { totalsOf } from './totals-of.ts'
import type { FlameAnswer, FlameRequest } from './view-messages.ts'

/** The frames to draw below the zoomed one. */
export async function answerFlame(views: OpenViews, request: FlameRequest): Promise<FlameAnswer> {
  const view = await views.find(request.query)
  const { shown, zoomNode } = chooseTree(view, request)
  const focusNode = zoomNode ?? ROOT
  const { frames, focusRow, frameCount } = flameView(shown.tree, { ...request, focusNode })
  return {
    frames: frames.map((frame) => ({ ...frame, key: shown.keys.keyOf(frame.node) })),
    focusRow,
    frameCount,
    isZoomKnown: zoomNode !== null,
    isChainHidden: shown !== view,
    place: placeInTree(shown.tree, focusNode),
    totals: totalsOf(view),
  }
}

/** The tree without a long chain where that is wanted, unless only the whole tree has the zoomed path. */
function chooseTree(view: OpenedView, { zoom, hidesChain }: FlameRequest) {
  const shortened = hidesChain ? view.withoutChain() : null
  const trees: readonly KeyedTree[] = shortened === null ? [view] : [shortened, view]
  for (const shown of trees) {
    const zoomNode = shown.keys.nodeOf(zoom)
    if (zoomNode !== null) return { shown, zoomNode }
  }
  const none: TreeNode | null = null
  return { shown: trees[0] ?? view, zoomNode: none }
}
