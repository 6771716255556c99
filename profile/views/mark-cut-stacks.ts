import { NONE } from '../types.ts'
import type { Profile, StackIndex, StackTable } from '../types.ts'

/** The function that stands for what Go did not record of a stack deeper than it keeps. */
export function cutName(depthMax: number): string {
  return `(cut at ${depthMax} frames)`
}

export function isCutName(name: string): boolean {
  return /^\(cut at \d+ frames\)$/.test(name)
}

/**
 * The profile with a marker frame on top of the stacks whose root is lost: without it their first frame would look like
 * a root. `isCut` has a 1 for each such sample.
 */
export function markCutStacks(profile: Profile, isCut: Uint8Array, depthMax: number): Profile {
  if (!isCut.includes(1)) return profile
  const { samples, funcs, locations, frames } = profile
  const { stacks, cutOf } = copyBelowRoot(profile, isCut, frames.length)
  return {
    ...profile,
    strings: [...profile.strings, cutName(depthMax)],
    funcs: {
      length: funcs.length + 1,
      name: withLast(Uint32Array, funcs.name, profile.strings.length),
      systemName: withLast(Uint32Array, funcs.systemName, profile.strings.length),
      file: withLast(Uint32Array, funcs.file, 0),
      startLine: withLast(Float64Array, funcs.startLine, 0),
    },
    locations: {
      length: locations.length + 1,
      mapping: withLast(Int32Array, locations.mapping, NONE),
      address: BigUint64Array.from([...locations.address, 0n]),
      isFolded: withLast(Uint8Array, locations.isFolded, 0),
      frameStart: withLast(Uint32Array, locations.frameStart, frames.length + 1),
    },
    frames: {
      length: frames.length + 1,
      location: withLast(Uint32Array, frames.location, locations.length),
      func: withLast(Int32Array, frames.func, funcs.length),
      line: withLast(Float64Array, frames.line, 0),
      column: withLast(Float64Array, frames.column, 0),
    },
    stacks,
    samples: {
      ...samples,
      stack: samples.stack.map((stack, sample) => {
        if (stack === NONE) return NONE
        return isCut[sample] === 1 ? cutOf[stack] : stack + 1
      }),
    },
  }
}

/** Stack 0 is the new root, the old stacks follow, then a copy below the new root of those that cut samples use. */
function copyBelowRoot({ stacks, samples }: Profile, isCut: Uint8Array, rootFrame: number) {
  const isCopied = new Uint8Array(stacks.length)
  for (let sample = 0; sample < samples.length; sample++) {
    const stack = samples.stack[sample]
    if (isCut[sample] === 1 && stack !== NONE) isCopied[stack] = 1
  }
  for (let stack = stacks.length - 1; stack >= 0; stack--) {
    if (isCopied[stack] === 1 && stacks.parent[stack] !== NONE) isCopied[stacks.parent[stack]] = 1
  }
  const copyCount = isCopied.reduce((count, one) => count + one, 0)
  const length = 1 + stacks.length + copyCount
  const copied: StackTable = {
    length,
    parent: new Int32Array(length).fill(NONE),
    frame: new Uint32Array(length).fill(rootFrame),
  }
  const cutOf = new Int32Array(stacks.length)
  let next: StackIndex = 1 + stacks.length
  for (let stack = 0; stack < stacks.length; stack++) {
    const parent = stacks.parent[stack]
    copied.parent[stack + 1] = parent === NONE ? NONE : parent + 1
    copied.frame[stack + 1] = stacks.frame[stack]
    if (isCopied[stack] === 0) continue
    cutOf[stack] = next
    copied.parent[next] = parent === NONE ? 0 : cutOf[parent]
    copied.frame[next++] = stacks.frame[stack]
  }
  return { stacks: copied, cutOf }
}

interface NumberColumn {
  readonly length: number
  set(values: ArrayLike<number>): void
  [row: number]: number
}

function withLast<Column extends NumberColumn>(
  kind: new (length: number) => Column,
  column: Column,
  last: number,
): Column {
  const longer = new kind(column.length + 1)
  longer.set(column)
  longer[column.length] = last
  return longer
}
