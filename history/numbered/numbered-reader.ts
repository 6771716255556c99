import { type Profile, ReportError } from '../../profile/index.ts'
import type { ReadBlobs } from '../blocks/read-blocks.ts'
import type { RangePlan } from '../plan.ts'
import { linesOfValues, type RangeSeries, type SeriesOptions } from '../ranges/series-of-range.ts'
import { sumByLabel } from '../ranges/sum-by-label.ts'
import { chooseType, type SummedRange, sumRange } from '../ranges/sum-range.ts'
import { recentlyUsed } from '../ranges/recently-used.ts'
import { loadNumbered } from './load-numbered.ts'
import { numberedValues } from './numbered-values.ts'
import { fetchFrames, openStackBook } from './stack-book.ts'
import type { Ask } from './stack-sums.ts'
import { type SummableShape, summedBlocks, type SummedBlocks } from './summed-blocks.ts'

/** Draws ranges whose values lie in ClickHouse. */
export interface NumberedReader {
  sum(
    plan: RangePlan,
    query: { readonly sampleIndex: string; readonly by: string | null },
  ): Promise<SummedRange>
  series(plan: RangePlan, options: SeriesOptions): Promise<RangeSeries>
}

const FEW_MAX = 128

/**
 * `sum` and `series` throw HISTORY_UNAVAILABLE, HISTORY_INCOMPLETE, and what sums of blocks throw. The reader remembers
 * stacks, so one is kept for as long as possible, and the ranges used last: what a plan names never changes.
 */
export function openNumberedReader(
  ask: Ask,
  blobs: ReadBlobs,
  { fewMax = FEW_MAX } = {},
): NumberedReader {
  const needs = { ask, book: openStackBook(), leafBook: openStackBook(fetchFrames), fewMax }
  const ranges = recentlyUsed<readonly SummableShape[]>()
  const shapesOf = (plan: RangePlan) =>
    ranges(JSON.stringify(plan), async () => {
      const members = plan.numbered ?? { series: [], rows: [] }
      const shapes = await loadNumbered(ask, blobs, plan, members)
      return shapes.map((shape) => {
        const sums = recentlyUsed<SummedBlocks>()
        const profiles = recentlyUsed<Profile>()
        const sum: SummableShape['sum'] = (kind) =>
          sums(kind, () => summedBlocks(needs, shape, kind))
        const profile: SummableShape['profile'] = (sampleIndex) =>
          profiles(sampleIndex, async () => {
            const { loaded } = await sum(chooseType([shape.block], sampleIndex).kind)
            return sumRange([loaded], sampleIndex).profile
          })
        return { shape, sum, profile }
      })
    })
  return {
    async sum(plan, { sampleIndex, by }) {
      const shapes = await shapesOf(plan)
      const loaded = []
      for (const { shape, sum } of shapes) {
        const { kind } = chooseType([shape.block], sampleIndex)
        loaded.push((await sum(kind)).loaded)
      }
      return by === null
        ? sumRange(loaded, sampleIndex)
        : sumByLabel(loaded, plan, { sampleIndex, by })
    },
    async series(plan, options) {
      const parts = []
      for (const shape of await shapesOf(plan)) {
        parts.push(await numberedValues(needs, shape, options))
      }
      if (parts.length === 0) throw new ReportError('there is no profile in the range')
      return linesOfValues(parts, plan, options)
    },
  }
}
