import type { ProfileType, WorstFindingSummary } from '../../api/index.ts'
import type { PackedReports } from '../database/packed-json.ts'
import type { BlobKey, StoredBlob } from '../blobs/blob-store.ts'
import type { MeasuredLevels, StoredBaseline } from '../findings/baseline-rows.ts'
import type { SeenFindings } from '../findings/finding-store.ts'
import type { AnalysisVersions, JobClaim, JobStore } from '../jobs/job-store.ts'
import type { Look, Looked } from '../database/look.ts'
import type { ProfileFacts, ProfileFailure, ProfileSource } from './profile-store.ts'

/** An analysis that this worker holds. */
export interface ClaimedAnalysis extends JobClaim {
  readonly profileId: string
  readonly rawBlobKey: BlobKey
  readonly source: ProfileSource
  /** The capture it belongs to, which is judged when all its profiles are read. */
  readonly captureId: string | null
  /** The newest earlier cumulative profiles of the same target and instance. */
  readonly earlier: readonly EarlierProfile[]
  /** What is known of its process, of a lone profile that may be of CPU time; else null. */
  readonly baseline: StoredBaseline | null
}

export interface EarlierProfile {
  readonly type: ProfileType
  readonly rawBlobKey: BlobKey
}

export interface AnalysisResult {
  /** Null where the file is decoded as quickly. */
  readonly columns: StoredBlob | null
  readonly facts: ProfileFacts
  /** The same findings, in each language. */
  readonly reports: PackedReports
  readonly worstFinding: WorstFindingSummary | null
  readonly findingCount: number
  readonly seen: SeenFindings
  readonly measured: MeasuredLevels | null
}

/** Which analyses a claim may take: `normal` never crashed, `isolated` did and run alone. */
export type Lane = 'normal' | 'isolated'

export interface ClaimRequest {
  /** Name of the worker, for people who read the rows. */
  readonly owner: string
  readonly leaseMs: number
  readonly versions: AnalysisVersions
}

/**
 * The analyses of profiles. `complete` makes an analysis the profile's current one; one that is given up is
 * `quarantined`.
 */
export interface AnalysisStore extends JobStore<ClaimedAnalysis, AnalysisResult, ProfileFailure> {
  /** Claims this analysis when it is due in the normal lane and unclaimed; else returns `null`. */
  claim(id: string, request: ClaimRequest): Promise<ClaimedAnalysis | null>
  /** Whether an analysis can be claimed. */
  hasDue(lane: Lane, request: ClaimRequest): Promise<boolean>
  /** Claims the longest-due analysis of this lane, or returns `null` when no analysis is due. */
  claimNext(lane: Lane, request: ClaimRequest): Promise<ClaimedAnalysis | null>
  /** Adds analyses for those of the next profiles, in order of id, whose result has other versions. */
  addForVersions(versions: AnalysisVersions, look: Look): Promise<Looked>
  /** How many wait, and how long the oldest has waited; for metrics. */
  backlog(): Promise<Backlog>
}

export interface Backlog {
  readonly waitingCount: number
  readonly oldestReceivedAtMs: number | null
}
