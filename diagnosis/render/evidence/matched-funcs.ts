import { NONE } from '../../../profile/index.ts'
import type { PathRow, StackAutomaton } from '../../pattern/stack-automaton.ts'
import type { Subject } from '../../judge/prepare/subject.ts'
import type { Tally } from '../../judge/prepare/tally.ts'
import type { SampleRow } from '../../judge/match/match-samples.ts'

export const FRAMES_MARKED_MAX = 20

/** The functions at which the paths are complete, by normalised name, those with most of the value first. */
export function matchedFuncs(
  { profile, names, run }: Subject,
  tally: Tally,
  automaton: StackAutomaton,
  samples: readonly SampleRow[],
  paths: readonly PathRow[],
): readonly string[] {
  const wanted = new Set(paths)
  const isWanted = Uint8Array.from(run.stepsOfFunc, (steps) =>
    steps.some((row) => automaton.steps[row].isLast && wanted.has(automaton.steps[row].path))
      ? 1
      : 0,
  )
  const { stacks, frames, funcs } = profile
  const valueOfFunc = new Float64Array(funcs.length)
  /** The last sample that counted for a func, plus one: recursion counts once. */
  const countedBy = new Uint32Array(funcs.length)
  for (const sample of samples) {
    for (let at = profile.samples.stack[sample]; at !== NONE; at = stacks.parent[at]) {
      const func = frames.func[stacks.frame[at]]
      if (func === NONE || isWanted[func] === 0 || countedBy[func] === sample + 1) continue
      countedBy[func] = sample + 1
      valueOfFunc[func] += tally.values[sample]
    }
  }
  const valueOfName = new Map<string, number>()
  for (const [func, value] of valueOfFunc.entries()) {
    const name = names.names[func]
    if (value > 0) valueOfName.set(name, (valueOfName.get(name) ?? 0) + value)
  }
  return [...valueOfName]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, FRAMES_MARKED_MAX)
    .map(([name]) => name)
}
