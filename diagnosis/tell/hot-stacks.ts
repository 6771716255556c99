import { NONE, type StackIndex } from '../../profile/index.ts'
import type { PathRow, StackAutomaton } from '../pattern/stack-automaton.ts'
import type { SampleRow } from '../judge/match-samples.ts'
import type { Subject } from '../judge/subject.ts'
import type { Tally } from '../judge/tally.ts'

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

/** Samples at one depth of the path, by the stack of their frame there. */
interface Level {
  readonly name: string
  readonly func: number
  readonly stacks: ReadonlySet<StackIndex>
  readonly value: number
}

function hottestPath(options: HotStackOptions, samples: readonly SampleRow[]) {
  const { subject, tally, paths } = options
  const tree = valueTree(subject, tally, samples)
  const levels: Level[] = []
  let current: readonly StackIndex[] = tree.roots
  let depthOfMatch = paths.length === 0 ? 0 : NONE
  while (current.length > 0 && levels.length < FRAMES_MAX) {
    const best = heaviestFunc(subject, tree, current)
    const caller = levels.at(-1)
    if (depthOfMatch !== NONE && caller !== undefined) {
      const isSpread = best.value < CALLEE_SHARE_MIN * caller.value
      if (isSpread || levels.length - depthOfMatch > FRAMES_BELOW_MATCH_MAX) break
    }
    levels.push(best)
    if (depthOfMatch === NONE && isMatched(best, subject, paths)) depthOfMatch = levels.length
    current = [...best.stacks].flatMap((stack) => tree.callees.get(stack) ?? [])
  }
  const end = levels.at(-1)
  const covered = new Set(
    samples.filter((sample) => end === undefined || passesThrough(subject, sample, end.stacks)),
  )
  return { stack: hotStackOf(options, levels, covered), covered }
}

/** Values of the samples added up along their stacks, and who calls whom among those. */
function valueTree({ profile }: Subject, tally: Tally, samples: readonly SampleRow[]) {
  const { parent } = profile.stacks
  const value = new Map<StackIndex, number>()
  const callees = new Map<StackIndex, StackIndex[]>()
  const roots: StackIndex[] = []
  for (const sample of samples) {
    for (let at = profile.samples.stack[sample]; at !== NONE; at = parent[at]) {
      const known = value.get(at)
      value.set(at, (known ?? 0) + tally.values[sample])
      if (known !== undefined) continue
      if (parent[at] === NONE) roots.push(at)
      else pushTo(callees, parent[at], at)
    }
  }
  return { value, callees, roots }
}

function heaviestFunc(
  { profile, names }: Subject,
  tree: ReturnType<typeof valueTree>,
  stacks: readonly StackIndex[],
): Level {
  const byName = new Map<string, { func: number; stacks: Set<StackIndex>; value: number }>()
  for (const stack of stacks) {
    const func = profile.frames.func[profile.stacks.frame[stack]]
    const name = func === NONE ? NO_FUNC_NAME : names.names[func]
    const group = byName.get(name) ?? { func, stacks: new Set(), value: 0 }
    group.stacks.add(stack)
    group.value += tree.value.get(stack) ?? 0
    byName.set(name, group)
  }
  const groups = [...byName].map(([name, group]) => ({ name, ...group }))
  groups.sort((a, b) => b.value - a.value || (a.name < b.name ? -1 : 1))
  return groups[0]
}

function isMatched({ stacks }: Level, { run }: Subject, paths: readonly PathRow[]): boolean {
  for (const stack of stacks) {
    const state = run.stateOfStack[stack]
    if (paths.some((path) => run.matches(state, path))) return true
  }
  return false
}

function passesThrough({ profile }: Subject, sample: SampleRow, stacks: ReadonlySet<StackIndex>) {
  for (let at = profile.samples.stack[sample]; at !== NONE; at = profile.stacks.parent[at]) {
    if (stacks.has(at)) return true
  }
  return false
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

function pushTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
