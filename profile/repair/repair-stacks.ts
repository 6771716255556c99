import { CallerFinder, type CutStacks, windowsOf } from './infer-callers.ts'
import { defaultSampleTypeIndex, inferProfileType } from '../origin/sample-kind.ts'
import { StackInterner } from '../columns/stack-interner.ts'
import { type LocationIndex, NONE, type Profile, type StackIndex } from '../types.ts'

export interface RepairedStacks {
  /** The profile itself where nothing was cut; else one with `samples.inferredDepth` and longer stacks. */
  readonly profile: Profile
  /** At how many frames Go cuts the stacks of this profile; `Infinity` where they are deeper than Go makes them. */
  readonly depthMax: number
  /** Share of the default sample type's value that lies in cut stacks, 0 to 1. */
  readonly cutShare: number
  /** Of that, the share whose stacks now begin where a goroutine begins, 0 to 1. */
  readonly rerootedShare: number
  /** 1 for each sample of `profile` whose stack still lacks its root. */
  readonly isCut: Uint8Array
}

/** `maxCPUProfStack` in Go's runtime/cpuprof.go, unchanged up to Go 1.26. */
const CPU_DEPTH_MAX = 64
/** All other profiles: 32 up to Go 1.22, 128 since (runtime/mprof.go). */
const OLD_DEPTH_MAX = 32
const DEPTH_MAX = 128
/** Functions inlined where Go cuts may add a few frames. What is deeper still was not made by Go's runtime. */
const INLINED_FRAMES_MAX = 16
/** How often the callers of a cut stack may end in a cut again. */
const ROUNDS_MAX = 4

/**
 * Go cuts deep stacks at the root. Gives cut stacks the callers that other stacks of the same profile show; where these
 * disagree, a stack stays cut. A stack that is as deep as the limit but begins where shallow stacks begin is whole.
 */
export function repairStacks(profile: Profile): RepairedStacks {
  const { depth, root, deepest } = walkStacks(profile)
  const depthMax = depthMaxOf(profile, deepest)
  const isCut = new Uint8Array(profile.samples.length)
  const whole = { profile, depthMax, cutShare: 0, rerootedShare: 0, isCut }
  if (deepest < depthMax) return whole
  const isWholeRoot = wholeRoots(profile, { depth, root, depthMax })
  const isCutStack = (stack: StackIndex) => isWholeRoot[root[stack]] === 0
  const isCutSample = (sample: number) => {
    const leaf = profile.samples.stack[sample]
    return leaf !== NONE && isCutStack(leaf)
  }
  const values = absoluteValues(profile)
  const total = sum(values)
  const cutValue = sum(values.filter((_, sample) => isCutSample(sample)))
  if (cutValue === 0) return whole
  const cut = {
    isCut: Uint8Array.from(root, (_, stack) => (isCutStack(stack) ? 1 : 0)),
    window: windowsOf(profile.stacks.parent, depth),
  }
  const finder = new CallerFinder(profile, cut, weightsOf(profile, values))
  const prefixes = new Prefixes(profile, finder)
  const repaired = rebuild(profile, cut, prefixes)
  for (let sample = 0; sample < isCut.length; sample++) {
    if (!isCutSample(sample)) continue
    isCut[sample] = prefixes.of(cut.window[profile.samples.stack[sample]]).isRooted ? 0 : 1
  }
  const stillCutValue = sum(values.filter((_, sample) => isCut[sample] === 1))
  const rerootedShare = 1 - stillCutValue / cutValue
  return { profile: repaired, depthMax, cutShare: cutValue / total, rerootedShare, isCut }
}

/** Of each stack its frames from the root, itself included, and its root; and how deep the deepest is. */
function walkStacks({ stacks }: Profile) {
  const { parent, length } = stacks
  const depth = new Uint32Array(length)
  const root = new Int32Array(length)
  let deepest = 0
  for (let stack = 0; stack < length; stack++) {
    const caller = parent[stack]
    const frames = caller === NONE ? 1 : depth[caller] + 1
    depth[stack] = frames
    root[stack] = caller === NONE ? stack : root[caller]
    if (frames > deepest) deepest = frames
  }
  return { depth, root, deepest }
}

function depthMaxOf(profile: Profile, deepest: number): number {
  const isOld = deepest <= OLD_DEPTH_MAX + 1
  const limit = isOld ? OLD_DEPTH_MAX : DEPTH_MAX
  const depthMax = inferProfileType(profile) === 'cpu' ? CPU_DEPTH_MAX : limit
  return deepest > depthMax + INLINED_FRAMES_MAX ? Infinity : depthMax
}

interface WalkedStacks {
  readonly depth: Uint32Array
  readonly root: Int32Array
  readonly depthMax: number
}

/** 1 for each root whose function also begins a sample that is less deep than the limit; the stacks of others are cut. */
function wholeRoots({ samples, stacks, frames }: Profile, walked: WalkedStacks): Uint8Array {
  const { depth, root, depthMax } = walked
  const funcOf = (stack: StackIndex) => frames.func[stacks.frame[stack]]
  const wholeFuncs = new Set<number>()
  for (let sample = 0; sample < samples.length; sample++) {
    const leaf = samples.stack[sample]
    if (leaf !== NONE && depth[leaf] < depthMax) wholeFuncs.add(funcOf(root[leaf]))
  }
  const isWhole = new Uint8Array(stacks.length)
  for (let stack = 0; stack < stacks.length; stack++) {
    if (stacks.parent[stack] === NONE && wholeFuncs.has(funcOf(stack))) isWhole[stack] = 1
  }
  return isWhole
}

/** Of each sample, the absolute value of the default sample type. */
function absoluteValues(profile: Profile): Float64Array {
  const values = profile.samples.values[defaultSampleTypeIndex(profile)]
  const absolute = new Float64Array(profile.samples.length)
  for (let sample = 0; sample < absolute.length; sample++) {
    absolute[sample] = Math.abs(Number(values[sample]))
  }
  return absolute
}

/** The value at and below each stack. */
function weightsOf({ samples, stacks }: Profile, values: Float64Array): Float64Array {
  const weight = new Float64Array(stacks.length)
  for (let sample = 0; sample < samples.length; sample++) {
    if (samples.stack[sample] !== NONE) weight[samples.stack[sample]] += values[sample]
  }
  for (let stack = stacks.length - 1; stack >= 0; stack--) {
    if (stacks.parent[stack] !== NONE) weight[stacks.parent[stack]] += weight[stack]
  }
  return weight
}

interface Prefix {
  /** The inferred callers, outermost first. */
  readonly locations: readonly LocationIndex[]
  readonly isRooted: boolean
}

/** What is put in front of the stacks of each window: the callers found, and the callers of those. */
class Prefixes {
  readonly #profile: Profile
  readonly #finder: CallerFinder
  readonly #known = new Map<StackIndex, Prefix>()

  constructor(profile: Profile, finder: CallerFinder) {
    this.#profile = profile
    this.#finder = finder
  }

  of(window: StackIndex): Prefix {
    const known = this.#known.get(window)
    if (known !== undefined) return known
    const prefix = this.#find(window)
    this.#known.set(window, prefix)
    return prefix
  }

  #find(window: StackIndex): Prefix {
    let locations: LocationIndex[] = []
    let isRooted = false
    const seen = new Set<StackIndex>()
    let at = window
    for (let round = 0; round < ROUNDS_MAX && at !== NONE && !seen.has(at); round++) {
      seen.add(at)
      const callers = this.#finder.callersOf(at)
      if (callers === null) break
      locations = [...this.#locationsOf(callers.stack, callers.frameCount), ...locations]
      isRooted = callers.isRooted
      at = callers.cutWindow
    }
    return { locations, isRooted }
  }

  /** The whole locations among the `frameCount` frames that end at `stack`. */
  #locationsOf(stack: StackIndex, frameCount: number): LocationIndex[] {
    const { stacks, frames, locations } = this.#profile
    const found: LocationIndex[] = []
    let at = stack
    let left = frameCount
    while (at !== NONE && left > 0) {
      const frame = stacks.frame[at]
      const location = frames.location[frame]
      const endsHere = locations.frameStart[location + 1] - 1 === frame
      const size = frame - locations.frameStart[location] + 1
      if (endsHere && size <= left) found.push(location)
      left -= size
      for (let step = 0; step < size && at !== NONE; step++) at = stacks.parent[at]
    }
    return found.reverse()
  }
}

function rebuild(profile: Profile, cut: CutStacks, prefixes: Prefixes): Profile {
  const { samples, stacks, frames, locations } = profile
  const interner = new StackInterner(locations.frameStart, stacks.length)
  /** The new path of each old stack that ends a location; stacks of one window have one prefix. */
  const rebuilt = new Int32Array(stacks.length).fill(NONE)
  const inferredDepth = new Uint32Array(samples.length)
  const paths = Int32Array.from(samples.stack, (leaf, sample) => {
    if (leaf === NONE) return NONE
    const window = cut.window[leaf]
    const prefix = cut.isCut[leaf] === 1 ? prefixes.of(window).locations : []
    for (const location of prefix) {
      inferredDepth[sample] += locations.frameStart[location + 1] - locations.frameStart[location]
    }
    const path: StackIndex[] = []
    let at = leaf
    while (at !== NONE && (rebuilt[at] === NONE || cut.window[at] !== window)) {
      path.push(at)
      const first = locations.frameStart[frames.location[stacks.frame[at]]]
      while (stacks.frame[at] !== first) at = stacks.parent[at]
      at = stacks.parent[at]
    }
    let merged = at === NONE ? NONE : rebuilt[at]
    if (at === NONE) for (const location of prefix) merged = interner.child(merged, location)
    for (const old of path.reverse()) {
      merged = interner.child(merged, frames.location[stacks.frame[old]])
      if (cut.window[old] === window) rebuilt[old] = merged
    }
    return merged
  })
  const { stacks: repaired, stack } = interner.finish(paths)
  return {
    ...profile,
    stacks: repaired,
    samples: { ...samples, stack, inferredDepth },
  }
}

function sum(values: Float64Array): number {
  let total = 0
  for (const value of values) total += value
  return total
}
