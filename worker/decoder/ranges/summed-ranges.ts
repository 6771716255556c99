import {
  openBlockReader,
  openNumberedReader,
  type RangePlan,
  type RangeSeries,
  type ReadBlobs,
  recentlyUsed,
  type SeriesOptions,
  type SummedRange,
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
  const blocks = openBlockReader(blobs)
  const sums = recentlyUsed<SummedView>()
  const readerOf = (plan: RangePlan) => (plan.numbered === undefined ? blocks : numbered)
  return {
    series: (plan, options) => readerOf(plan).series(plan, options),
    sum: (plan, { si = '', by = null }) =>
      sums(JSON.stringify([plan, si, by]), async () => {
        const sum = await readerOf(plan).sum(plan, { sampleIndex: si, by })
        let repaired: Profile | null = null
        return { ...sum, repaired: () => (repaired ??= repairForViews(sum.profile)) }
      }),
  }
}
