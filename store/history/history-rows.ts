import type { ProfileType } from '../../api/index.ts'
import type { BlobKey, StoredBlob } from '../blobs/blob-store.ts'
import type { Look, Looked } from '../database/look.ts'
import type { HistoryLevel } from '../schema/history-schema.ts'

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

/** A block of profiles, or of a roll-up of them; `blobKey` holds it compressed. */
export interface HistoryBlock {
  readonly id: string
  readonly blobKey: BlobKey
  readonly level: HistoryLevel
  /** The day (UTC) that it is of; of level `day` the first of its month. */
  readonly dayMs: number
  /** The times of the first and the last profile. */
  readonly fromMs: number
  readonly lastMs: number
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
  /** What its analysis read of it; null if there is none. */
  readonly columnsBlobKey: BlobKey | null
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

/** Profiles in blocks of level `full`, and in none. */
export interface HistoryProfiles {
  readonly blocks: readonly HistoryBlock[]
  readonly pending: readonly PendingProfile[]
  /** Profiles in the blocks that do not count: deleted, or in `pending` as well. */
  readonly skippedIds: readonly string[]
}

/** All of the days that a span touches; of those before it, what has the last profile of a process. */
export interface HistoryParts extends HistoryProfiles {
  /** The blocks with such a last profile. */
  readonly beforeIds: readonly string[]
  /** How many profiles no block has because they were put into ClickHouse. */
  readonly elsewhereCount: number
  /** How many profiles of the span a rebuild has not read again yet. Those that have a copy are not in `pending`. */
  readonly staleCount: number
  readonly rollUps: readonly HistoryBlock[]
  readonly days: readonly HistoryDay[]
}

/** What roll-ups there are of a day that is over. */
export interface HistoryDay {
  readonly dayMs: number
  /** Whether the block of the month has it. */
  readonly isRolledUp: boolean
  /** Whether profiles of the day wait to be packed or to leave their block: roll-ups are not of what there is then. */
  readonly isChanging: boolean
}

/** What this worker turns into new blocks: blocks and profiles of one group and day. */
export interface PackingClaim extends HistoryProfiles {
  readonly groupId: string
  readonly leaseToken: string
  readonly dayMs: number
  /** The day is over: all of it becomes one block of each shape, and one of its hours. */
  readonly isWholeDay: boolean
  /** The hours of the day as they were. */
  readonly oldHours: readonly HistoryBlock[]
}

/** What this worker turns into blocks of a month: days that changed, and the month as it was. */
export interface RollUpClaim {
  readonly groupId: string
  readonly leaseToken: string
  readonly monthMs: number
  readonly days: readonly number[]
  /** The hours of these days. */
  readonly hours: readonly HistoryBlock[]
  readonly months: readonly HistoryBlock[]
}

export interface PackedBlock {
  readonly level: HistoryLevel
  readonly blob: StoredBlob
  readonly shape: string
  readonly fromMs: number
  readonly lastMs: number
  readonly version: number
  readonly profileCount: number
  /** Of level `full`; of roll-ups none. */
  readonly profileIds: readonly string[]
}

export interface Packed {
  readonly blocks: readonly PackedBlock[]
  /** Pending profiles whose bytes could not be read. */
  readonly failedIds: readonly string[]
  /** Blocks of the claim whose bytes could not be read: their profiles are packed again from their files. */
  readonly lostBlockIds: readonly string[]
}

export type RolledUpDays = Pick<Packed, 'blocks' | 'lostBlockIds'>

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

/** How long a level is kept. */
export interface TierRules {
  /** Forgets what is older than this time; null for no age limit. */
  readonly beforeMs: number | null
  /** Forgets the oldest while the level is larger; null for no limit. */
  readonly bytesMax: number | null
}

/** What the profiles of one type take in one form: as files, with what their analysis read, or in blocks of a level. */
export interface StoredSize {
  readonly type: ProfileType
  readonly form: 'files' | HistoryLevel
  readonly profileCount: number
  readonly sizeBytes: number
  /** Profiles of the type that were received in the last 24 hours. */
  readonly recentCount: number
}

/**
 * The rows of history. Profiles enter in the commit that makes them ready, once each, so nothing is lost or counted
 * twice; packing replaces rows of blocks in one commit after the new blobs are durable.
 */
export interface HistoryRows {
  /** Enters those of the next profiles, in order of id, that are ready, have a target and are not there yet. */
  addMissing(look: Look): Promise<Looked>
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
  releasePacking(claim: Pick<PackingClaim, 'groupId' | 'leaseToken'>): Promise<void>
  /** Claims days whose hours are to be rolled up, at most `daysMax` of a month, or returns `null`. */
  claimRollUp(rules: Pick<PackingRules, 'leaseMs'>, daysMax: number): Promise<RollUpClaim | null>
  /** As `commitPacking`. */
  commitRollUp(claim: RollUpClaim, rolledUp: RolledUpDays): Promise<readonly BlobKey[] | null>
  /**
   * Forgets days, or months, of a level that the rules do not keep, at most `limit`. What has profiles whose files are
   * there stays, and so does what no coarser level has. Returns the keys of the blobs to delete.
   */
  expire(level: HistoryLevel, rules: TierRules, limit: number): Promise<readonly BlobKey[]>
  /** What profiles take, by type and form; without those that have nothing. */
  sizes(): Promise<readonly StoredSize[]>
  /** Has all profiles read again whose files are there; until then they count as they are. Returns their number. */
  rebuild(): Promise<number>
}
