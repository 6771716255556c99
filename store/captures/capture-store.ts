import type {
  CapturePart,
  CapturePartKind,
  CaptureStatus,
  Language,
  Report,
  WorstFindingSummary,
} from '../../api/index.ts'
import type { BlobKey, StoredBlob } from '../blobs/blob-store.ts'
import type {
  AddedProfile,
  NewProfile,
  ProfileLabel,
  ProfileSource,
} from '../profiles/profile-store.ts'
import type { Page, PageRequest } from '../page.ts'
import type { CaptureTable } from '../sqlite/capture-schema.ts'
import type { RequestedCapture } from './requested-capture.ts'

/** Why a capture, or a part of it, is not as wished: a code of the error catalogue and a sentence. */
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
>

/** One file of an uploaded bundle, durable already. */
export interface UploadedFile {
  readonly name: string
  readonly kind: CapturePartKind
  readonly blob: StoredBlob
  /** What is known of the profile that it is; null for other files. */
  readonly profile: ProfileSource | null
}

/** A capture that was taken elsewhere. Its parts are those that are no file of it: what failed or was skipped. */
export interface UploadedCapture
  extends
    Omit<NewCapture, 'processKey' | 'schedule' | 'request'>,
    Pick<
      StoredCapture,
      'startedAtMs' | 'finishedAtMs' | 'kubernetesVersion' | 'goVersion' | 'parts' | 'error'
    > {
  /** Content and source as one hash: two live captures never share it. */
  readonly dedupeKey: string
  readonly status: 'complete' | 'partial' | 'failed' | 'cancelled'
  /** At least one; names are unique. */
  readonly files: readonly UploadedFile[]
}

export interface AddedCapture {
  readonly capture: StoredCapture
  /** The analyses to notify the queue of; none for a duplicate. */
  readonly analysisIds: readonly string[]
  /** True when this content of this source was known: `capture` is the known one and no new blob is referred to. */
  readonly isDuplicate: boolean
}

/** What a row holds that is the store's own, or JSON. */
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
  | 'deletedAtMs'

/** A row as others see it: its JSON parsed, its files as parts, and how far it is judged. */
export interface StoredCapture extends Omit<CaptureTable, OwnColumns> {
  /** What is to be taken; null for what was uploaded. */
  readonly request: RequestedCapture | null
  readonly labels: readonly ProfileLabel[]
  /** In the order in which they are taken; files that nobody announced come last. */
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
  /** The fence: what is written without it, or with an older one, is thrown away. */
  readonly leaseToken: string
}

export interface CaptureClaimRequest {
  /** Names the collector, for people who look at the rows. */
  readonly owner: string
  readonly leaseMs: number
}

/** What changes while a capture is taken; what is not named stays. */
export interface CaptureChange {
  /** All parts, in their order. What has become a file is shown as taken whatever this says. */
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

/** Where in a capture a profile belongs that its collector has just taken. */
export interface CapturePlace {
  /** Of the collector: once it lost its lease, nothing is added any more. */
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

/** Those that match every filter given. */
export interface CaptureFilter {
  readonly target?: string
  readonly component?: string
  readonly status?: CaptureStatus
  /** `startedAtMs`, else `createdAtMs`, from this time on. */
  readonly fromMs?: number
  /** `startedAtMs`, else `createdAtMs`, before this time. */
  readonly toMs?: number
  readonly labels?: readonly ProfileLabel[]
}

/**
 * The captures as rows. Methods that take a claim answer false when its lease was lost: the caller stops at once, and
 * what it wrote is not referred to. Every method may throw DATABASE_UNAVAILABLE; those that write also STORAGE_FULL and
 * STORAGE_FAILED. What a writing method has returned is durable.
 */
export interface CaptureStore {
  /** Adds captures in state `waiting`, all or none, in the order given. */
  create(captures: readonly NewCapture[]): Promise<readonly StoredCapture[]>
  /** Adds a capture with all its profiles and files in one commit, or finds the one with the same dedupeKey. */
  addUploaded(upload: UploadedCapture): Promise<AddedCapture>
  /** The live capture of this id, or `null`. */
  find(id: string): Promise<StoredCapture | null>
  /** The live captures, newest first. A cursor that is none throws REQUEST_INVALID. */
  list(filter: CaptureFilter, page: PageRequest): Promise<Page<StoredCapture>>
  /** What waits to be taken, longest waiting first. */
  listWaiting(limit: number): Promise<readonly StoredCapture[]>
  /** From `waiting` to `running`, for one collector; `null` when it does not wait any more. */
  claim(id: string, request: CaptureClaimRequest): Promise<ClaimedCapture | null>
  /** `cancelled`: it is held, and somebody wants it to end. */
  renew(claim: ClaimedCapture, leaseMs: number): Promise<'held' | 'cancelled' | 'lost'>
  update(claim: ClaimedCapture, change: CaptureChange): Promise<boolean>
  /** As `profiles.add`, into the capture. Throws CAPTURE_FINISHED when its lease was lost. */
  addProfile(place: CapturePlace, profile: NewProfile): Promise<AddedProfile>
  /** Adds a file. One of this name throws REQUEST_INVALID. */
  addFile(claim: ClaimedCapture, file: NewCaptureFile): Promise<boolean>
  /** Ends it, for good; then it is judged. */
  finish(claim: ClaimedCapture, ending: CaptureEnding): Promise<boolean>
  /** Back to `waiting`, for a collector that stops before it has begun. */
  release(claim: ClaimedCapture): Promise<boolean>
  /** Ends what waits, and asks whoever takes it to end it. `null`: there is none; `finished`: it is over already. */
  cancel(id: string): Promise<'cancelled' | 'asked' | 'finished' | null>
  /** Ends those whose collector is gone: what was taken is kept. Says how many there were. */
  expireLeases(beforeMs: number): Promise<number>
  /** The files, profiles included, by name. */
  listFiles(id: string): Promise<readonly StoredCaptureFile[]>
  /** The report as it was judged last; `null` while there is none. */
  findReport(id: string, language: Language): Promise<Report | null>
  /** Pinned captures outlive retention. False: there is none of this id. */
  setPinned(id: string, isPinned: boolean): Promise<boolean>
  /**
   * Takes the capture and its profiles out of sight at once; the sweep deletes rows and bytes. `shared`: a live link
   * holds one of its profiles, and nothing was done.
   */
  remove(id: string): Promise<'removed' | 'shared' | null>
}
