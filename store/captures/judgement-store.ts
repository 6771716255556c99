import type { Language, Report, WorstFindingSummary } from '../../api/index.ts'
import type { AnalysisVersions, JobClaim, JobStore } from '../jobs/job-store.ts'
import type { CaptureFailure, StoredCaptureFile } from './capture-store.ts'

/** A capture that this worker judges; `id` is the capture's. */
export interface ClaimedJudgement extends JobClaim {
  /** As its owner says it; null for what the profiles tell. */
  readonly component: string | null
  readonly files: readonly StoredCaptureFile[]
  /** Earlier captures of the same target, instance and cluster, newest first: one of them may be of the same process. */
  readonly earlier: readonly EarlierCapture[]
}

export interface EarlierCapture {
  readonly captureId: string
  readonly files: readonly StoredCaptureFile[]
}

export interface JudgementResult {
  /** The same findings, in each language. */
  readonly reports: Readonly<Record<Language, Report>>
  readonly worstFinding: WorstFindingSummary | null
  readonly findingCount: number
  readonly kubernetesVersion: string | null
  readonly goVersion: string | null
  readonly component: string | null
  readonly processStartedAtMs: number | null
  /** The earlier capture that cumulative profiles were compared with. */
  readonly previousCaptureId: string | null
}

export interface JudgementClaimRequest {
  readonly leaseMs: number
  readonly versions: AnalysisVersions
}

/**
 * The judgements of captures as a whole, each due once its capture is over and all its profiles are read. The report
 * before stays until there is a new one; a judgement that is given up is `failed`.
 */
export interface JudgementStore extends JobStore<
  ClaimedJudgement,
  JudgementResult,
  CaptureFailure
> {
  /** Claims the capture that has been due longest, or `null` when there is none. */
  claimNext(request: JudgementClaimRequest): Promise<ClaimedJudgement | null>
  /** Claims this capture, if it is due and nobody has it; else `null`. */
  claim(captureId: string, request: JudgementClaimRequest): Promise<ClaimedJudgement | null>
  /** Has those judged again whose report is of other versions, at most `limit`; says how many. */
  addForVersions(versions: AnalysisVersions, limit: number): Promise<number>
}
