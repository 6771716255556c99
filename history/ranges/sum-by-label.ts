import { labelSamples, mergeProfiles } from '../../profile/index.ts'
import { groupLabel } from './group-label.ts'
import type { RangePlan } from '../plan.ts'
import type { LoadedBlocks } from './load-range.ts'
import { type SummedRange, sumRange } from './sum-range.ts'

/** As `sumRange`, with the value of a label of the profiles as a label of the samples. */
export function sumByLabel(
  loaded: readonly LoadedBlocks[],
  plan: RangePlan,
  { sampleIndex, by }: { readonly sampleIndex: string; readonly by: string },
): SummedRange {
  const labelOf = groupLabel(plan, by)
  const values = [...new Set(plan.series.map(({ id }) => labelOf(id) ?? ''))].toSorted()
  const sums = values.flatMap((value) => {
    const own = loaded
      .map((blocks) => ({
        ...blocks,
        isSelected: (member: Parameters<LoadedBlocks['isSelected']>[0]) =>
          blocks.isSelected(member) && labelOf(member.series) === value,
      }))
      .filter(({ blocks, isSelected }) => blocks.some(({ members }) => members.some(isSelected)))
    if (own.length === 0) return []
    const sum = sumRange(own, sampleIndex)
    return [{ ...sum, profile: labelSamples(sum.profile, by, value) }]
  })
  const whole = sumRange(loaded, sampleIndex)
  return { ...whole, profile: mergeProfiles(sums.map(({ profile }) => profile)) }
}
