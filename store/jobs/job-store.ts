/** Which code derives the data. A result of other versions is computed again. */
export interface AnalysisVersions {
  readonly decoder: string
  readonly ruleSet: string
}

/** Work that a worker holds until its lease runs out, unless it renews it. */
export interface JobClaim {
  /** Of the analysis, or of the capture that is judged. */
  readonly id: string
  /** The fence: what is written without it, or with an older one, is thrown away. */
  readonly leaseToken: string
  readonly claimedAtMs: number
  /** How often it took its decoder or its host down, this run included: 1 on a first run. */
  readonly crashCount: number
  readonly retryCount: number
  /** Those of the worker that claimed it: its result will be of these. */
  readonly versions: AnalysisVersions
}

export interface CrashRules {
  /** Wait after the first, second, ... crash, counted from the claim. */
  readonly backoffMs: readonly number[]
  /** At this many crashes the job is given up. */
  readonly crashCountMax: number
}

/**
 * The life of a job from its claim to its end, the same for analyses and judgements. A crash is counted when claiming
 * and given back on any orderly end, so that a `kill -9` needs no code to run to be counted. Methods that take a claim
 * answer false when its lease was lost: the caller throws its result away.
 */
export interface JobStore<Claim extends JobClaim, Result, Failure> {
  renew(claim: Claim, leaseMs: number): Promise<boolean>
  complete(claim: Claim, result: Result): Promise<boolean>
  /** Failed for good: what it works on cannot be read. A good result of before stays. */
  fail(claim: Claim, failure: Failure): Promise<boolean>
  /** Back to waiting, the crash given back; for an orderly stop and for claims not wanted now. */
  release(claim: Claim): Promise<boolean>
  /** Back to waiting after a failure that is not its own, to be tried after a while; the crash given back. */
  retryLater(claim: Claim, delayMs: number): Promise<boolean>
  /** The decoder died of it: back to waiting after a backoff, or given up. */
  crashed(claim: Claim, failure: Failure, rules: CrashRules): Promise<boolean>
  /** Does `crashed` for all whose lease ran out before this time; returns how many there were. */
  expireLeases(beforeMs: number, rules: CrashRules): Promise<number>
}
