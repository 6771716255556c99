import type { HistorySpan, PackingRules, PendingProfile } from './history-rows.ts'

/** What is numbered: each number is given out once. */
export type NumberedKind = 'profile' | 'stack' | 'frame'

/** A profile whose values lie in ClickHouse under a number. */
export interface NumberedProfile {
  readonly profileId: string
  readonly seriesId: string
  readonly process: string
  readonly atMs: number
  readonly number: number
}

export type NumberedPending = PendingProfile & { readonly number: number }

/** What this worker puts into ClickHouse: profiles of one group and day, and those that leave it. */
export interface NumberedClaim {
  readonly groupId: string
  readonly leaseToken: string
  /** Each has a new number, so that what an earlier worker left half done is never taken for it. */
  readonly pending: readonly NumberedPending[]
  /** Profiles that were deleted. */
  readonly droppedIds: readonly string[]
  /** The series of all of these, and the hours (milliseconds since the epoch) in which they were taken. */
  readonly seriesIds: readonly string[]
  readonly hours: readonly number[]
}

export interface NumberedParts {
  readonly members: readonly NumberedProfile[]
  /** Not in ClickHouse yet. */
  readonly pending: readonly PendingProfile[]
  /** Profiles that only blocks hold. */
  readonly blockedCount: number
  /** How many profiles of the span a rebuild has not read again yet. Those that have numbers are in `members`. */
  readonly staleCount: number
}

/** The rows of history whose values lie in ClickHouse. A profile counts there only under the number of its row. */
export interface NumberedRows {
  /** Gives out `count` numbers from the one returned on. From now on none is below `least`. */
  reserve(kind: NumberedKind, count: number, least?: number): Promise<number>
  /** Claims what is due, or returns `null`. */
  claim(rules: Omit<PackingRules, 'dayEndedBeforeMs'>): Promise<NumberedClaim | null>
  /** Has the profiles of the claim count under their new numbers. Returns false when the claim is lost. */
  commit(claim: NumberedClaim, failedIds: readonly string[]): Promise<boolean>
  /** Gives the claim up. */
  release(claim: NumberedClaim): Promise<void>
  /** Has profiles read again that ClickHouse does not have any more. */
  readAgain(numbers: readonly number[]): Promise<void>
  find(span: HistorySpan): Promise<NumberedParts>
  /** Forgets profiles older than this time, at most `limit`. Returns their number. */
  expire(beforeMs: number, limit: number): Promise<number>
}
