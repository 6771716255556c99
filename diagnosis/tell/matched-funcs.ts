import { NONE } from '../../profile/index.ts'
import type { PathRow, StackAutomaton } from '../pattern/stack-automaton.ts'
import type { Subject } from '../judge/subject.ts'
import type { Tally } from '../judge/tally.ts'
import type { SampleRow } from '../judge/match-samples.ts'

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
  const isWanted = run.stepsOfFunc.map((steps) =>
    steps.some((row) => automaton.steps[row].isLast && wanted.has(automaton.steps[row].path)),
  )
  const valueOfName = new Map<string, number>()
  const { stacks, frames } = profile
  for (const sample of samples) {
    const seen = new Set<string>()
    for (let at = profile.samples.stack[sample]; at !== NONE; at = stacks.parent[at]) {
      const func = frames.func[stacks.frame[at]]
      if (func !== NONE && isWanted[func]) seen.add(names.names[func])
    }
    for (const name of seen) {
      valueOfName.set(name, (valueOfName.get(name) ?? 0) + tally.values[sample])
    }
  }
  return [...valueOfName]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, FRAMES_MARKED_MAX)
    .map(([name]) => name)
}
