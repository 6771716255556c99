import type { RangePlan, RangeRequest } from './plan.ts'
import type { HistorySeries, Look, Looked } from '../store/index.ts'

/**
 * What profiles were, over any span of time: derived data, which `rebuild` makes anew. Profiles enter in the commit that
 * makes them ready and leave in the one that deletes them, so what it answers never differs from the rows. What `plan`
 * answers is read where there is a processor to spare (`loadRange`, `sumRange`, `seriesOfRange`); kinds of sample types
 * are summed as `sumBlocks` says.
 */
export interface HistoryStore {
  /** Finds what a range must read. Throws RANGE_EMPTY, RANGE_TOO_LARGE or SELECTOR_INVALID. */
  plan(request: RangeRequest): Promise<RangePlan>
  /** All sets of labels of a space. */
  series(space: string): Promise<readonly HistorySeries[]>
  /** Enters those of the next profiles, in order of id, that were stored before there was a history. */
  append(look: Look): Promise<Looked>
  /**
   * Packs what is due of one target and type. Returns false when nothing is due. A crash at any point loses nothing and
   * counts nothing twice: blobs come first, then the rows, then old blobs go.
   */
  compact(): Promise<boolean>
  /** Forgets what the settings of each level do not keep. Returns the number of blocks. */
  expire(): Promise<number>
  /** Has all profiles read again whose files are there. Returns their number. */
  rebuild(): Promise<number>
}
