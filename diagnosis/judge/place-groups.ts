import { NONE } from '../../profile/index.ts'
import type { SampleRow } from './match-samples.ts'
import { isOwn, withoutClosures } from './own-funcs.ts'
import type { StackGroup } from './stack-groups.ts'
import type { Subject } from './subject.ts'
import type { Tally } from './tally.ts'

/** Of what matches, how much passes through a function that is called the place. */
const PLACE_SHARE_MIN = 0.5
/** Everything passes through these. */
const ROOT = /^main\.main$|\.(?:Execute|ExecuteC|execute|Run|Start)$/

/**
 * The one function that most of the value passes through and that is nearest to the leaves: outside Go's library, and
 * not where the program begins. No group where nothing holds as much.
 */
export function placeGroups(
  samples: readonly SampleRow[],
  subject: Subject,
  tally: Tally,
): ReadonlyMap<string, StackGroup> {
  const funcs = new Map<string, { value: number; depth: number; rows: SampleRow[] }>()
  let total = 0
  for (const sample of samples) {
    total += tally.values[sample]
    for (const [row, name] of ownNames(sample, subject).entries()) {
      const known = funcs.get(name) ?? { value: 0, depth: 0, rows: [] }
      known.value += tally.values[sample]
      known.depth += row * tally.values[sample]
      known.rows.push(sample)
      funcs.set(name, known)
    }
  }
  const places = [...funcs].filter(
    ([name, { value }]) => value >= PLACE_SHARE_MIN * total && !ROOT.test(name),
  )
  const [place] = places.sort(([, a], [, b]) => a.depth / a.value - b.depth / b.value)
  if (place === undefined) return new Map()
  const [key, { value, rows }] = place
  return new Map([[key, { key, value, rows }]])
}

/** The functions of the stack, each once, leaf first. */
function ownNames(sample: SampleRow, { profile, names }: Subject): readonly string[] {
  const { stacks, frames } = profile
  const found = new Set<string>()
  for (let at = profile.samples.stack[sample]; at !== NONE; at = stacks.parent[at]) {
    const func = frames.func[stacks.frame[at]]
    if (func !== NONE && isOwn(names.names[func])) found.add(withoutClosures(names.names[func]))
  }
  return [...found]
}
