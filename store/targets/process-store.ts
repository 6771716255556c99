import type { ClaimedCapture } from '../captures/capture-store.ts'
import type { ProcessAddress } from './process-address.ts'
import type { StoredTrouble } from './trouble.ts'

/** The right to capture a process, until it runs out unless it is renewed. */
export interface ProcessLease {
  readonly key: string
  readonly captureId: string
  /** The fence: what is written without it, or with an older one, is thrown away. */
  readonly token: string
  /** Counts the leases of the process. */
  readonly fence: number
}

export interface LeaseRequest {
  readonly key: string
  readonly captureId: string
  /** Names the collector, for people who look at the rows. */
  readonly owner: string
  readonly leaseMs: number
  /** How many processes of one cluster may be captured at once, by all collectors together. */
  readonly clusterMax: number
}

/** How a capture ended, for the state of its process. */
export interface CaptureEnd {
  readonly status: 'complete' | 'partial' | 'failed' | 'cancelled'
  /** `null` when it counts as a success; a `partial` one does. */
  readonly trouble: StoredTrouble | null
}

/** With so many failures in a row a process is failing: schedules try it every few minutes alone. */
export const FAILING_COUNT = 5

/** A verbosity that was raised and is to be put back. */
export interface RaisedVerbosity {
  readonly key: string
  readonly target: string
  readonly address: ProcessAddress
  /** What to put back. */
  readonly level: number
  readonly leaseToken: string
}

/** The processes themselves: at most one capture of one at a time, across all collectors. */
export interface ProcessStore {
  /**
   * Ids of waiting captures whose process may be leased now: those that people wait for first, then those of alerts,
   * then by how long they wait. Those whose process is not known any more are among them.
   */
  claimable(request: {
    readonly limit: number
    readonly clusterMax: number
  }): Promise<readonly string[]>
  /**
   * Leases the process and claims the waiting capture of it, both or none. `busy`: somebody has the process, its group or
   * cluster is full, or it is not known. `taken`: the capture does not wait any more.
   */
  claimCapture(
    request: LeaseRequest,
  ): Promise<{ readonly lease: ProcessLease; readonly claim: ClaimedCapture } | 'busy' | 'taken'>
  /** `null` while somebody has it, or its group or cluster is full, or it is not known. */
  lease(request: LeaseRequest): Promise<ProcessLease | null>
  /** False when the lease was lost: stop at once. */
  renew(lease: ProcessLease, leaseMs: number): Promise<boolean>
  /**
   * Gives the lease back, and with an end writes how the capture went. A cancelled one says nothing of the process. False
   * when the lease was lost.
   */
  release(lease: ProcessLease, end: CaptureEnd | null): Promise<boolean>
  /** Counts time under CPU profiling, for the cost guard; what was counted for the capture before is replaced. */
  setProfiledTime(lease: ProcessLease, cpuMs: number): Promise<void>
  /** To be called, and waited for, before the verbosity is raised. */
  verbosityRaised(
    lease: ProcessLease,
    raised: Omit<RaisedVerbosity, 'key' | 'leaseToken'>,
  ): Promise<void>
  verbosityRestored(key: string, leaseToken: string): Promise<void>
  /** Those whose lease is over: whoever raised them is gone. */
  strandedVerbosities(limit: number): Promise<readonly RaisedVerbosity[]>
  /** How many processes there are by state, for metrics. */
  countStates(): Promise<Readonly<Record<'unknown' | 'ok' | 'troubled' | 'failing', number>>>
  /** Forgets processes that no target has any more, old profiled times and old alerts. */
  prune(limit: number): Promise<void>
}
