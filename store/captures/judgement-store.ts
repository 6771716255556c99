import type { WorstFindingSummary } from '../../api/index.ts'
import type { PackedReports } from '../database/packed-json.ts'
import type { AnalysisVersions, JobClaim, JobStore } from '../jobs/job-store.ts'
import type { Look, Looked } from '../database/look.ts'
import type { MeasuredLevels, StoredBaseline } from '../findings/baseline-rows.ts'
import type { SeenFindings } from '../findings/finding-store.ts'
import type { CaptureFailure, StoredCaptureFile } from './capture-store.ts'

/** A capture that this worker judges; `id` is the capture's. */
export interface ClaimedJudgement extends JobClaim {
  /** The declared component; null to infer it from the profiles. */
  readonly component: string | null
  /** Where the process answers, for commands of the report: a URL or `host:port`; null if unknown. */
  readonly address: string | null
  readonly files: readonly StoredCaptureFile[]
  /**
   * Earlier captures of the same target, instance and cluster, newest first; they may be of the
   * same process.
   */
  readonly earlier: readonly EarlierCapture[]
  /** What is known of its process; null for an unknown process. */
  readonly baseline: StoredBaseline | null
}

export interface EarlierCapture {
  readonly captureId: string
  readonly files: readonly StoredCaptureFile[]
}

export interface JudgementResult {
  /** The same findings, in each language. */
  readonly reports: PackedReports
  readonly worstFinding: WorstFindingSummary | null
  readonly findingCount: number
  readonly kubernetesVersion: string | null
  readonly goVersion: string | null
  readonly component: string | null
  readonly processStartedAtMs: number | null
  /** What the process had served since its start, and the metric that counts it. */
  readonly requests: {
    readonly metric: string
    readonly count: number
    /** Before the profiles were taken; null where that is not known. */
    readonly countBefore: number | null
  } | null
  /** The earlier capture that cumulative profiles were compared with. */
  readonly previousCaptureId: string | null
  readonly seen: SeenFindings
  readonly measured: MeasuredLevels | null
}

export interface JudgementClaimRequest {
  readonly leaseMs: number
  readonly versions: AnalysisVersions
}

/**
 * The judgements of captures as a whole, each due once its capture has ended and all its profiles
 * are read. The previous report stays until a new one exists; a judgement that is given up is
 * `failed`.
 */
export interface JudgementStore extends JobStore<
  ClaimedJudgement,
  JudgementResult,
  CaptureFailure
> {
  /** Claims the longest-due capture, or returns `null` when no capture is due. */
  claimNext(request: JudgementClaimRequest): Promise<ClaimedJudgement | null>
  /** Claims this capture when it is due and unclaimed; else returns `null`. */
  claim(captureId: string, request: JudgementClaimRequest): Promise<ClaimedJudgement | null>
  /** Enqueues those of the next captures, in order of id, whose report has other versions. */
  addForVersions(versions: AnalysisVersions, look: Look): Promise<Looked>
}
