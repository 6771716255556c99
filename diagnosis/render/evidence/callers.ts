import { type FuncIndex, NONE, withoutClosures } from '../../../profile/index.ts'
import { isOwn } from '../../judge/prepare/own-funcs.ts'
import type { SampleRow } from '../../judge/match/match-samples.ts'
import type { Subject } from '../../judge/prepare/subject.ts'
import type { Tally } from '../../judge/prepare/tally.ts'
import type { PathRow, StackAutomaton } from '../../pattern/stack-automaton.ts'

export interface Caller {
  /** A function without its closures, or one of several closures of the same function. */
  readonly name: string
  /** Of the samples' value, 0 to 1. */
  readonly share: number
}

const CALLERS_MAX = 5
const CALLER_SHARE_MIN = 0.05
/** A function whose closures make up nearly all, mostly main: they tell more than its name. */
const WITH_CLOSURES_MIN = 0.9

/** What callers are of: functions that the paths find; and the paths of libraries that are passed over. */
export interface CalledBy {
  readonly paths: readonly PathRow[]
  readonly outside: readonly string[]
}

/**
 * Who calls what the paths look for: of each sample the nearest function above it that is of another package, and
 * neither of Go's library nor of those passed over. Without paths, the nearest such function above the leaf. Most
 * first.
 */
export function callersOf(
  { profile, names, run }: Subject,
  tally: Tally,
  automaton: StackAutomaton,
  samples: readonly SampleRow[],
  { paths, outside }: CalledBy,
): readonly Caller[] {
  const wanted = new Set(paths)
  const isWanted = run.stepsOfFunc.map((steps) =>
    steps.some((row) => wanted.has(automaton.steps[row].path)),
  )
  const { stacks, frames } = profile
  const valueOf = new Map<string, number>()
  let total = 0
  for (const sample of samples) {
    total += tally.values[sample]
    let matched: FuncIndex | null = null
    let caller: FuncIndex | null = null
    for (let at = profile.samples.stack[sample]; at !== NONE; at = stacks.parent[at]) {
      const func = frames.func[stacks.frame[at]]
      if (func === NONE) continue
      if (paths.length > 0 && isWanted[func]) {
        // A function that calls itself is called by whom is above the first of its calls.
        matched = func
        caller = null
        continue
      }
      const isDue = caller === null && (matched !== null || paths.length === 0)
      if (!isDue || !isOwn(names.names[func]) || isBelow(names.names[func], outside)) continue
      if (matched === null || packageOf(names.names[matched]) !== packageOf(names.names[func])) {
        caller = func
      }
    }
    if (caller === null) continue
    const name = names.names[caller]
    valueOf.set(name, (valueOf.get(name) ?? 0) + tally.values[sample])
  }
  return largestCallers(valueOf, total)
}

function largestCallers(valueOf: ReadonlyMap<string, number>, total: number): readonly Caller[] {
  const closures = callersIn([...valueOf], total)
  const folded = new Map<string, number>()
  for (const [name, value] of valueOf) {
    folded.set(withoutClosures(name), (folded.get(withoutClosures(name)) ?? 0) + value)
  }
  const callers = callersIn([...folded], total)
  const [first] = callers
  const isOneOfSeveral =
    first !== undefined && first.share >= WITH_CLOSURES_MIN && closures.length > 1
  return isOneOfSeveral ? closures : callers
}

function callersIn(
  values: readonly (readonly [string, number])[],
  total: number,
): readonly Caller[] {
  return values
    .map(([name, value]) => ({ name, share: total > 0 ? value / total : 0 }))
    .filter(({ share }) => share >= CALLER_SHARE_MIN)
    .sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1))
    .slice(0, CALLERS_MAX)
}

function isBelow(name: string, paths: readonly string[]): boolean {
  return paths.some((path) => name.startsWith(`${path}/`) || name.startsWith(`${path}.`))
}

function packageOf(name: string): string {
  const slash = name.lastIndexOf('/')
  const dot = name.indexOf('.', slash + 1)
  return dot === -1 ? name : name.slice(0, dot)
}
