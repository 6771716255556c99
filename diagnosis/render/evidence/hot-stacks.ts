import { type FuncIndex, NONE, type StackIndex } from '../../../profile/index.ts'
import type { CalleeIndex } from '../../judge/prepare/callee-index.ts'
import type { PathRow, StackAutomaton } from '../../pattern/stack-automaton.ts'
import type { SampleRow } from '../../judge/match/match-samples.ts'
import type { Subject } from '../../judge/prepare/subject.ts'
import type { Tally } from '../../judge/prepare/tally.ts'

/** A path from a root to where the value of its samples spreads out. */
export interface HotStack {
  /** Normalised function names, root first. */
  readonly names: readonly string[]
  /** How many of the first names are inferred. */
  readonly inferredCount: number
  /** Rows of `names` that the paths look for. */
  readonly matched: readonly number[]
  readonly value: number
}

export interface HotStackOptions {
  readonly subject: Subject
  readonly tally: Tally
  readonly automaton: StackAutomaton
  /** The samples that matched. */
  readonly samples: readonly SampleRow[]
  /** What they matched by; none when it was not by paths. */
  readonly paths: readonly PathRow[]
}

const STACKS_MAX = 3
/** A further stack is shown when it has this share of the match. */
const STACK_SHARE_MIN = 0.1
/** Below the match the path goes on while one callee has this share of its caller. */
const CALLEE_SHARE_MIN = 0.5
const FRAMES_BELOW_MATCH_MAX = 12
const FRAMES_MAX = 400
const NO_FUNC_NAME = '?'

/** The hottest paths through the samples, hottest first, none inside another. */
export function hotStacks(options: HotStackOptions): readonly HotStack[] {
  const { samples, tally } = options
  const total = samples.reduce((sum, sample) => sum + tally.values[sample], 0)
  const found: HotStack[] = []
  let rest = samples
  while (found.length < STACKS_MAX && rest.length > 0) {
    const { stack, covered } = hottestPath(options, rest)
    if (stack.value <= 0 || (found.length > 0 && stack.value < STACK_SHARE_MIN * total)) break
    found.push(stack)
    rest = rest.filter((sample) => !covered.has(sample))
  }
  return found.sort((a, b) => b.value - a.value)
}

/** The frames of one function at one depth of the path. */
interface Level {
  readonly name: string
  readonly func: FuncIndex
  readonly stacks: readonly StackIndex[]
  readonly value: number
}

function hottestPath(options: HotStackOptions, samples: readonly SampleRow[]) {
  const { subject, tally, paths } = options
  const callees = subject.callees()
  const value = cumulate(subject, tally, samples)
  const levels: Level[] = []
  let current = siblingsFrom(callees.firstRoot, callees, value)
  let depthOfMatch = paths.length === 0 ? 0 : NONE
  while (current.length > 0 && levels.length < FRAMES_MAX) {
    const best = heaviestFunc(subject, value, current)
    const caller = levels.at(-1)
    if (depthOfMatch !== NONE && caller !== undefined) {
      const isSpread = best.value < CALLEE_SHARE_MIN * caller.value
      if (isSpread || levels.length - depthOfMatch > FRAMES_BELOW_MATCH_MAX) break
    }
    levels.push(best)
    if (depthOfMatch === NONE && isMatched(best, subject, paths)) depthOfMatch = levels.length
    current = best.stacks.flatMap((stack) =>
      siblingsFrom(callees.firstCallee[stack], callees, value),
    )
  }
  const covered = samplesBelow(subject, samples, levels.at(-1)?.stacks ?? [])
  return { stack: hotStackOf(options, levels, covered), covered }
}

/** The values of the samples, added up along their stacks. */
function cumulate({ profile }: Subject, tally: Tally, samples: readonly SampleRow[]): Float64Array {
  const { length, parent } = profile.stacks
  const value = new Float64Array(length)
  for (const sample of samples) {
    const leaf = profile.samples.stack[sample]
    if (leaf !== NONE) value[leaf] += tally.values[sample]
  }
  for (let stack = length - 1; stack >= 0; stack--) {
    if (parent[stack] !== NONE) value[parent[stack]] += value[stack]
  }
  return value
}

function siblingsFrom(
  first: StackIndex,
  { nextSibling }: CalleeIndex,
  value: Float64Array,
): StackIndex[] {
  const stacks: StackIndex[] = []
  for (let stack = first; stack !== NONE; stack = nextSibling[stack]) {
    if (value[stack] > 0) stacks.push(stack)
  }
  return stacks
}

function heaviestFunc(
  { profile, names }: Subject,
  value: Float64Array,
  stacks: readonly StackIndex[],
): Level {
  const byName = new Map<string, { func: FuncIndex; stacks: StackIndex[]; value: number }>()
  for (const stack of stacks) {
    const func = profile.frames.func[profile.stacks.frame[stack]]
    const name = func === NONE ? NO_FUNC_NAME : names.names[func]
    const known = byName.get(name)
    if (known === undefined) byName.set(name, { func, stacks: [stack], value: value[stack] })
    else {
      known.stacks.push(stack)
      known.value += value[stack]
    }
  }
  const groups = [...byName].map(([name, group]) => ({ name, ...group }))
  return groups.reduce((best, group) => (isHeavier(group, best) ? group : best))
}

function isHeavier(a: Level, b: Level): boolean {
  return a.value === b.value ? a.name < b.name : a.value > b.value
}

function isMatched({ stacks }: Level, { run }: Subject, paths: readonly PathRow[]): boolean {
  for (const stack of stacks) {
    const state = run.stateOfStack[stack]
    if (paths.some((path) => run.matches(state, path))) return true
  }
  return false
}

/** The samples whose stack passes through one of `stacks`. */
function samplesBelow(
  { profile }: Subject,
  samples: readonly SampleRow[],
  stacks: readonly StackIndex[],
): ReadonlySet<SampleRow> {
  const { length, parent } = profile.stacks
  const isBelow = new Uint8Array(length)
  for (const stack of stacks) isBelow[stack] = 1
  for (let stack = 0; stack < length; stack++) {
    if (parent[stack] !== NONE && isBelow[parent[stack]] === 1) isBelow[stack] = 1
  }
  return new Set(samples.filter((sample) => isBelow[profile.samples.stack[sample]] === 1))
}

function hotStackOf(
  { subject, automaton, paths }: HotStackOptions,
  levels: readonly Level[],
  covered: ReadonlySet<SampleRow>,
): HotStack {
  const wanted = new Set(paths)
  const matched = levels.flatMap(({ func }, row) => {
    const steps = func === NONE ? [] : subject.run.stepsOfFunc[func]
    return steps.some((step) => wanted.has(automaton.steps[step].path)) ? [row] : []
  })
  const depths = subject.profile.samples.inferredDepth
  let inferredCount = depths === null || covered.size === 0 ? 0 : levels.length
  if (depths !== null) {
    for (const sample of covered) inferredCount = Math.min(inferredCount, depths[sample])
  }
  return {
    inferredCount,
    matched,
    names: levels.map(({ name }) => name),
    value: levels.at(-1)?.value ?? 0,
  }
}
