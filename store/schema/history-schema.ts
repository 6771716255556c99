import type { Generated } from 'kysely'
import type { ProfileType } from '../../api/index.ts'
import type { BlobKey } from '../blobs/blob-store.ts'

export type HistoryLevel = 'full' | 'hour' | 'day'

/** The tables of history: what there was, beyond the profiles that are still kept. */
export interface HistorySchema {
  readonly historyGroup: HistoryGroupTable
  readonly historySeries: HistorySeriesTable
  readonly historyProfile: HistoryProfileTable
  readonly historyBlock: HistoryBlockTable
  readonly historyDay: HistoryDayTable
  readonly historyCounter: HistoryCounterTable
}

/** A target and a type of profile in a space: what shares blocks. */
export interface HistoryGroupTable {
  /** Hash of space, target and type. */
  readonly id: string
  readonly space: Generated<string>
  readonly target: string
  readonly type: ProfileType
  readonly leaseToken: string | null
  readonly leaseUntilMs: number
}

/** A set of labels that profiles have. */
export interface HistorySeriesTable {
  /** Hash of the labels. */
  readonly id: string
  readonly groupId: string
  /** Identifies the process within the target. */
  readonly process: string
  /** Label names and values, names in order. */
  readonly labelsJson: string
}

/**
 * A profile in history. `pending`: in no block yet. `replaced`: read again, the copy in its block counts no longer.
 * `stale`: a rebuild will read it again, and until then the copy counts. `dropped`: deleted, leaves its block at the next
 * sweep. `failed`: its bytes cannot be read. `expired`: too old for history.
 */
export interface HistoryProfileTable {
  readonly profileId: string
  readonly groupId: string
  readonly seriesId: string
  readonly atMs: number
  /** The day (UTC) of `atMs`. */
  readonly dayMs: number
  readonly state: 'pending' | 'packed' | 'stale' | 'replaced' | 'dropped' | 'failed' | 'expired'
  /** Of the analysis: another one may read the profile in another way. */
  readonly decoderVersion: string
  readonly blockId: string | null
  /** The number of its values in ClickHouse; null where they lie elsewhere. */
  readonly number: number | null
  /** When it became what its state says. */
  readonly changedAtMs: number
}

/**
 * A block holds profiles of one group, day and shape. `level` is `full` for profiles themselves; roll-ups are `hour`, the
 * hours of a day that is over, and `day`, the days of a month, whose first day `dayMs` is then.
 */
export interface HistoryBlockTable {
  readonly id: string
  readonly groupId: string
  readonly blobId: BlobKey
  readonly level: Generated<HistoryLevel>
  /** As `shapeKey` gives it. */
  readonly shape: string
  readonly dayMs: number
  readonly fromMs: number
  /** The time of the last profile. */
  readonly lastMs: number
  readonly isWholeDay: number
  readonly profileCount: number
  readonly sizeBytes: number
  readonly version: number
}

/** A day of a group that is over and was packed whole: its hours are rolled up. */
export interface HistoryDayTable {
  readonly groupId: string
  readonly dayMs: number
  /** 1 when the block of its month has what the hours have. */
  readonly isRolledUp: number
}

/** The numbers of one kind that were given out; none is given out twice. */
export interface HistoryCounterTable {
  readonly name: string
  readonly next: number
}
