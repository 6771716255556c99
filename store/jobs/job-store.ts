/** The versions of the code that derives the data. A result of other versions is computed again. */
export interface AnalysisVersions {
  readonly decoder: string
  readonly ruleSet: string
}

/** Work that a worker holds until its lease runs out, unless it renews it. */
export interface JobClaim {
  /** Id of the analysis or of the judged capture. */
  readonly id: string
  /** The fencing token: a write with a missing or older token is discarded. */
  readonly leaseToken: string
  readonly claimedAtMs: number
  /** How often it crashed its decoder or host, including this run: 1 on a first run. */
  readonly crashCount: number
  readonly retryCount: number
  /** The versions of the worker that claimed it, which its result will have. */
  readonly versions: AnalysisVersions
}

export interface CrashRules {
  /** Wait after the first, second, ... crash, counted from the claim. */
  readonly backoffMs: readonly number[]
  /** At this many crashes the job is given up. */
  readonly crashCountMax: number
}

/**
 * The life of a job from its claim to its end, the same for analyses and judgements. The claim
 * counts a crash and every orderly end takes it back, so that even a `kill -9` is counted. Methods
 * that take a claim return false when its lease was lost; the caller then discards its result.
 */
export interface JobStore<Claim extends JobClaim, Result, Failure> {
  renew(claim: Claim, leaseMs: number): Promise<boolean>
  complete(claim: Claim, result: Result): Promise<boolean>
  /** Failed permanently: the input cannot be read. An earlier good result stays. */
  fail(claim: Claim, failure: Failure): Promise<boolean>
  /** Back to waiting without counting a crash: for an orderly stop and for unwanted claims. */
  release(claim: Claim): Promise<boolean>
  /**
   * Back to waiting for a later retry, without counting a crash: the job did not cause the failure.
   */
  retryLater(claim: Claim, delayMs: number): Promise<boolean>
  /** The decoder died of it: back to waiting after a backoff, or given up. */
  crashed(claim: Claim, failure: Failure, rules: CrashRules): Promise<boolean>
  /** Calls `crashed` for every job whose lease ran out before this time. Returns their number. */
  expireLeases(beforeMs: number, rules: CrashRules): Promise<number>
}
