import type { Generated } from 'kysely'
import type { ProfileStatus, ProfileType } from '../../api/index.ts'
import type { BlobKey } from '../blobs/blob-store.ts'
import type { AccountSchema } from './account-schema.ts'
import type { BaselineSchema } from './baseline-schema.ts'
import type { BlobFault } from '../blobs/verify.ts'
import type { CaptureSchema } from './capture-schema.ts'
import type { FindingSchema } from './finding-schema.ts'
import type { HistorySchema } from './history-schema.ts'
import type { SafetySchema } from './safety-schema.ts'
import type { SpaceSchema } from './space-schema.ts'
import type { TargetSchema } from './target-schema.ts'

/** The tables, as the migrations make them. Columns whose name ends in `Json` hold JSON text. */
export interface Schema
  extends
    AccountSchema,
    BaselineSchema,
    CaptureSchema,
    TargetSchema,
    SafetySchema,
    HistorySchema,
    FindingSchema,
    SpaceSchema {
  readonly blob: BlobTable
  readonly profile: ProfileTable
  readonly profileLabel: ProfileLabelTable
  readonly analysis: AnalysisTable
  readonly report: ReportTable
  readonly link: LinkTable
}

/** A row exists only after the bytes are durable. */
export interface BlobTable {
  readonly id: BlobKey
  readonly sizeBytes: number
  readonly kind: 'raw' | 'columns' | 'file' | 'block'
  readonly createdAtMs: number
  /** When the bytes were last compared with the hash in the key; 0 for never. A put compares them. */
  readonly checkedAtMs: number
  /** What that comparison, or a reader, found; `null` while the bytes are fine. */
  readonly fault: BlobFault | null
}

export interface ProfileTable {
  readonly id: string
  readonly captureId: string | null
  readonly dedupeKey: string
  readonly rawBlobId: BlobKey
  /** The ProfileSource, as the uploader declared it. */
  readonly sourceJson: string
  // As the uploader declared it, else as read from the profile.
  readonly target: string | null
  readonly component: string | null
  readonly instance: string | null
  readonly cluster: string | null
  readonly type: ProfileType | null
  readonly takenAtMs: number | null
  readonly receivedAtMs: number
  readonly currentAnalysisId: string
  /** The state of that analysis where it is one of these: lists of the few that failed begin here. */
  readonly failedState: 'failed' | 'quarantined' | null
  readonly deletedAtMs: number | null
  readonly pinnedAtMs: number | null
  readonly space: Generated<string>
}

export interface ProfileLabelTable {
  readonly profileId: string
  readonly name: string
  readonly value: string
}

export interface AnalysisTable {
  readonly id: string
  readonly profileId: string
  /** Before the end: the requested versions, or `null` for any. After it: the versions used. */
  readonly decoderVersion: string | null
  readonly ruleSetVersion: string | null
  readonly state: ProfileStatus
  readonly claimCount: number
  readonly crashCount: number
  readonly retryCount: number
  readonly notBeforeMs: number
  readonly leaseOwner: string | null
  readonly leaseToken: string | null
  readonly leaseUntilMs: number | null
  readonly claimedAtMs: number | null
  readonly columnsBlobId: BlobKey | null
  readonly factsJson: string | null
  readonly failureJson: string | null
  readonly worstFindingJson: string | null
  readonly findingCount: number
  readonly createdAtMs: number
  readonly finishedAtMs: number | null
  /**
   * When a newer analysis of the profile replaced it. An older program does not write it, so a sweep looks for those too.
   */
  readonly supersededAtMs: number | null
}

/** One report per language, in its own table so that lists do not read it. */
export interface ReportTable {
  readonly analysisId: string
  readonly language: string
  /** As `packJson` makes it. */
  readonly reportJson: string
}

export interface LinkTable {
  readonly id: string
  readonly tokenHash: string
  readonly profileId: string | null
  readonly view: string
  readonly createdAtMs: number
  readonly expiresAtMs: number
  readonly revokedAtMs: number | null
  readonly name: string | null
  readonly createdBy: string | null
  /** The LinkExposure; `null` in links made before there was one. */
  readonly exposureJson: string | null
  readonly space: Generated<string>
  /** The capture of its profile, where the link shows the whole of it. */
  readonly captureId: string | null
  /** The profile that its profile is compared with. */
  readonly beforeProfileId: string | null
  readonly viewCount: Generated<number>
  readonly lastViewedAtMs: number | null
}
