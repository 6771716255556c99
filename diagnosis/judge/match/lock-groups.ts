import { type FuncIndex, NONE, withoutClosures } from '../../../profile/index.ts'
import type { SampleRow } from './match-samples.ts'
import { groupsBy, type StackGroup } from './stack-groups.ts'
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
  return groupsBy(samples, tally, (sample) => {
    const func = lockerOf(sample, subject)
    return func === NONE ? null : ownerOf(subject.names.names[func])
  })
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
