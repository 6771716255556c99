import { matchPattern } from './match-pattern.ts'
import { keepSamples, rewriteStacks } from './rewrite-stacks.ts'
import { NONE, type Pattern, type Profile } from '../types.ts'

export interface StackFilters {
  /** Keeps the samples with a matching location. */
  readonly focus?: Pattern
  /** Drops the samples with a matching location. */
  readonly ignore?: Pattern
  /** Takes matching frames out of stacks. */
  readonly hide?: Pattern
  /** Takes all but matching frames out of stacks. */
  readonly show?: Pattern
}

/** Called with the name of each filter that matches nothing. */
export type OnUnmatched = (filter: string) => void

/**
 * Samples chosen by their stacks, and stacks with fewer frames. A pattern is held against the names and files of a
 * location's functions and its mapping's file. Samples without a stack go.
 * https://github.com/google/pprof/blob/main/profile/filter.go
 */
export function filterStacks(
  profile: Profile,
  filters: StackFilters,
  onUnmatched: OnUnmatched,
): Profile {
  const { focus, ignore, hide, show } = filters
  if (!focus && !ignore && !hide && !show) return profile
  const chosen = chooseSamples(profile, filters, onUnmatched)
  if (!hide && !show) return chosen
  return hideFrames(chosen, filters, onUnmatched)
}

function chooseSamples(
  profile: Profile,
  { focus, ignore }: StackFilters,
  onUnmatched: OnUnmatched,
): Profile {
  const { frames, stacks, samples } = profile
  const ignored = ignore && matchPattern(profile, ignore).locations
  const focused = focus && matchPattern(profile, focus).locations
  if (ignored && !ignored.includes(1)) onUnmatched('Ignore')
  if (focused && !focused.some((bit, location) => bit === 1 && ignored?.[location] !== 1)) {
    onUnmatched('Focus')
  }
  const isIn = new Uint8Array(stacks.length)
  const isOut = new Uint8Array(stacks.length)
  for (let stack = 0; stack < stacks.length; stack++) {
    const location = frames.location[stacks.frame[stack]]
    const caller = stacks.parent[stack]
    const isIgnored = ignored?.[location] === 1
    isOut[stack] = isIgnored || (caller !== NONE && isOut[caller] === 1) ? 1 : 0
    const isFocused = !isIgnored && focused?.[location] !== 0
    isIn[stack] = isFocused || (caller !== NONE && isIn[caller] === 1) ? 1 : 0
  }
  const isKept = Uint8Array.from(samples.stack, (stack) =>
    stack !== NONE && isIn[stack] === 1 && isOut[stack] === 0 ? 1 : 0,
  )
  return keepSamples(profile, isKept)
}

function hideFrames(
  profile: Profile,
  { hide, show }: StackFilters,
  onUnmatched: OnUnmatched,
): Profile {
  const { frames, locations } = profile
  const hidden = hide && matchPattern(profile, hide)
  const shown = show && matchPattern(profile, show)
  if (hidden && !hidden.locations.includes(1)) onUnmatched('Hide')
  const keptFrames = new Uint8Array(frames.length)
  for (let frame = 0; frame < frames.length; frame++) {
    const func = frames.func[frame]
    const mapping = locations.mapping[frames.location[frame]]
    const isMatch = (match: { funcs: Uint8Array; mappings: Uint8Array }) =>
      (func !== NONE && match.funcs[func] === 1) ||
      (mapping !== NONE && match.mappings[mapping] === 1)
    // A location without functions is hidden by its mapping alone, and never shown by `show`.
    const isHidden = hidden !== undefined && isMatch(hidden)
    const isShown = shown === undefined || (func !== NONE && isMatch(shown))
    keptFrames[frame] = !isHidden && isShown ? 1 : 0
  }
  if (shown && !keptFrames.includes(1)) onUnmatched('Show')
  const { profile: rewritten } = rewriteStacks(profile, {
    keptFrames,
    rootState: 1,
    step: () => 1,
  })
  const isKept = Uint8Array.from(rewritten.samples.stack, (stack) => (stack === NONE ? 0 : 1))
  return keepSamples(rewritten, isKept)
}

/**
 * Cuts off what is above the matching frame nearest to the root; samples without one go.
 * https://github.com/google/pprof/blob/main/profile/filter.go
 */
export function showFrom(profile: Profile, pattern: Pattern, onUnmatched: OnUnmatched): Profile {
  const { locations, frames } = profile
  const matches = matchPattern(profile, pattern)
  if (!matches.locations.includes(1)) onUnmatched('ShowFrom')
  const keptFrames = new Uint8Array(frames.length).fill(1)
  for (let location = 0; location < locations.length; location++) {
    const mapping = locations.mapping[location]
    const isWhole = mapping !== NONE && matches.mappings[mapping] === 1
    if (isWhole || matches.locations[location] === 0) continue
    for (let frame = locations.frameStart[location]; ; frame++) {
      const func = frames.func[frame]
      if (func !== NONE && matches.funcs[func] === 1) break
      keptFrames[frame] = 0
    }
  }
  const { profile: rewritten, sampleStates } = rewriteStacks(profile, {
    keptFrames,
    rootState: 0,
    step: (callerState, location) => callerState | matches.locations[location],
  })
  return keepSamples(rewritten, sampleStates)
}
