import type { ClaimedCapture, ProcessLease, Store, StoredCapture } from '../../store/index.ts'
import type { CaptureReceiver } from '../receive/receive-capture.ts'
import type { ProfileReceiver } from '../receive/receive-profile.ts'
import type { Log } from '../log.ts'
import type { Tracer } from '../tracer.ts'
import type { CollectMetrics } from './collect-metrics.ts'
import type { ReachHolder } from './reach-holder.ts'

export interface CaptureRunNeeds {
  readonly store: Pick<Store, 'targets' | 'processes' | 'captures'>
  readonly profiles: Pick<ProfileReceiver, 'receive'>
  readonly files: Pick<CaptureReceiver, 'receiveFile'>
  readonly reach: ReachHolder
  readonly leaseMs: number
  /** Of one part, as sent. */
  readonly bytesMax: number
  readonly metrics: CollectMetrics
  readonly log: Log
  readonly tracer?: Tracer
  /** Ends every capture; the parts taken so far are kept. */
  readonly signal: AbortSignal
}

/** A capture whose lease this collector holds. */
export interface HeldCapture {
  readonly capture: StoredCapture
  readonly claim: ClaimedCapture
  readonly lease: ProcessLease
}
