import type { ProfileType } from '../../api/index.ts'
import type { BlobKey, StoredBlob } from '../blobs/blob-store.ts'

/** A set of labels: target, cluster, component, instance, version, type, and those of the uploader. */
export interface HistorySeries {
  readonly id: string
  readonly groupId: string
  readonly space: string
  readonly target: string
  readonly type: ProfileType
  /** Identifies the process within the target. */
  readonly process: string
  readonly labels: Readonly<Record<string, string>>
}

/** A block of profiles; `blobKey` holds it compressed. */
export interface HistoryBlock {
  readonly id: string
  readonly blobKey: BlobKey
  readonly shape: string
  readonly sizeBytes: number
  readonly profileCount: number
}

/** A profile that is in no block yet. */
export interface PendingProfile {
  readonly profileId: string
  readonly seriesId: string
  readonly process: string
  readonly atMs: number
  readonly rawBlobKey: BlobKey
  readonly decoderVersion: string
}

export interface HistorySpan {
  readonly groupId: string
  readonly fromMs: number
  /** Not included. */
  readonly toMs: number
  /**
   * Also the last profile of each process before `fromMs`, if it is not older than this: values that count since the
   * start of a process are compared with it. Null where nothing counts in that way.
   */
  readonly beforeMs: number | null
}

/** Where the profiles of a span lie. Blocks may hold others too. */
export interface HistoryParts {
  readonly blocks: readonly HistoryBlock[]
  readonly pending: readonly PendingProfile[]
  /** Profiles in the blocks that do not count: deleted, or in `pending` as well. */
  readonly skippedIds: readonly string[]
}

/** What this worker turns into new blocks: blocks and profiles of one group and day. */
export interface PackingClaim extends HistoryParts {
  readonly groupId: string
  readonly leaseToken: string
  readonly dayMs: number
  /** The day is over: all of it becomes one block of each shape. */
  readonly isWholeDay: boolean
}

export interface PackedBlock {
  readonly blob: StoredBlob
  readonly shape: string
  readonly fromMs: number
  readonly lastMs: number
  readonly version: number
  readonly profileIds: readonly string[]
}

export interface Packed {
  readonly blocks: readonly PackedBlock[]
  /** Pending profiles whose bytes could not be read. */
  readonly failedIds: readonly string[]
  /** Blocks of the claim whose bytes could not be read: their profiles are packed again from their files. */
  readonly lostBlockIds: readonly string[]
}

export interface PackingRules {
  /** So many profiles are packed at once, or fewer when one waits longer than `pendingMsMax`. */
  readonly pendingMin: number
  readonly pendingMsMax: number
  /** At most so many are packed at once. */
  readonly pendingMax: number
  /** Days that ended before this time become one block of each shape. */
  readonly dayEndedBeforeMs: number
  readonly leaseMs: number
}

/**
 * The rows of history. Profiles enter in the commit that makes them ready, once each, so nothing is lost or counted
 * twice; packing replaces rows of blocks in one commit after the new blobs are durable.
 */
export interface HistoryRows {
  /** Enters ready profiles with a target that are not there yet, at most `limit`. Returns their number. */
  addMissing(limit: number): Promise<number>
  /** All sets of labels of a space. */
  series(space: string): Promise<readonly HistorySeries[]>
  find(span: HistorySpan): Promise<HistoryParts>
  /** Claims what is due, or returns `null`. */
  claimPacking(rules: PackingRules): Promise<PackingClaim | null>
  /**
   * Puts the new blocks in place of those of the claim. Returns the keys of the blobs to delete, or `null` when the claim
   * is lost: then nothing was written.
   */
  commitPacking(claim: PackingClaim, packed: Packed): Promise<readonly BlobKey[] | null>
  /** Gives the claim up. */
  releasePacking(claim: PackingClaim): Promise<void>
  /**
   * Forgets blocks whose last profile is older than this time, with what they hold, at most `limit`. Returns the keys of
   * the blobs to delete.
   */
  expire(beforeMs: number, limit: number): Promise<readonly BlobKey[]>
  /** Has all profiles read again whose files are there. Returns their number. */
  rebuild(): Promise<number>
}
