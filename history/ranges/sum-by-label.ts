import { labelSamples, mergeProfiles } from '../../profile/index.ts'
import { groupLabel } from './group-label.ts'
import type { RangePlan } from '../plan.ts'
import type { LoadedBlocks } from './load-range.ts'
import type { RangeParts } from './range-parts.ts'
import { RangeSummer, type SummedRange } from './sum-range.ts'

/** As `sumRange`, with the value of a label of the profiles as a label of the samples. */
export async function sumByLabel(
  parts: RangeParts,
  plan: RangePlan,
  { sampleIndex, by }: { readonly sampleIndex: string; readonly by: string },
): Promise<SummedRange> {
  const labelOf = groupLabel(plan, by)
  const values = [...new Set(plan.series.map(({ id }) => labelOf(id) ?? ''))].toSorted()
  const whole = new RangeSummer(sampleIndex, parts)
  const summers = new Map<string, RangeSummer>()
  await parts.each((loaded) => {
    whole.add(loaded)
    for (const value of values) {
      const own = withSeries(loaded, (series) => labelOf(series) === value)
      if (own.length === 0) continue
      const summer = summers.get(value) ?? new RangeSummer(sampleIndex, parts)
      summers.set(value, summer)
      summer.add(own)
    }
  })
  const sums = values.flatMap((value) => {
    const summer = summers.get(value)
    return summer === undefined ? [] : labelSamples(summer.finish().profile, by, value)
  })
  return { ...whole.finish(), profile: mergeProfiles(sums) }
}

function withSeries(
  loaded: readonly LoadedBlocks[],
  isOwn: (series: string) => boolean,
): readonly LoadedBlocks[] {
  return loaded
    .map((blocks) => ({
      ...blocks,
      isSelected: (member: Parameters<LoadedBlocks['isSelected']>[0]) =>
        blocks.isSelected(member) && isOwn(member.series),
    }))
    .filter(({ blocks, isSelected }) => blocks.some(({ members }) => members.some(isSelected)))
}
