import type { RangePlan } from '../plan.ts'
import { labelOf } from '../selector.ts'

/** The value of a label by series: '' where a series lacks it, null without a label. */
export function groupLabel(
  { series }: Pick<RangePlan, 'series'>,
  by: string | null,
): (seriesId: string) => string | null {
  if (by === null) return () => null
  const valueOf = new Map(series.map(({ id, labels }) => [id, labelOf(labels, by)]))
  return (seriesId) => valueOf.get(seriesId) ?? ''
}
