import {
  type LoadedBlocks,
  loadRange,
  openNumberedReader,
  type RangePlan,
  type RangeSeries,
  type ReadBlobs,
  recentlyUsed,
  type SeriesOptions,
  seriesOfRange,
  type SummedRange,
  sumByLabel,
  sumRange,
} from '../../../history/index.ts'
import { type Profile, repairForViews } from '../../../profile/index.ts'
import type { AnswerHistory } from '../../pool/history-relay.ts'

export interface SumQuery {
  readonly si?: string
  readonly by?: string
}

/** A range as one profile. */
export interface SummedView extends SummedRange {
  /** The profile as views show it. */
  readonly repaired: () => Profile
}

/** The ranges used last, read and summed: a reader usually opens several views of one. */
export interface SummedRanges {
  series(plan: RangePlan, options: SeriesOptions): Promise<RangeSeries>
  sum(plan: RangePlan, query: SumQuery): Promise<SummedView>
}

/**
 * All throw BLOB_MISSING, BLOB_CORRUPT, HISTORY_UNAVAILABLE, HISTORY_INCOMPLETE, a SampleTypeError or ReportError.
 * `answerHistory` is asked where a plan names profiles whose values lie in ClickHouse.
 */
export function openSummedRanges(blobs: ReadBlobs, answerHistory: AnswerHistory): SummedRanges {
  const numbered = openNumberedReader(answerHistory, blobs)
  const loaded = recentlyUsed<readonly LoadedBlocks[]>()
  const sums = recentlyUsed<SummedView>()
  const load = (plan: RangePlan) => loaded(JSON.stringify(plan), () => loadRange(blobs, plan))
  const sumOf = async (plan: RangePlan, si: string, by: string | null) => {
    if (plan.numbered !== undefined) return numbered.sum(plan, { sampleIndex: si, by })
    const blocks = await load(plan)
    return by === null ? sumRange(blocks, si) : sumByLabel(blocks, plan, { sampleIndex: si, by })
  }
  return {
    async series(plan, options) {
      if (plan.numbered !== undefined) return numbered.series(plan, options)
      return seriesOfRange(await load(plan), plan, options)
    },
    sum: (plan, { si = '', by }) =>
      sums(JSON.stringify([plan, si, by]), async () => {
        const sum = await sumOf(plan, si, by ?? null)
        let repaired: Profile | null = null
        return { ...sum, repaired: () => (repaired ??= repairForViews(sum.profile)) }
      }),
  }
}
