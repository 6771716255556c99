import type { ProcessAddress } from '../../../store/index.ts'
import type { Cluster } from '../kube/cluster.ts'
import type { DialRules } from '../net/dial.ts'

/** The processes discovered for a target. */
export interface Discovery {
  readonly processes: readonly ProcessAddress[]
  /** What was left out or is unusual, in sentences. */
  readonly notes: readonly string[]
}

export interface DiscoveryNeeds extends DialRules {
  readonly cluster: Cluster | null
  readonly signal?: AbortSignal
}
