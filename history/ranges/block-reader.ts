import type { ReadBlobs } from '../blocks/read-blocks.ts'
import type { RangePlan } from '../plan.ts'
import { openParts, type RangeParts } from './range-parts.ts'
import type { RangeReader } from './range-reader.ts'
import { recentlyUsed } from './recently-used.ts'
import { seriesOfRange } from './series-of-range.ts'
import { sumByLabel } from './sum-by-label.ts'
import { sumParts } from './sum-range.ts'

/**
 * Draws ranges whose values lie in blocks, and keeps those used last where they are small. Throws BLOB_MISSING,
 * BLOB_CORRUPT, and what sums throw.
 */
export function openBlockReader(
  blobs: ReadBlobs,
  { keptBytesMax }: { readonly keptBytesMax?: number | undefined } = {},
): RangeReader {
  const ranges = recentlyUsed<RangeParts>()
  const partsOf = (plan: RangePlan) =>
    ranges(JSON.stringify(plan), () => openParts(blobs, plan, keptBytesMax))
  return {
    async sum(plan, { sampleIndex, by }) {
      const parts = await partsOf(plan)
      return by === null
        ? sumParts(parts, sampleIndex)
        : sumByLabel(parts, plan, { sampleIndex, by })
    },
    async series(plan, options) {
      return seriesOfRange(await partsOf(plan), plan, options)
    },
  }
}
