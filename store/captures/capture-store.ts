import type {
  CaptureFacets,
  CaptureMatch,
  CapturePart,
  CapturePartKind,
  CaptureStatus,
  Language,
  Level,
  ProfileType,
  Report,
  WorstFindingSummary,
} from '../../api/index.ts'
import type { BlobKey, StoredBlob } from '../blobs/blob-store.ts'
import type { Nearest } from '../near.ts'
import type {
  AddedProfile,
  NewProfile,
  ProfileLabel,
  ProfileSource,
} from '../profiles/profile-store.ts'
import type { Page, PageRequest } from '../page.ts'
import type { CaptureTable } from '../schema/capture-schema.ts'
import type { RequestedCapture } from './requested-capture.ts'

/** Why a capture or a part of it failed: a code of the error catalogue and a sentence. */
export interface CaptureFailure {
  readonly code: string
  readonly message: string
}

/** A capture to be taken: it waits until a collector claims it. */
export type NewCapture = Pick<
  StoredCapture,
  | 'origin'
  | 'target'
  | 'component'
  | 'instance'
  | 'cluster'
  | 'processKey'
  | 'schedule'
  | 'request'
  | 'seconds'
  | 'labels'
  | 'note'
> & {
  /** The space it belongs to; the default one where it is absent. */
  readonly space?: string
}

/** One file of an uploaded bundle, durable already. */
export interface UploadedFile {
  readonly name: string
  readonly kind: CapturePartKind
  readonly blob: StoredBlob
  /** The facts of the profile; null for other files. */
  readonly profile: ProfileSource | null
}

/** A capture that was taken elsewhere. Its parts are those without a file: failed or skipped. */
export interface UploadedCapture
  extends
    Omit<NewCapture, 'processKey' | 'schedule' | 'request'>,
    Pick<
      StoredCapture,
      'startedAtMs' | 'finishedAtMs' | 'kubernetesVersion' | 'goVersion' | 'parts' | 'error'
    > {
  /** Hash of content and source; unique among live captures. */
  readonly dedupeKey: string
  readonly status: 'complete' | 'partial' | 'failed' | 'cancelled'
  /** At least one; names are unique. */
  readonly files: readonly UploadedFile[]
}

export interface AddedCapture {
  readonly capture: StoredCapture
  /** The analyses to notify the queue of; none for a duplicate. */
  readonly analysisIds: readonly string[]
  /**
   * True when this content from this source was already stored: `capture` is the stored one and no
   * row refers to the new blobs.
   */
  readonly isDuplicate: boolean
}

/** The columns of a row that are internal to the store, or JSON. */
type OwnColumns =
  | 'requestJson'
  | 'labelsJson'
  | 'partsJson'
  | 'errorJson'
  | 'worstFindingJson'
  | 'dedupeKey'
  | 'leaseToken'
  | 'leaseUntilMs'
  | 'processStartedAtMs'
  | 'requestMetric'
  | 'requestCount'
  | 'requestCountBefore'
  | 'deletedAtMs'
  | 'space'

/** A row with its JSON parsed, its files as parts, and the state of its judgement. */
export interface StoredCapture extends Omit<CaptureTable, OwnColumns> {
  readonly space: string
  /** What to take; null for an uploaded capture. */
  readonly request: RequestedCapture | null
  readonly labels: readonly ProfileLabel[]
  /** In the order in which they are taken; unannounced files come last. */
  readonly parts: readonly CapturePart[]
  readonly error: CaptureFailure | null
  readonly reportStatus: 'waiting' | 'ready' | 'failed'
  /** Why there is no report; null unless `reportStatus` is failed. */
  readonly reportFailure: CaptureFailure | null
  readonly worstFinding: WorstFindingSummary | null
}

/** A capture that this collector takes until its lease runs out, unless it renews it. */
export interface ClaimedCapture {
  readonly id: string
  /** The fencing token: a write with a missing or older token is discarded. */
  readonly leaseToken: string
}

export interface CaptureClaimRequest {
  /** Name of the collector, for people who read the rows. */
  readonly owner: string
  readonly leaseMs: number
}

/** Changes to a capture while it is taken; fields left out stay unchanged. */
export interface CaptureChange {
  /** All parts, in order. A part with a file is shown as taken, whatever its state here. */
  readonly parts?: readonly CapturePart[]
  readonly component?: string | null
  readonly instance?: string | null
  readonly kubernetesVersion?: string | null
  readonly goVersion?: string | null
  readonly seconds?: number | null
  readonly note?: string | null
}

export interface CaptureEnding extends CaptureChange {
  readonly status: 'complete' | 'partial' | 'failed' | 'cancelled'
  readonly error: CaptureFailure | null
}

/** The place in a capture of a profile just taken. */
export interface CapturePlace {
  /** The claim of the collector; without a valid lease nothing is added. */
  readonly claim: ClaimedCapture
  readonly kind: CapturePartKind
  /** Unique in the capture. */
  readonly name: string
  readonly durationMs: number | null
  readonly note: string | null
}

/** A file beside the profiles: metrics, a version, a log, a trace. Profiles come in through `addProfile`. */
export interface NewCaptureFile {
  /** Unique in the capture. */
  readonly name: string
  readonly kind: CapturePartKind
  readonly blob: StoredBlob
  readonly durationMs: number | null
  readonly note: string | null
}

export interface StoredCaptureFile {
  readonly name: string
  readonly kind: CapturePartKind
  readonly profileId: string | null
  /** Of the profile as it was uploaded, or of the file itself. */
  readonly blobKey: BlobKey
  readonly sizeBytes: number
  readonly createdAtMs: number
}

/** A row must match every filter given. An empty text is of rows without one. */
export interface CaptureFilter {
  readonly space?: string
  readonly target?: string
  readonly component?: string
  readonly instance?: string
  readonly cluster?: string
  /** It has a profile of this type. */
  readonly type?: ProfileType
  readonly status?: CaptureStatus
  /** Of the worst finding; `''` for captures without one. */
  readonly level?: Level | ''
  /** `startedAtMs`, else `createdAtMs`, from this time on. */
  readonly fromMs?: number
  /** `startedAtMs`, else `createdAtMs`, before this time. */
  readonly toMs?: number
  readonly labels?: readonly ProfileLabel[]
}

/** A capture that another can be compared with. */
export interface MatchedCapture {
  readonly match: CaptureMatch
  readonly capture: StoredCapture
}

/**
 * The captures as rows. Methods that take a claim return false when its lease was lost: the caller
 * stops at once, and no row refers to the blobs it wrote. Every method may throw
 * DATABASE_UNAVAILABLE; those that write also STORAGE_FULL and STORAGE_FAILED. A writing method
 * returns once its change is durable.
 */
export interface CaptureStore {
  /** Adds captures in state `waiting`, in the order given and in one transaction. */
  create(captures: readonly NewCapture[]): Promise<readonly StoredCapture[]>
  /** Adds a capture with all its profiles and files in one commit, or finds the one with the same dedupeKey. */
  addUploaded(upload: UploadedCapture): Promise<AddedCapture>
  /** The live capture of this id, or `null`. */
  find(id: string): Promise<StoredCapture | null>
  /**
   * What to compare it with, in its space and of the same process, as far as that is known; with `kind`, of those alone
   * that have such a part. Neither for an unknown id.
   */
  nearest(id: string, kind?: CapturePartKind): Promise<Nearest<MatchedCapture>>
  /** The live captures, newest first. Throws REQUEST_INVALID for an invalid cursor. */
  list(filter: CaptureFilter, page: PageRequest): Promise<Page<StoredCapture>>
  /** How many captures that match all other filters have each value; of many the newest are counted. */
  facets(filter: CaptureFilter): Promise<CaptureFacets>
  /** The waiting captures, longest waiting first. */
  listWaiting(limit: number): Promise<readonly StoredCapture[]>
  /** From `waiting` to `running`, for one collector; `null` when it is no longer waiting. */
  claim(id: string, request: CaptureClaimRequest): Promise<ClaimedCapture | null>
  /** `cancelled`: the lease is held, and cancellation was requested. */
  renew(claim: ClaimedCapture, leaseMs: number): Promise<'held' | 'cancelled' | 'lost'>
  update(claim: ClaimedCapture, change: CaptureChange): Promise<boolean>
  /** As `profiles.add`, into the capture. Throws CAPTURE_FINISHED when its lease was lost. */
  addProfile(place: CapturePlace, profile: NewProfile): Promise<AddedProfile>
  /** Adds a file. Throws REQUEST_INVALID when the name exists. */
  addFile(claim: ClaimedCapture, file: NewCaptureFile): Promise<boolean>
  /** Ends it permanently and enqueues its judgement. */
  finish(claim: ClaimedCapture, ending: CaptureEnding): Promise<boolean>
  /** Back to `waiting`, for a collector that stops before it began. */
  release(claim: ClaimedCapture): Promise<boolean>
  /**
   * Cancels a waiting capture, or asks the collector of a running one to end it (`asked`).
   * `finished`: it has already ended; `null`: unknown id.
   */
  cancel(id: string): Promise<'cancelled' | 'asked' | 'finished' | null>
  /** Ends captures whose collector is gone; the parts taken are kept. Returns their number. */
  expireLeases(beforeMs: number): Promise<number>
  /** The files, profiles included, by name. */
  listFiles(id: string): Promise<readonly StoredCaptureFile[]>
  /** The latest report; `null` before the first. */
  findReport(id: string, language: Language): Promise<Report | null>
  /** Retention keeps pinned captures. Returns false for an unknown id. */
  setPinned(id: string, isPinned: boolean): Promise<boolean>
  /**
   * Marks the capture and its profiles as deleted; the sweep deletes rows and bytes later.
   * `shared`: a valid link shares one of its profiles, so nothing was deleted.
   */
  remove(id: string): Promise<'removed' | 'shared' | null>
}
