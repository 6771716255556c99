import { simplifyFuncName } from '../names/func-name.ts'
import { rewriteStacks } from './rewrite-stacks.ts'
import { type FuncTable, NONE, type Pattern, type Profile } from '../types.ts'

// Path states of `dropFrames`; the lowest bit means that the location stays.
const STAYS_BEFORE_FIRST_USER_FRAME = 1
const STAYS = 3
const STAYS_AS_LAST = 5
const CUT = 0

/**
 * Cuts each stack at the first frame, seen from its root, that `drop` matches and `keep` does not, but never before
 * its first other frame. What was measured below goes to the caller. Both match simplified names.
 * https://github.com/google/pprof/blob/main/profile/prune.go
 */
export function dropFrames(profile: Profile, drop: Pattern, keep: Pattern | null): Profile {
  const { locations, frames } = profile
  const isDropped = matchSimplifiedNames(
    profile,
    (name) => drop.test(name) && keep?.test(name) !== true,
  )
  const keptFrames = new Uint8Array(frames.length).fill(1)
  /** 0 as it is; 1 cut below its outer frames; 2 cut whole. */
  const cutAt = new Uint8Array(locations.length)
  for (let location = 0; location < locations.length; location++) {
    const first = locations.frameStart[location]
    const end = locations.frameStart[location + 1]
    let frame = first
    while (frame < end && !isDroppedFrame(profile, isDropped, frame)) frame++
    if (frame === end) continue
    cutAt[location] = frame === first ? 2 : 1
    if (frame > first) keptFrames.fill(0, frame, end)
  }
  return rewriteStacks(profile, {
    keptFrames,
    rootState: STAYS_BEFORE_FIRST_USER_FRAME,
    step(callerState, location) {
      if (callerState === STAYS_AS_LAST || callerState === CUT) return CUT
      if (cutAt[location] === 0) return STAYS
      if (callerState === STAYS_BEFORE_FIRST_USER_FRAME) return STAYS_BEFORE_FIRST_USER_FRAME
      return cutAt[location] === 1 ? STAYS_AS_LAST : CUT
    },
  }).profile
}

/**
 * Cuts each stack below the match that is nearest to its leaf; what was measured below goes to that frame.
 * https://github.com/google/pprof/blob/main/profile/prune.go
 */
export function pruneFrom(profile: Profile, pattern: Pattern): Profile {
  const { locations, frames, stacks, samples } = profile
  const isMatch = matchSimplifiedNames(profile, (name) => pattern.test(name))
  const keptFrames = new Uint8Array(frames.length).fill(1)
  const isCut = new Uint8Array(locations.length)
  for (let location = 0; location < locations.length; location++) {
    const first = locations.frameStart[location]
    const end = locations.frameStart[location + 1]
    let frame = end - 1
    while (frame >= first && !isDroppedFrame(profile, isMatch, frame)) frame--
    if (frame < first) continue
    isCut[location] = 1
    keptFrames.fill(0, frame + 1, end)
  }
  const cutLeaf = new Int32Array(stacks.length)
  for (let stack = 0; stack < stacks.length; stack++) {
    const caller = stacks.parent[stack]
    const isHere = isCut[frames.location[stacks.frame[stack]]] === 1
    if (isHere) cutLeaf[stack] = stack
    else cutLeaf[stack] = caller === NONE ? NONE : cutLeaf[caller]
  }
  const stack = samples.stack.map((leaf) => {
    const cut = leaf === NONE ? NONE : cutLeaf[leaf]
    return cut === NONE ? leaf : cut
  })
  return rewriteStacks(
    { ...profile, samples: { ...samples, stack } },
    { keptFrames, rootState: STAYS, step: () => STAYS },
  ).profile
}

function isDroppedFrame({ frames }: Profile, isDropped: Uint8Array, frame: number): boolean {
  const func = frames.func[frame]
  return func !== NONE && isDropped[func] === 1
}

/** 1 for each function with a name whose simplified form passes. */
function matchSimplifiedNames(
  { strings, funcs }: { readonly strings: readonly string[]; readonly funcs: FuncTable },
  isMatch: (name: string) => boolean,
): Uint8Array {
  const known = new Map<number, number>()
  return Uint8Array.from(funcs.name, (index) => {
    const answer =
      known.get(index) ??
      (strings[index] !== '' && isMatch(simplifyFuncName(strings[index])) ? 1 : 0)
    known.set(index, answer)
    return answer
  })
}
