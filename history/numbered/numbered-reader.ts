import { EMPTY_TABLES, type Profile } from '../../profile/index.ts'
import type { ReadBlobs } from '../blocks/read-blocks.ts'
import type { RangePlan } from '../plan.ts'
import { keptParts } from '../ranges/range-parts.ts'
import type { RangeReader } from '../ranges/range-reader.ts'
import { linesOfValues, type SeriesOptions } from '../ranges/series-of-range.ts'
import { sumByLabel } from '../ranges/sum-by-label.ts'
import { chooseType, sumRange } from '../ranges/sum-range.ts'
import { recentlyUsed } from '../ranges/recently-used.ts'
import { findLeaves } from './leaf-values.ts'
import { type LineRow, loadNumbered, type OnLines } from './load-numbered.ts'
import { asksForLeaves, numberedValues } from './numbered-values.ts'
import { fetchFrames, openStackBook } from './stack-book.ts'
import type { Ask } from './stack-sums.ts'
import {
  type SummableShape,
  summedBlocks,
  type SummedBlocks,
  type SumNeeds,
} from './summed-blocks.ts'
import { EmptyRangeError } from '../ranges/empty-range-error.ts'

const FEW_MAX = 128

/**
 * Draws ranges whose values lie in ClickHouse. `sum` and `series` throw HISTORY_UNAVAILABLE, HISTORY_INCOMPLETE, and what
 * sums of blocks throw. The reader remembers stacks, so one is kept for as long as possible, and the ranges used last: what
 * a plan names never changes.
 */
export function openNumberedReader(
  ask: Ask,
  blobs: ReadBlobs,
  { fewMax = FEW_MAX } = {},
): RangeReader {
  const needs = { ask, book: openStackBook(), leafBook: openStackBook(fetchFrames), fewMax }
  const ranges = recentlyUsed<readonly SummableShape[]>()
  const shapesOf = (plan: RangePlan, onLines?: OnLines) =>
    ranges(JSON.stringify(plan), async () => {
      const members = plan.numbered ?? { series: [], rows: [] }
      const shapes = await loadNumbered(ask, blobs, plan, members, onLines)
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
        : sumByLabel(keptParts(loaded), plan, { sampleIndex, by })
    },
    async series(plan, options) {
      const early: { leaves: Promise<Uint32Array> | null } = { leaves: null }
      // ClickHouse looks for them while it reads the profiles.
      const shapes = await shapesOf(plan, (lines) => {
        early.leaves = leavesOf(needs, lines, plan, options)
      })
      const parts = []
      for (const shape of shapes) {
        parts.push(await numberedValues(needs, shape, { ...options, ...early }))
      }
      if (parts.length === 0) throw new EmptyRangeError()
      return linesOfValues(parts, plan, options)
    },
  }
}

/** Begins to look for the last frames of a range where series need them. What fails fails for who awaits it. */
function leavesOf(
  needs: SumNeeds,
  lines: readonly LineRow[],
  { numbered }: RangePlan,
  options: SeriesOptions,
): Promise<Uint32Array> | null {
  const [line] = lines
  if (numbered === undefined || line === undefined) return null
  const { shape, header } = line
  const block = { shape, headers: [header], tables: EMPTY_TABLES, members: [] }
  const { kind } = chooseType([block], options.sampleIndex)
  if (!asksForLeaves(options, kind)) return null
  const ids = lines.map(({ id }) => id)
  const leaves = findLeaves(
    needs,
    ids,
    numbered.rows.map(([, , atMs]) => ({ atMs })),
  )
  leaves.catch(() => undefined)
  return leaves
}
