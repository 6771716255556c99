import { type FuncIndex, NONE } from '../../../profile/index.ts'
import { type SampleRow, sumOfSamples } from './match-samples.ts'
import { withoutClosures } from '../prepare/own-funcs.ts'
import type { StackGroup } from './stack-groups.ts'
import type { Subject } from '../prepare/subject.ts'
import type { Tally } from '../prepare/tally.ts'

/**
 * Goroutines that wait for a lock, by the type whose method asks for it (`pkg.(*Cache)`), or by the function. A profile
 * has no addresses of locks: where a program has several of one type, they are one group.
 */
export function lockGroups(
  samples: readonly SampleRow[],
  subject: Subject,
  tally: Tally,
): ReadonlyMap<string, StackGroup> {
  const rowsOf = new Map<string, SampleRow[]>()
  for (const sample of samples) {
    const func = lockerOf(sample, subject)
    if (func === NONE) continue
    const key = ownerOf(subject.names.names[func])
    const rows = rowsOf.get(key)
    if (rows === undefined) rowsOf.set(key, [sample])
    else rows.push(sample)
  }
  return new Map(
    [...rowsOf].map(([key, rows]) => [key, { key, rows, value: sumOfSamples(rows, tally).value }]),
  )
}

const OF_LOCKS = /^(?:runtime|sync|internal\/sync)\./

/** The function that asks for the lock: the first from the leaf that is not of the lock itself. */
export function lockerOf(sample: SampleRow, { profile, names }: Subject): FuncIndex {
  const { stacks, frames } = profile
  for (let at = profile.samples.stack[sample]; at !== NONE; at = stacks.parent[at]) {
    const func = frames.func[stacks.frame[at]]
    if (func !== NONE && !OF_LOCKS.test(names.names[func])) return func
  }
  return NONE
}

const RECEIVER = /^(.*\.\(\*?[^()]*\))\.[^.]+$/

/** `pkg.(*T)` for its methods, else the function itself. */
export function ownerOf(name: string): string {
  const func = withoutClosures(name)
  return RECEIVER.exec(func)?.[1] ?? func
}
