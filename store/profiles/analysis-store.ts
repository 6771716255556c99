import type { Language, ProfileType, Report, WorstFindingSummary } from '../../api/index.ts'
import type { BlobKey, StoredBlob } from '../blobs/blob-store.ts'
import type { ProfileFacts, ProfileFailure, ProfileSource } from './profile-store.ts'

/** Which code derives the data. A result of other versions is computed again. */
export interface AnalysisVersions {
  readonly decoder: string
  readonly ruleSet: string
}

/** An analysis that this worker holds until its lease runs out, unless it renews it. */
export interface ClaimedAnalysis {
  readonly id: string
  readonly profileId: string
  /** The fence: what is written without it, or with an older one, is thrown away. */
  readonly leaseToken: string
  readonly claimedAtMs: number
  /** How often it took its decoder or its host down, this run included: 1 on a first run. */
  readonly crashCount: number
  readonly retryCount: number
  readonly rawBlobKey: BlobKey
  readonly source: ProfileSource
  /** The capture it belongs to, which is judged when all its profiles are read. */
  readonly captureId: string | null
  /** The newest profiles of the same target and instance before it that count since the process started. */
  readonly earlier: readonly EarlierProfile[]
  /** Those of the worker that claimed it: its result will be of these. */
  readonly versions: AnalysisVersions
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

export interface CrashRules {
  /** Wait after the first, second, ... crash, counted from the claim. */
  readonly backoffMs: readonly number[]
  /** At this many crashes the profile is quarantined. */
  readonly crashCountMax: number
}

/**
 * The analyses: the work to be done, and its state machine. A crash is counted when claiming and given back on any
 * orderly end, so that a `kill -9` needs no code to run to be counted. Methods that take a claim answer false when its
 * lease was lost: the caller throws its result away.
 */
export interface AnalysisStore {
  /** Claims this analysis when it is due in the normal lane and nobody has it; else `null`. */
  claim(id: string, request: ClaimRequest): Promise<ClaimedAnalysis | null>
  /** Whether there is one to claim. */
  hasDue(lane: Lane, request: ClaimRequest): Promise<boolean>
  /** Claims the analysis that has been due longest in this lane, or `null` when there is none. */
  claimNext(lane: Lane, request: ClaimRequest): Promise<ClaimedAnalysis | null>
  renew(claim: ClaimedAnalysis, leaseMs: number): Promise<boolean>
  /** Ready: the columns are referred to, and this analysis becomes the profile's current one. */
  complete(claim: ClaimedAnalysis, result: AnalysisResult): Promise<boolean>
  /** Failed for good: the decoder's verdict on the bytes. */
  fail(claim: ClaimedAnalysis, failure: ProfileFailure): Promise<boolean>
  /** Back to `received`, the crash given back; for an orderly stop and for claims not wanted now. */
  release(claim: ClaimedAnalysis): Promise<boolean>
  /** Back to `received` after a failure that is not the profile's, to be tried after a while. */
  retryLater(claim: ClaimedAnalysis, delayMs: number): Promise<boolean>
  /** The decoder died of it: back to `received` after a backoff, or `quarantined`. */
  crashed(claim: ClaimedAnalysis, failure: ProfileFailure, rules: CrashRules): Promise<boolean>
  /** Does `crashed` for all whose lease ran out before this time, and says how many there were. */
  expireLeases(beforeMs: number, rules: CrashRules): Promise<number>
  /** Adds analyses for ready profiles whose result is of other versions, at most `limit`; says how many. */
  addForVersions(versions: AnalysisVersions, limit: number): Promise<number>
  /** How many wait, and since when the oldest does; for metrics. */
  backlog(): Promise<Backlog>
}

export interface Backlog {
  readonly waitingCount: number
  readonly oldestReceivedAtMs: number | null
}

/** What is kept no longer. */
export interface RetentionRules {
  /** What came before this time goes; `null` keeps what is old. */
  readonly beforeMs: number | null
  /** While all that is stored takes more than this, the oldest goes; `null` for no limit. */
  readonly bytesMax: number | null
}

/** Deletes what nobody can reach: rows first, bytes second, so that a row never refers to bytes that are gone. */
export interface Garbage {
  /**
   * Takes captures and profiles by themselves out of sight that are kept no longer, the oldest first and at most `limit`;
   * says how many. What is pinned, shared by a link or still being taken stays.
   */
  retire(rules: RetentionRules, limit: number): Promise<number>
  /** Deletes the rows of removed profiles and superseded analyses, at most `limit`; the keys of the blobs to unlink. */
  deleteRows(limit: number): Promise<readonly BlobKey[]>
  /** Those of the keys that no row knows. */
  unknownKeys(keys: readonly BlobKey[]): Promise<readonly BlobKey[]>
}
