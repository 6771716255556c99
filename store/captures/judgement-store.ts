import type { Language, Report, WorstFindingSummary } from '../../api/index.ts'
import type { AnalysisVersions, CrashRules } from '../profiles/analysis-store.ts'
import type { CaptureFailure, StoredCaptureFile } from './capture-store.ts'

/** A capture that this worker judges until its lease runs out, unless it renews it. */
export interface ClaimedJudgement {
  readonly captureId: string
  /** The fence: what is written without it, or with an older one, is thrown away. */
  readonly leaseToken: string
  /** How often it took its decoder or its host down, this run included. */
  readonly crashCount: number
  readonly retryCount: number
  readonly claimedAtMs: number
  /** As its owner says it; null for what the profiles tell. */
  readonly component: string | null
  readonly files: readonly StoredCaptureFile[]
  /** Earlier captures of the same target, instance and cluster, newest first: one of them may be of the same process. */
  readonly earlier: readonly EarlierCapture[]
  readonly versions: AnalysisVersions
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
 * The captures to be judged as a whole, once they are over and all their profiles are read. A row goes through the same
 * states as an analysis, and the report before stays until there is a new one.
 */
export interface JudgementStore {
  /** Claims the capture that has been due longest, or `null` when there is none. */
  claimNext(request: JudgementClaimRequest): Promise<ClaimedJudgement | null>
  /** Claims this capture, if it is due and nobody has it; else `null`. */
  claim(captureId: string, request: JudgementClaimRequest): Promise<ClaimedJudgement | null>
  renew(claim: ClaimedJudgement, leaseMs: number): Promise<boolean>
  complete(claim: ClaimedJudgement, result: JudgementResult): Promise<boolean>
  /** Failed for good: nothing of it can be read. A report that is there stays. */
  fail(claim: ClaimedJudgement, failure: CaptureFailure): Promise<boolean>
  /** Back to waiting, the crash given back. */
  release(claim: ClaimedJudgement): Promise<boolean>
  /** Back to waiting after a failure that is not the capture's. */
  retryLater(claim: ClaimedJudgement, delayMs: number): Promise<boolean>
  /** The decoder died of it: back to waiting after a backoff, or failed. */
  crashed(claim: ClaimedJudgement, failure: CaptureFailure, rules: CrashRules): Promise<boolean>
  /** Does `crashed` for all whose lease ran out before this time, and says how many there were. */
  expireLeases(beforeMs: number, rules: CrashRules): Promise<number>
  /** Has those judged again whose report is of other versions, at most `limit`; says how many. */
  addForVersions(versions: AnalysisVersions, limit: number): Promise<number>
}
