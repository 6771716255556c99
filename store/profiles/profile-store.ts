import type { PageRequest, Page } from '../page.ts'
import type {
  Language,
  ProfileStatus,
  ProfileType,
  Remark,
  Report,
  SampleTypeTotal,
  WorstFindingSummary,
} from '../../api/index.ts'
import type { BlobKey, StoredBlob } from '../blobs/blob-store.ts'

/** What the uploader said of a profile. `null` where nothing was said. */
export interface ProfileSource {
  readonly target: string | null
  readonly component: string | null
  readonly instance: string | null
  readonly cluster: string | null
  readonly type: ProfileType | null
  readonly takenAtMs: number | null
  /** For display alone, never a path. */
  readonly fileName: string | null
  /** In the order given; a name may come once. */
  readonly labels: readonly ProfileLabel[]
}

export interface ProfileLabel {
  readonly name: string
  readonly value: string
}

/** What reading a profile told, beside its columns and its report. */
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
  /** A stable word: gzip_truncated, wire_type, ...; oom, timeout or crash of a quarantined profile. */
  readonly reason: string | null
  readonly offsetBytes: number | null
}

/**
 * One profile with its current analysis. `target`, `component`, `type` and `takenAtMs` are what the uploader said, else
 * what reading told. A newer analysis becomes the current one only when it is ready.
 */
export interface StoredProfile {
  readonly id: string
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
  readonly sha256: string
  readonly sizeBytes: number
  readonly rawBlobKey: BlobKey
  /** `null` until the status is `ready`. */
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
  /** Content and source as one hash: two live profiles never share it. */
  readonly dedupeKey: string
  readonly blob: StoredBlob
  readonly receivedAtMs: number
}

export interface AddedProfile {
  readonly profile: StoredProfile
  /** The analysis to notify the queue of; `null` for a duplicate, whose analysis was announced before. */
  readonly analysisId: string | null
  /** True when this content of this source was known: `profile` is the known one and the new blob is not referred to. */
  readonly isDuplicate: boolean
}

/** Those that match every filter given. */
export interface ProfileFilter {
  readonly target?: string
  readonly component?: string
  readonly instance?: string
  readonly type?: ProfileType
  readonly status?: ProfileStatus
  /** `takenAtMs`, else `receivedAtMs`, from this time on. */
  readonly fromMs?: number
  /** `takenAtMs`, else `receivedAtMs`, before this time. */
  readonly toMs?: number
  readonly labels?: readonly ProfileLabel[]
}

/**
 * The profiles as rows. Every method may throw DATABASE_UNAVAILABLE; those that write also STORAGE_FULL and
 * STORAGE_FAILED. What a writing method has returned is durable.
 */
export interface ProfileStore {
  /** Adds a profile and its first analysis in state `received`, or finds the one with the same dedupeKey. */
  add(profile: NewProfile): Promise<AddedProfile>
  /** The live profile of this id, or `null`. */
  find(id: string): Promise<StoredProfile | null>
  /** The live profiles, newest first. A cursor that is none throws REQUEST_INVALID. */
  list(filter: ProfileFilter, page: PageRequest): Promise<Page<StoredProfile>>
  /** The report of the current analysis, as it was judged; `null` unless the status is `ready`. */
  findReport(id: string, language: Language): Promise<Report | null>
  /** Takes the profile out of sight at once and revokes its links; the sweep deletes rows and bytes. False: not there. */
  remove(id: string): Promise<boolean>
}
