import type { RangePlan } from '../plan.ts'
import type { RangeSeries, SeriesOptions } from './series-of-range.ts'
import type { SummedRange } from './sum-range.ts'

/** Draws ranges. */
export interface RangeReader {
  sum(
    plan: RangePlan,
    query: { readonly sampleIndex: string; readonly by: string | null },
  ): Promise<SummedRange>
  series(plan: RangePlan, options: SeriesOptions): Promise<RangeSeries>
}
