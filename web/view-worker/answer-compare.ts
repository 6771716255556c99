import {
  type Change,
  type CallTree,
  diffProfiles,
  diffTree,
  type DiffTree,
  type FlameFrame,
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
  subsystemOf,
  type SubsystemId,
} from '../../profile/index.ts'
import type { OpenViews } from './open-views.ts'
import { pathKeys } from './path-keys.ts'
import type {
  CompareAnswer,
  CompareRequest,
  FlameAnswer,
  FrameChange,
  SubsystemChange,
} from './view-messages.ts'

const FRAMES_MAX = 3000

/** What changed from the profile to compare with to the one that is open. */
export async function answerCompare(
  { before, profile: after }: OpenViews,
  request: CompareRequest,
): Promise<CompareAnswer> {
  if (before === null) throw new Error('no profile to compare with is loaded')
  try {
    const diff = diffProfiles(before, after, {
      sampleIndex: request.sampleType,
      sort: 'cum',
      ...(request.isAbsolute ? { per: 'profile' as const } : {}),
    })
    return {
      failure: null,
      diff,
      flame: drawn(before, after, diff, request),
      subsystems: changesBySubsystem(diff),
    }
  } catch (error) {
    if (error instanceof ReportError || error instanceof SampleTypeError) {
      return { failure: error.message }
    }
    throw error
  }
}

function drawn(
  before: Profile,
  after: Profile,
  diff: ProfileDiff,
  { side, zoom, hidesChain, widthPx }: CompareRequest,
): FlameAnswer {
  const seconds = ({ durationNs }: Profile) =>
    diff.per === 'second' ? Number(durationNs) / 1e9 : 1
  const exposures = { before: seconds(before), after: seconds(after) }
  const trees = { before: treeOf(before, diff), after: treeOf(after, diff) }
  const isLong = hidesChain && (hasLongChain(trees.before) || hasLongChain(trees.after))
  const shape = (tree: CallTree) =>
    isLong ? reshapeTree(tree, { hidden: { test: isFilterChain } }) : tree
  const both = diffTree(shape(trees.before), shape(trees.after), exposures)
  const tree = side === 'both' ? both.tree : shape(trees[side])
  const keys = pathKeys(tree)
  const known = keys.nodeOf(zoom)
  const focusNode = known ?? ROOT
  const options = { focusNode, framesMax: FRAMES_MAX, widthPx, framePxMin: 1 }
  const { frames, focusRow, frameCount } = flameView(tree, options)
  const changeOf = side === 'both' ? changesIn(both, diff) : null
  const total = tree.cum[ROOT] ?? 0
  return {
    frames: frames.map((frame) => ({
      ...frame,
      key: keys.keyOf(frame.node),
      ...(changeOf === null || frame.isOther === true ? {} : { change: changeOf(frame) }),
    })),
    focusRow,
    frameCount,
    isZoomKnown: known !== null,
    isChainHidden: isLong,
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
function changesIn(both: DiffTree, { rows }: ProfileDiff): (frame: FlameFrame) => FrameChange {
  const byName = new Map<string, Change>(rows.map(({ name, cum }) => [name, cum]))
  return ({ name, node }) => {
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

function changesBySubsystem({ rows }: ProfileDiff): readonly SubsystemChange[] {
  const sums = new Map<SubsystemId, { before: number; after: number }>()
  for (const { name, flat } of rows) {
    const id = subsystemOf(name)
    const sum = sums.get(id) ?? { before: 0, after: 0 }
    sums.set(id, { before: sum.before + flat.before, after: sum.after + flat.after })
  }
  return [...sums]
    .map(([id, sum]) => ({ id, ...sum }))
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before))
}
