import type { ProcessAddress } from '../../../store/index.ts'
import type { Cluster } from '../kube/cluster.ts'
import type { DialRules } from '../net/dial.ts'

/** What was found of a target. */
export interface Discovery {
  readonly processes: readonly ProcessAddress[]
  /** What was left out or is not as it should be, in sentences. */
  readonly notes: readonly string[]
}

export interface DiscoveryNeeds extends DialRules {
  readonly cluster: Cluster | null
  readonly signal?: AbortSignal
}
