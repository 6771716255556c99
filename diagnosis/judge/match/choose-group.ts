import type { Measure } from '../../rule/rule.ts'
import type { SampleRow } from './match-samples.ts'
import { lockGroups } from './lock-groups.ts'
import { placeGroups } from './place-groups.ts'
import { bestGroup, largestGroup, type StackGroup, stackGroups } from './stack-groups.ts'
import type { Subject } from '../prepare/subject.ts'
import type { Tally } from '../prepare/tally.ts'

/** A measure that chooses among the stacks that match. */
export type GroupMeasure = Exclude<Measure, { readonly kind: 'where' | 'classes' | 'risen' }>

/** Groups by key. */
export type Groups = ReadonlyMap<string, StackGroup>

export function isGroupMeasure(measure: Measure): measure is GroupMeasure {
  return !['where', 'classes', 'risen'].includes(measure.kind)
}

/** The samples in the groups among which the measure chooses. */
export function groupsOf(
  { kind }: GroupMeasure,
  samples: readonly SampleRow[],
  subject: Subject,
  tally: Tally,
): Groups {
  switch (kind) {
    case 'lock':
      return lockGroups(samples, subject, tally)
    case 'place':
      return placeGroups(samples, subject, tally)
    default:
      return stackGroups(samples, subject, tally)
  }
}

/** The groups that the measure chooses; `earlier` are those of the earlier captures. */
export function chooseGroups(
  { kind }: GroupMeasure,
  groups: Groups,
  earlier: readonly Groups[],
): readonly StackGroup[] {
  if (kind === 'together') return groupsTogether(groups)
  const chosen = kind === 'growing' ? growingGroup(groups, earlier) : largestGroup(groups)
  return chosen === null ? [] : [chosen]
}

/** The one that grew most since the first of the earlier groups. */
function growingGroup(groups: Groups, earlier: readonly Groups[]): StackGroup | null {
  const [first] = earlier
  if (first === undefined) return null
  return bestGroup([...groups.values()], ({ key, value }) => value - (first.get(key)?.value ?? 0))
}

/** Fewer goroutines at two places are equal by chance. */
const TOGETHER_VALUE_MIN = 20
/** What leaks together is counted while it grows, so the counts are not quite equal. */
const TOGETHER_RATIO_MIN = 0.9

/** Those with nearly the value of the largest among them; of several such sets the one with most value. */
function groupsTogether(groups: Groups): readonly StackGroup[] {
  const ordered = [...groups.values()]
    .filter(({ value }) => value >= TOGETHER_VALUE_MIN)
    .sort((a, b) => b.value - a.value || (a.key < b.key ? -1 : 1))
  let best: readonly StackGroup[] = []
  let bestValue = 0
  for (const [row, { value: most }] of ordered.entries()) {
    const set = ordered.slice(row).filter(({ value }) => value >= TOGETHER_RATIO_MIN * most)
    const value = set.reduce((sum, group) => sum + group.value, 0)
    if (value > bestValue) [best, bestValue] = [set, value]
  }
  return best
}
