import { NONE, withoutClosures } from '../../../profile/index.ts'
import { lockerOf, ownerOf } from './lock-groups.ts'
import type { SampleRow } from './match-samples.ts'
import type { Subject } from '../prepare/subject.ts'
import type { Tally } from '../prepare/tally.ts'

/** The functions in which goroutines ask for the lock that they wait for, and how many do so in each. */
export function askersOf(
  waiting: readonly SampleRow[],
  subject: Subject,
  tally: Tally,
): ReadonlyMap<string, number> {
  const askers = new Map<string, number>()
  for (const sample of waiting) {
    const func = lockerOf(sample, subject)
    const name = func === NONE ? '?' : withoutClosures(subject.names.names[func])
    askers.set(name, (askers.get(name) ?? 0) + tally.values[sample])
  }
  return askers
}

/** Goroutines that may hold the lock that others wait for: their stack, leaf first, down to what took it. */
export interface Holder {
  readonly sample: SampleRow
  readonly stack: readonly string[]
}

/**
 * Goroutines that are inside a function which asks for the lock, further down than it, and not waiting for it; without
 * any, those inside other methods of its type.
 */
export function holdersOf(
  owner: string,
  waiting: readonly SampleRow[],
  subject: Subject,
  tally: Tally,
): readonly Holder[] {
  const askers = askersOf(waiting, subject, tally)
  const rows = new Set(waiting)
  const inAskers = inside((name) => askers.has(name), rows, subject, tally)
  if (inAskers.length > 0) return inAskers
  return inside((name) => ownerOf(name) === owner, rows, subject, tally)
}

function inside(
  isSought: (name: string) => boolean,
  waiting: ReadonlySet<SampleRow>,
  { profile, names }: Subject,
  tally: Tally,
): readonly Holder[] {
  const { samples, stacks, frames } = profile
  const sought = names.names.map((name) => isSought(withoutClosures(name)))
  const found: Holder[] = []
  for (let sample = 0; sample < samples.length; sample++) {
    if (tally.values[sample] === 0 || waiting.has(sample)) continue
    const stack: string[] = []
    let isFound = false
    for (let at = samples.stack[sample]; at !== NONE && !isFound; at = stacks.parent[at]) {
      const func = frames.func[stacks.frame[at]]
      if (func === NONE) continue
      stack.push(names.names[func])
      isFound = sought[func]
    }
    if (isFound) found.push({ sample, stack })
  }
  return found
}
