import { packagePathOf } from './top-view.ts'
import { withoutClosures } from '../names/without-closures.ts'
import { subsystemOf } from './subsystem.ts'
import { NONE, type Profile, type ValueColumn } from '../types.ts'
import { nameFrames } from './frame-names.ts'
import { funcNamesToShow, type ViewTotal, totalOf } from './open-view.ts'

/** What was measured of one sample type, as a view shows it. */
export function totalOfType(profile: Profile, sampleTypeIndex: number): ViewTotal {
  return totalOf(profile.samples.values[sampleTypeIndex])
}

export interface NameSum {
  readonly flat: number
  /** Counted once for a stack that holds the function more than once. */
  readonly cum: number
}

/** What `sumByName` finds for one function, without a call tree; 0 where the profile does not have it. */
export function sumOfName(profile: Profile, sampleTypeIndex: number, name: string): NameSum {
  const values = profile.samples.values[sampleTypeIndex]
  const { isFlat, isCum } = samplesOfName(profile, name)
  return { flat: sumWhere(values, isFlat), cum: sumWhere(values, isCum) }
}

/** A function, or all functions of a package or of a subsystem. */
export interface FunctionGroup {
  /** `closures`: those of a function, and the function itself. */
  readonly by: 'function' | 'closures' | 'package' | 'subsystem'
  readonly name: string
}

const GROUP_OF: Readonly<Record<FunctionGroup['by'], (name: string) => string>> = {
  function: (name) => name,
  closures: withoutClosures,
  package: packagePathOf,
  subsystem: subsystemOf,
}

/** For each sample 1 where it counts for the function's flat or cum value. */
export function samplesOfName(profile: Profile, name: string): CountedSamples {
  return samplesOfGroup(profile, { by: 'function', name })
}

export interface CountedSamples {
  readonly isFlat: Uint8Array
  readonly isCum: Uint8Array
}

/** For each sample 1 where it counts for the flat value of the functions, or for what they need with all they call. */
export function samplesOfGroup(profile: Profile, { by, name }: FunctionGroup): CountedSamples {
  return samplesWith(profile, (each) => GROUP_OF[by](each) === name)
}

function samplesWith(
  profile: Profile,
  isWanted: (name: string) => boolean,
): { readonly isFlat: Uint8Array; readonly isCum: Uint8Array } {
  const { stacks, samples } = profile
  const funcNames = funcNamesToShow(profile)
  const named = nameFrames(profile, { granularity: 'functions', hasInlines: true, funcNames })
  const wanted = Uint8Array.from(named.names, (name) => (isWanted(name) ? 1 : 0))
  const isLeaf = new Uint8Array(stacks.length)
  const isThrough = new Uint8Array(stacks.length)
  for (let stack = 0; stack < stacks.length; stack++) {
    const parent = stacks.parent[stack]
    isLeaf[stack] = wanted[named.frameName[stacks.frame[stack]]]
    isThrough[stack] = isLeaf[stack] === 1 || parent === NONE ? isLeaf[stack] : isThrough[parent]
  }
  const bySample = (isCounted: Uint8Array) => {
    const counted = new Uint8Array(samples.length)
    for (let sample = 0; sample < counted.length; sample++) {
      const stack = samples.stack[sample]
      if (stack !== NONE) counted[sample] = isCounted[stack]
    }
    return counted
  }
  return { isFlat: bySample(isLeaf), isCum: bySample(isThrough) }
}

/** Summed exactly, and rounded to a double at the end. */
function sumWhere(values: ValueColumn, isCounted: Uint8Array): number {
  if (values instanceof Float64Array) {
    let sum = 0
    for (let sample = 0; sample < values.length; sample++) {
      if (isCounted[sample] === 1) sum += values[sample]
    }
    return sum
  }
  let sum = 0n
  for (let sample = 0; sample < values.length; sample++) {
    if (isCounted[sample] === 1) sum += values[sample]
  }
  return Number(sum)
}
