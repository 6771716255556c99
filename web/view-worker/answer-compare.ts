import {
  type Change,
  type CallTree,
  diffProfiles,
  diffTree,
  type DiffTree,
  flameView,
  hasLongChain,
  isFilterChain,
  openView,
  placeInTree,
  type Profile,
  type ProfileDiff,
  ReportError,
  reshapeTree,
  ROOT,
  SampleTypeError,
} from '../../profile/index.ts'
import type { KeyedTree, OpenViews } from './open-views.ts'
import { pathKeys } from './path-keys.ts'
import type { CompareAnswer, CompareRequest, FlameAnswer, FrameChange } from './view-messages.ts'

const FRAMES_MAX = 3000

/** What changed from the profile to compare with to the one that is open. */
export async function answerCompare(
  views: OpenViews,
  request: CompareRequest,
): Promise<CompareAnswer> {
  try {
    const compared = compareOnce(views, request)
    return {
      failure: null,
      diff: compared.diff,
      flame: drawn(compared, request),
    }
  } catch (error) {
    if (error instanceof ReportError || error instanceof SampleTypeError) {
      return { failure: error.message }
    }
    throw error
  }
}

/** A comparison before a part of it is drawn. */
interface Compared {
  readonly diff: ProfileDiff
  readonly trees: Readonly<Record<CompareRequest['side'], KeyedTree>>
  readonly isChainHidden: boolean
  /** How a path differs, by its key. */
  readonly changeOf: (key: string, name: string) => FrameChange
}

/** Of each profile the last comparison: its three pictures and every zoom are of the same one. */
const lastCompared = new WeakMap<OpenViews, { readonly key: string; readonly of: Compared }>()

function compareOnce(views: OpenViews, request: CompareRequest): Compared {
  const { sampleType, per, hidesChain } = request
  const key = JSON.stringify([sampleType, per, hidesChain])
  const last = lastCompared.get(views)
  if (last?.key === key) return last.of
  const of = compare(views, request)
  lastCompared.set(views, { key, of })
  return of
}

function compare({ before, profile: after }: OpenViews, request: CompareRequest): Compared {
  if (before === null) throw new Error('no profile to compare with is loaded')
  const diff = diffProfiles(before, after, {
    sampleIndex: request.sampleType,
    sort: 'cum',
    per: request.per,
  })
  const [first, second] = [treeOf(before, diff), treeOf(after, diff)]
  const isChainHidden = request.hidesChain && (hasLongChain(first) || hasLongChain(second))
  const shape = (tree: CallTree) =>
    isChainHidden ? reshapeTree(tree, { hidden: { test: isFilterChain } }) : tree
  const trees = { before: shape(first), after: shape(second) }
  const both = diffTree(trees.before, trees.after, diff.exposures)
  return {
    diff,
    trees: { both: keyed(both.tree), before: keyed(trees.before), after: keyed(trees.after) },
    isChainHidden,
    changeOf: changesIn(both, diff),
  }
}

function keyed(tree: CallTree): KeyedTree {
  return { tree, keys: pathKeys(tree) }
}

function drawn(compared: Compared, { side, zoom, widthPx }: CompareRequest): FlameAnswer {
  const { diff, isChainHidden, changeOf } = compared
  const { tree, keys } = compared.trees[side]
  const known = keys.nodeOf(zoom)
  const focusNode = known ?? ROOT
  const options = { focusNode, framesMax: FRAMES_MAX, widthPx, framePxMin: 1 }
  const { frames, focusRow, frameCount } = flameView(tree, options)
  const total = tree.cum[ROOT] ?? 0
  return {
    frames: frames.map((frame) => {
      const key = keys.keyOf(frame.node)
      if (frame.isOther === true) return { ...frame, key }
      return { ...frame, key, change: changeOf(key, frame.name) }
    }),
    focusRow,
    frameCount,
    isZoomKnown: known !== null,
    isChainHidden,
    place: placeInTree(tree, focusNode),
    totals: { ...diff.sampleType, total, filteredTotal: total },
  }
}

function treeOf(profile: Profile, { sampleType }: ProfileDiff): CallTree {
  const index = profile.sampleTypes.findIndex(({ type }) => type === sampleType.type)
  const options = {
    sampleTypeIndex: Math.max(index, 0),
    granularity: 'functions',
    hasInlines: true,
  } as const
  return openView(profile, options).tree
}

/** By function, whether its change may be chance: the frames of one path are too few to be judged alone. */
function changesIn(both: DiffTree, { rows }: ProfileDiff): Compared['changeOf'] {
  const byName = new Map<string, Change>(rows.map(({ name, cum }) => [name, cum]))
  const { keyOf } = pathKeys(both.tree)
  const nodes = new Map<string, number>()
  for (let node = ROOT; node < both.tree.length; node++) nodes.set(keyOf(node), node)
  return (key, name) => {
    const node = nodes.get(key) ?? ROOT
    const before = both.before[node] ?? 0
    const after = both.after[node] ?? 0
    return { kind: kindOf(before, after, byName.get(name)?.isNoise ?? false), before, after }
  }
}

function kindOf(before: number, after: number, isNoise: boolean): FrameChange['kind'] {
  if (before === after) return 'same'
  if (isNoise) return 'noise'
  if (before === 0) return 'new'
  if (after === 0) return 'gone'
  return after > before ? 'grew' : 'shrank'
}
