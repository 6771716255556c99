import type { ProfileType } from '../../api/index.ts'
import type { BlobKey } from '../blobs/blob-store.ts'

/** The tables of history: what there was, beyond the profiles that are still kept. */
export interface HistorySchema {
  readonly historyGroup: HistoryGroupTable
  readonly historySeries: HistorySeriesTable
  readonly historyProfile: HistoryProfileTable
  readonly historyBlock: HistoryBlockTable
}

/** A target and a type of profile: what shares blocks. */
export interface HistoryGroupTable {
  /** Hash of target and type. */
  readonly id: string
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
 * `dropped`: deleted, leaves its block at the next sweep. `failed`: its bytes cannot be read.
 * `expired`: too old for history.
 */
export interface HistoryProfileTable {
  readonly profileId: string
  readonly groupId: string
  readonly seriesId: string
  readonly atMs: number
  /** The day (UTC) of `atMs`. */
  readonly dayMs: number
  readonly state: 'pending' | 'packed' | 'replaced' | 'dropped' | 'failed' | 'expired'
  /** Of the analysis: another one may read the profile in another way. */
  readonly decoderVersion: string
  readonly blockId: string | null
  /** When it became what its state says. */
  readonly changedAtMs: number
}

/** A block holds profiles of one group, day and shape. */
export interface HistoryBlockTable {
  readonly id: string
  readonly groupId: string
  readonly blobId: BlobKey
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
