import { NONE } from '../../../profile/index.ts'
import { type SampleRow, sumOfSamples } from './match-samples.ts'
import type { Subject } from '../prepare/subject.ts'
import type { Tally } from '../prepare/tally.ts'

/** Samples that a measure counts as one: those of a stack, by its function names, or of a lock or a place. */
export interface StackGroup {
  readonly key: string
  readonly rows: readonly SampleRow[]
  readonly value: number
}

const DEPTH_MAX_OF_BYTES = 8

/**
 * Samples by their stack: by function names, so that another line of a function is the same stack. What is held in
 * memory goes by the eight frames nearest to its allocation.
 */
export function stackGroups(
  samples: readonly SampleRow[],
  { profile, names }: Subject,
  tally: Tally,
): ReadonlyMap<string, StackGroup> {
  const { stacks, frames } = profile
  const depthMax = tally.reads === 'inuse_space' ? DEPTH_MAX_OF_BYTES : Infinity
  return groupsBy(samples, tally, (sample) => {
    const path: string[] = []
    let at = profile.samples.stack[sample]
    for (; at !== NONE && path.length < depthMax; at = stacks.parent[at]) {
      const func = frames.func[stacks.frame[at]]
      path.push(func === NONE ? '' : names.names[func])
    }
    return path.join('\n')
  })
}

/** The samples by a key, in the order of their first samples; those whose key is null are left out. */
export function groupsBy(
  samples: readonly SampleRow[],
  tally: Tally,
  keyOf: (sample: SampleRow) => string | null,
): ReadonlyMap<string, StackGroup> {
  const rowsOf = new Map<string, SampleRow[]>()
  for (const sample of samples) {
    const key = keyOf(sample)
    if (key === null) continue
    const rows = rowsOf.get(key)
    if (rows === undefined) rowsOf.set(key, [sample])
    else rows.push(sample)
  }
  return new Map(
    [...rowsOf].map(([key, rows]) => [key, { key, rows, value: sumOfSamples(rows, tally).value }]),
  )
}

/** The one with most value. Of equals the first by name wins. */
export function largestGroup(groups: ReadonlyMap<string, StackGroup>): StackGroup | null {
  return bestGroup([...groups.values()], ({ value }) => value)
}

export function bestGroup(groups: readonly StackGroup[], worth: (group: StackGroup) => number) {
  const ordered = [...groups].sort((a, b) => worth(b) - worth(a) || (a.key < b.key ? -1 : 1))
  return ordered.at(0) ?? null
}
