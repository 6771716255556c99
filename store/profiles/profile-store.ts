import type { PageRequest, Page } from '../page.ts'
import type {
  CaptureMatch,
  ProfileFacets,
  Language,
  Level,
  ProfileStatus,
  ProfileType,
  Remark,
  Report,
  SampleTypeTotal,
  WorstFindingSummary,
} from '../../api/index.ts'
import type { BlobKey, StoredBlob } from '../blobs/blob-store.ts'
import type { Nearest } from '../near.ts'
import type { BlobFault } from '../blobs/verify.ts'

/** What the uploader declared about a profile; `null` for what was not declared. */
export interface ProfileSource {
  /** The space it belongs to; the default one where it is absent. */
  readonly space?: string
  readonly target: string | null
  readonly component: string | null
  readonly instance: string | null
  readonly cluster: string | null
  readonly type: ProfileType | null
  readonly takenAtMs: number | null
  /** For display only, never a path. */
  readonly fileName: string | null
  /** In the order given; a name may come once. */
  readonly labels: readonly ProfileLabel[]
}

export interface ProfileLabel {
  readonly name: string
  readonly value: string
}

/** The facts read from a profile, beside its columns and its report. */
export interface ProfileFacts {
  readonly type: ProfileType
  readonly component: string | null
  readonly kubernetesVersion: string | null
  readonly goVersion: string | null
  readonly takenAtMs: number | null
  readonly durationSeconds: number | null
  readonly sampleCount: number
  readonly sampleTypes: readonly SampleTypeTotal[]
  readonly defaultSampleType: string
  readonly warnings: readonly Remark[]
}

/** Why an analysis failed: a code of the error catalogue with its details. */
export interface ProfileFailure {
  readonly code: string
  readonly message: string
  /**
   * A stable identifier: gzip_truncated, wire_type, ...; oom, timeout or crash for a quarantined
   * profile.
   */
  readonly reason: string | null
  readonly offsetBytes: number | null
}

/**
 * One profile with its current analysis. `target`, `component`, `type` and `takenAtMs` are as the
 * uploader declared them, else as read from the profile. A newer analysis becomes the current one
 * only when it is ready.
 */
export interface StoredProfile {
  readonly id: string
  readonly space: string
  readonly captureId: string | null
  readonly status: ProfileStatus
  readonly target: string | null
  readonly component: string | null
  readonly instance: string | null
  readonly cluster: string | null
  readonly type: ProfileType | null
  readonly labels: readonly ProfileLabel[]
  readonly fileName: string | null
  readonly receivedAtMs: number
  readonly takenAtMs: number | null
  /** `null` unless it is pinned. */
  readonly pinnedAtMs: number | null
  readonly sha256: string
  readonly sizeBytes: number
  readonly rawBlobKey: BlobKey
  /** What is wrong with the stored file; `null` while it is fine. */
  readonly rawBlobFault: BlobFault | null
  /** `null` until the status is `ready`, for small files, and once the columns of an older profile are deleted. */
  readonly columnsBlobKey: BlobKey | null
  /** `null` until the status is `ready`. */
  readonly facts: ProfileFacts | null
  /** `null` unless the status is `failed` or `quarantined`. */
  readonly failure: ProfileFailure | null
  readonly worstFinding: WorstFindingSummary | null
  readonly findingCount: number
}

export interface NewProfile {
  readonly source: ProfileSource
  /** Hash of content and source; unique among live profiles. */
  readonly dedupeKey: string
  readonly blob: StoredBlob
  readonly receivedAtMs: number
}

export interface AddedProfile {
  readonly profile: StoredProfile
  /** The analysis to notify the queue of; `null` for a duplicate, whose analysis was announced before. */
  readonly analysisId: string | null
  /**
   * True when this content from this source was already stored: `profile` is the stored one and no
   * row refers to the new blob.
   */
  readonly isDuplicate: boolean
}

/** A profile that another can be compared with. */
export interface MatchedProfile {
  readonly match: CaptureMatch
  readonly profile: StoredProfile
}

/** A row must match every filter given. An empty text is of rows without one. */
export interface ProfileFilter {
  readonly space?: string
  readonly target?: string
  readonly component?: string
  readonly instance?: string
  readonly cluster?: string
  readonly type?: ProfileType
  readonly status?: ProfileStatus
  /** Of the worst finding; `''` for profiles without one. */
  readonly level?: Level | ''
  /** `takenAtMs`, else `receivedAtMs`, from this time on. */
  readonly fromMs?: number
  /** `takenAtMs`, else `receivedAtMs`, before this time. */
  readonly toMs?: number
  readonly labels?: readonly ProfileLabel[]
  /** Those in no capture. */
  readonly isAlone?: true
}

/**
 * The profiles as rows. Every method may throw DATABASE_UNAVAILABLE; those that write also
 * STORAGE_FULL and STORAGE_FAILED. A writing method returns once its change is durable.
 */
export interface ProfileStore {
  /** Adds a profile and its first analysis in state `received`, or finds the one with the same dedupeKey. */
  add(profile: NewProfile): Promise<AddedProfile>
  /** The live profile of this id, or `null`. */
  find(id: string): Promise<StoredProfile | null>
  /**
   * What to compare a profile that is in no capture with: profiles of the same type, in its space and of the same process,
   * as far as that is known. Neither for an unknown id.
   */
  nearest(id: string): Promise<Nearest<MatchedProfile>>
  /** The live profiles, newest first. Throws REQUEST_INVALID for an invalid cursor. */
  list(filter: ProfileFilter, page: PageRequest): Promise<Page<StoredProfile>>
  /** How many profiles that match all other filters have each value; of many the newest are counted. */
  facets(filter: ProfileFilter): Promise<ProfileFacets>
  /** The report of the current analysis, as it was judged; `null` unless the status is `ready`. */
  findReport(id: string, language: Language): Promise<Report | null>
  /** Retention keeps pinned profiles, and the whole capture of one. Returns false for an unknown id. */
  setPinned(id: string, isPinned: boolean): Promise<boolean>
  /**
   * Marks the profile as deleted and revokes its links; the sweep deletes rows and bytes later.
   * Returns false for an unknown id. Throws PROFILE_IN_USE while a link shares it.
   */
  remove(id: string): Promise<boolean>
}
