import type { Language, ProfileType, Report, WorstFindingSummary } from '../../api/index.ts'
import type { BlobKey, StoredBlob } from '../blobs/blob-store.ts'
import type { AnalysisVersions, JobClaim, JobStore } from '../jobs/job-store.ts'
import type { ProfileFacts, ProfileFailure, ProfileSource } from './profile-store.ts'

/** An analysis that this worker holds. */
export interface ClaimedAnalysis extends JobClaim {
  readonly profileId: string
  readonly rawBlobKey: BlobKey
  readonly source: ProfileSource
  /** The capture it belongs to, which is judged when all its profiles are read. */
  readonly captureId: string | null
  /** The newest profiles of the same target and instance before it that count since the process started. */
  readonly earlier: readonly EarlierProfile[]
}

export interface EarlierProfile {
  readonly type: ProfileType
  readonly rawBlobKey: BlobKey
}

export interface AnalysisResult {
  readonly columns: StoredBlob
  readonly facts: ProfileFacts
  /** The same findings, in each language. */
  readonly reports: Readonly<Record<Language, Report>>
  readonly worstFinding: WorstFindingSummary | null
  readonly findingCount: number
}

/** Which analyses a claim may take: those that never crashed, or those that did and run alone. */
export type Lane = 'normal' | 'isolated'

export interface ClaimRequest {
  /** Names the worker, for people who look at the rows. */
  readonly owner: string
  readonly leaseMs: number
  readonly versions: AnalysisVersions
}

/**
 * The analyses of profiles. `complete` makes an analysis the profile's current one; one that is given up is
 * `quarantined`.
 */
export interface AnalysisStore extends JobStore<ClaimedAnalysis, AnalysisResult, ProfileFailure> {
  /** Claims this analysis when it is due in the normal lane and nobody has it; else `null`. */
  claim(id: string, request: ClaimRequest): Promise<ClaimedAnalysis | null>
  /** Whether there is one to claim. */
  hasDue(lane: Lane, request: ClaimRequest): Promise<boolean>
  /** Claims the analysis that has been due longest in this lane, or `null` when there is none. */
  claimNext(lane: Lane, request: ClaimRequest): Promise<ClaimedAnalysis | null>
  /** Adds analyses for ready profiles whose result is of other versions, at most `limit`; says how many. */
  addForVersions(versions: AnalysisVersions, limit: number): Promise<number>
  /** How many wait, and since when the oldest does; for metrics. */
  backlog(): Promise<Backlog>
}

export interface Backlog {
  readonly waitingCount: number
  readonly oldestReceivedAtMs: number | null
}
