import { StackInterner } from '../columns/stack-interner.ts'
import {
  type FrameTable,
  type LocationIndex,
  type LocationTable,
  NONE,
  type Profile,
  type SampleTable,
  type StackIndex,
} from '../types.ts'

/**
 * What is known at a location of a stack: any number of the caller's choice, whose lowest bit means that the location
 * stays.
 */
export type PathState = number

export interface RewriteStacksOptions {
  /** 1 for each frame that stays where its location does. */
  readonly keptFrames: Uint8Array
  /** What is known above the roots. */
  readonly rootState: PathState
  /** From the state at the caller to the state at the location. A location without frames goes in any case. */
  readonly step: (callerState: PathState, location: LocationIndex) => PathState
}

export interface RewrittenStacks {
  /** The profile with other frames and stacks; its samples are the same and at their new stacks. */
  readonly profile: Profile
  /** The state at each sample's leaf; the root state of an empty stack. */
  readonly sampleStates: Uint8Array
}

/** Takes frames and locations out of all stacks, in one pass from callers to callees. */
export function rewriteStacks(profile: Profile, options: RewriteStacksOptions): RewrittenStacks {
  const { stacks, samples, frames } = profile
  const { keptFrames, rootState, step } = options
  const kept = keepFrames(profile, keptFrames)
  const frameStart = profile.locations.frameStart
  const interner = new StackInterner(kept.locations.frameStart, stacks.length)
  const states = new Uint8Array(stacks.length)
  const rewritten = new Int32Array(stacks.length)
  for (let stack = 0; stack < stacks.length; stack++) {
    const frame = stacks.frame[stack]
    const location = frames.location[frame]
    if (frame !== frameStart[location]) {
      states[stack] = states[stacks.parent[stack]]
      rewritten[stack] = rewritten[stacks.parent[stack]]
      continue
    }
    const caller = stacks.parent[stack]
    const above = caller === NONE ? NONE : rewritten[caller]
    const state = step(caller === NONE ? rootState : states[caller], location)
    const stays = (state & 1) === 1 && kept.isEmptied[location] === 0
    states[stack] = state
    rewritten[stack] = stays ? interner.child(above, location) : above
  }
  const leafOf = (stack: number) => (stack === NONE ? NONE : rewritten[stack])
  const inferredDepth = rewriteInferredDepth(profile, (stack) => {
    const isKept = keptFrames[stacks.frame[stack]] === 1 && (states[stack] & 1) === 1
    return isKept ? 1 : 0
  })
  const finished = interner.finish(samples.stack.map(leafOf))
  return {
    profile: {
      ...profile,
      locations: kept.locations,
      frames: kept.frames,
      stacks: finished.stacks,
      samples: { ...samples, stack: finished.stack, inferredDepth },
    },
    sampleStates: Uint8Array.from(samples.stack, (stack) =>
      stack === NONE ? rootState : states[stack],
    ),
  }
}

/** How many of the inferred frames at each sample's root stay. */
function rewriteInferredDepth(
  { samples, stacks }: Profile,
  keptCount: (stack: StackIndex) => 0 | 1,
): Uint32Array | null {
  if (samples.inferredDepth === null) return null
  const depth = new Uint32Array(stacks.length)
  const keptDepth = new Uint32Array(stacks.length)
  for (let stack = 0; stack < stacks.length; stack++) {
    const caller = stacks.parent[stack]
    depth[stack] = caller === NONE ? 1 : depth[caller] + 1
    keptDepth[stack] = keptCount(stack) + (caller === NONE ? 0 : keptDepth[caller])
  }
  return samples.inferredDepth.map((inferred, sample) => {
    let stack = samples.stack[sample]
    if (inferred === 0 || stack === NONE) return 0
    while (depth[stack] > inferred) stack = stacks.parent[stack]
    return keptDepth[stack]
  })
}

interface KeptFrames {
  readonly locations: LocationTable
  readonly frames: FrameTable
  /** 1 for each location that lost its last frame. It is left with one that has no function. */
  readonly isEmptied: Uint8Array
}

function keepFrames({ locations, frames }: Profile, isKept: Uint8Array): KeptFrames {
  const isEmptied = new Uint8Array(locations.length)
  const frameStart = new Uint32Array(locations.length + 1)
  const rows: number[] = []
  for (let location = 0; location < locations.length; location++) {
    const first = locations.frameStart[location]
    for (let frame = first; frame < locations.frameStart[location + 1]; frame++) {
      if (isKept[frame] === 1) rows.push(frame)
    }
    if (rows.length === frameStart[location]) {
      isEmptied[location] = 1
      rows.push(NONE)
    }
    frameStart[location + 1] = rows.length
  }
  const location = new Uint32Array(rows.length)
  for (let row = 0; row < locations.length; row++) {
    location.fill(row, frameStart[row], frameStart[row + 1])
  }
  return {
    isEmptied,
    locations: { ...locations, frameStart },
    frames: {
      length: rows.length,
      location,
      func: Int32Array.from(rows, (row) => (row === NONE ? NONE : frames.func[row])),
      line: Float64Array.from(rows, (row) => (row === NONE ? 0 : frames.line[row])),
      column: Float64Array.from(rows, (row) => (row === NONE ? 0 : frames.column[row])),
    },
  }
}

/** The profile with those samples alone that have a 1. */
export function keepSamples(profile: Profile, isKept: Uint8Array): Profile {
  const { samples } = profile
  let length = 0
  for (const kept of isKept) length += kept
  if (length === samples.length) return profile
  const rows = new Uint32Array(length)
  let next = 0
  for (let sample = 0; sample < samples.length; sample++) {
    if (isKept[sample] === 1) rows[next++] = sample
  }
  const values = samples.values.map((column) =>
    column instanceof Float64Array
      ? Float64Array.from(rows, (row) => column[row])
      : BigInt64Array.from(rows, (row) => column[row]),
  )
  return { ...profile, samples: { ...samplesAt(samples, rows), values } }
}

function samplesAt(
  { stack, labelSet, inferredDepth }: SampleTable,
  rows: Uint32Array,
): Omit<SampleTable, 'values'> {
  const pick = (column: Uint32Array) => Uint32Array.from(rows, (row) => column[row])
  return {
    length: rows.length,
    stack: Int32Array.from(rows, (row) => stack[row]),
    labelSet: pick(labelSet),
    inferredDepth: inferredDepth === null ? null : pick(inferredDepth),
  }
}
