import { filterInTurn } from '../filter/filter-profile.ts'
import type { ProfileFilters } from '../filter/filter-profile.ts'
import { nameFuncs } from '../names/func-names.ts'
import { addLabelFrames } from '../filter/label-frames.ts'
import { repairStacks } from '../repair/repair-stacks.ts'
import type { Profile, ValueColumn, ValueType } from '../types.ts'
import { buildCallTree } from './call-tree.ts'
import type { CallTree } from './call-tree.ts'
import { nameFrames } from './frame-names.ts'
import type { FrameNames, Granularity } from './frame-names.ts'
import { reshapeTree, type TreeShape } from './reshape-tree.ts'
import { isCutName, markCutStacks } from './mark-cut-stacks.ts'

/** A profile ready to be looked at: repaired, filtered, one sample type chosen, its calls as a tree. */
export interface View {
  /** After repair and filters. */
  readonly profile: Profile
  readonly sampleType: ValueType
  /** A value for each sample of `profile`. */
  readonly values: ValueColumn
  /** Of the whole profile before any filter; what shares are of. */
  readonly total: ViewTotal
  /** Of what the filters left. */
  readonly filteredTotal: ViewTotal
  /** Of the frames of `profile`, as the view distinguishes them. */
  readonly frameNames: FrameNames
  readonly tree: CallTree
}

/** The sum of absolute values, as `pprof` has it: rounded to a double, and exact. */
export interface ViewTotal {
  readonly value: number
  readonly exact: bigint
}

export interface ViewOptions {
  /** A row of `sampleTypes`. */
  readonly sampleTypeIndex: number
  readonly granularity: Granularity
  readonly hasInlines: boolean
  /** Applied one after the other, each to what those before it left. */
  readonly filters?: readonly ProfileFilters[]
  /** Frames to leave out of the tree, after all filters. */
  readonly shape?: TreeShape
  /** Keys of labels that become frames, outermost first. Frames are not marked as inferred then. */
  readonly rootKeys?: readonly string[]
  readonly leafKeys?: readonly string[]
}

/**
 * The profile as views show it: with the callers that Go cut off, as far as they can be inferred, and a marker frame
 * where they cannot. The result serves all views of a profile, so call it once.
 */
export function repairForViews(profile: Profile): Profile {
  const repaired = repairStacks(profile)
  return markCutStacks(repaired.profile, repaired.isCut, repaired.depthMax)
}

/** The one way from a profile, repaired or not, to its views. The total is of the profile as it comes, as in `pprof`. */
export function openView(profile: Profile, options: ViewOptions): View {
  const { sampleTypeIndex, granularity, hasInlines, filters = [], shape = {} } = options
  const { rootKeys = [], leafKeys = [] } = options
  const labelled = addLabelFrames(profile, { rootKeys, leafKeys, unit: 'minimum' })
  const filtered = filterInTurn(labelled, filters)
  const values = filtered.samples.values[sampleTypeIndex]
  const funcNames = funcNamesToShow(filtered)
  const frameNames = nameFrames(filtered, { granularity, hasInlines, funcNames })
  const tree = buildCallTree({ profile: filtered, values, frameNames })
  return {
    profile: filtered,
    sampleType: profile.sampleTypes[sampleTypeIndex],
    values,
    total: totalOf(profile.samples.values[sampleTypeIndex]),
    filteredTotal: totalOf(values),
    frameNames,
    tree: Object.keys(shape).length === 0 ? tree : reshapeTree(tree, shape),
  }
}

/** Normalised names hold no blanks, but the name of the cut is for people. */
export function funcNamesToShow(profile: Profile): readonly string[] {
  const { funcs, strings } = profile
  return nameFuncs(profile).names.map((name, func) => {
    const rawName = strings[funcs.name[func]]
    return isCutName(rawName) ? rawName : name
  })
}

/** Of the values of the samples. */
export function totalOf(values: ValueColumn): ViewTotal {
  if (values instanceof Float64Array) {
    let value = 0
    for (const sample of values) value += Math.abs(sample)
    return { value, exact: BigInt(value) }
  }
  let exact = 0n
  for (const sample of values) exact += sample < 0n ? -sample : sample
  return { value: Number(exact), exact }
}
