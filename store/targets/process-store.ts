import type { ClaimedCapture } from '../captures/capture-store.ts'
import type { ProcessAddress } from '../process-address.ts'
import type { StoredTrouble } from './trouble.ts'

/** The exclusive right to capture a process until it expires; it can be renewed. */
export interface ProcessLease {
  readonly key: string
  readonly captureId: string
  /** The fencing token: a write with a missing or older token is discarded. */
  readonly token: string
  /** Number of this lease among those of the process. */
  readonly fence: number
}

export interface LeaseRequest {
  readonly key: string
  readonly captureId: string
  /** Name of the collector, for people who read the rows. */
  readonly owner: string
  readonly leaseMs: number
  /** How many processes of one cluster may be captured at once, by all collectors together. */
  readonly clusterMax: number
}

/** How a capture ended, for the state of its process. */
export interface CaptureEnd {
  readonly status: 'complete' | 'partial' | 'failed' | 'cancelled'
  /** `null` for a success; `partial` counts as one. */
  readonly trouble: StoredTrouble | null
}

/**
 * After this many consecutive failures a process is failing: schedules try it only every few
 * minutes.
 */
export const FAILING_COUNT = 5

/** A raised verbosity that must be restored. */
export interface RaisedVerbosity {
  readonly key: string
  readonly target: string
  readonly address: ProcessAddress
  /** The value to restore. */
  readonly level: number
  readonly leaseToken: string
}

/** The processes: at most one capture of each at a time, across all collectors. */
export interface ProcessStore {
  /**
   * Ids of waiting captures whose process may be leased now: requested by people first, then by
   * alerts, then the longest waiting. Includes captures whose process is no longer known.
   */
  claimable(request: {
    readonly limit: number
    readonly clusterMax: number
  }): Promise<readonly string[]>
  /**
   * Leases the process and claims its waiting capture in one transaction. `busy`: the process is
   * leased or unknown, or its group or cluster is at its limit. `taken`: the capture is no longer
   * waiting.
   */
  claimCapture(
    request: LeaseRequest,
  ): Promise<{ readonly lease: ProcessLease; readonly claim: ClaimedCapture } | 'busy' | 'taken'>
  /** `null` while the process is leased or unknown, or its group or cluster is at its limit. */
  lease(request: LeaseRequest): Promise<ProcessLease | null>
  /** False when the lease was lost: stop at once. */
  renew(lease: ProcessLease, leaseMs: number): Promise<boolean>
  /**
   * Releases the lease, and with `end` records how the capture ended. A cancelled capture does not
   * change the state of the process. Returns false when the lease was lost.
   */
  release(lease: ProcessLease, end: CaptureEnd | null): Promise<boolean>
  /**
   * Records time under CPU profiling for the cost guard. Replaces what was recorded for the capture
   * before.
   */
  setProfiledTime(lease: ProcessLease, cpuMs: number): Promise<void>
  /** Must complete before the verbosity is raised. */
  verbosityRaised(
    lease: ProcessLease,
    raised: Omit<RaisedVerbosity, 'key' | 'leaseToken'>,
  ): Promise<void>
  verbosityRestored(key: string, leaseToken: string): Promise<void>
  /** Raised verbosities whose lease expired: their collector is gone. */
  strandedVerbosities(limit: number): Promise<readonly RaisedVerbosity[]>
  /** Number of processes by state, for metrics. */
  countStates(): Promise<Readonly<Record<'unknown' | 'ok' | 'troubled' | 'failing', number>>>
  /** Deletes processes without a target, old profiled times and old alerts. */
  prune(limit: number): Promise<void>
}
