import type { FuncNames, Profile } from '../../../profile/index.ts'
import type { StackRun } from '../../pattern/stack-run.ts'
import type { ProfileType } from '../../../api/index.ts'
import type { Reads } from '../../rule/rule.ts'
import type { VersionRange } from '../../rule/version-range.ts'
import type { CalleeIndex } from './callee-index.ts'
import type { Baseline } from '../facts/baseline.ts'
import type { Metrics } from '../facts/metrics.ts'
import type { Tally } from './tally.ts'

/** A profile made ready to be judged. */
export interface Subject {
  /** Row of the report's inputs. */
  readonly input: number
  readonly type: ProfileType
  /** Cut stacks are repaired where that is possible. */
  readonly profile: Profile
  readonly names: FuncNames
  readonly run: StackRun
  /** Of each sample type that rules can read. */
  readonly tallies: ReadonlyMap<Reads, Tally>
  /** Worked out when it is first asked for: only findings need it. */
  readonly callees: () => CalleeIndex
  readonly component: string | null
  /** False where the component is unknown and no function is of Kubernetes', etcd's or containerd's own code. */
  readonly mayBeComponent: boolean
  /** As it was found. */
  readonly kubernetesVersion: string | null
  readonly kubernetes: VersionRange
  readonly go: VersionRange
  readonly etcd: VersionRange
  /** The same profile in earlier captures of the process, oldest first. */
  readonly history: readonly Subject[]
  /** What the process says of itself; nothing for earlier captures. */
  readonly metrics: Metrics
  /** Since the process started; `null` when it is not known. */
  readonly uptimeSeconds: number | null
  /** What is normal for the process; null where only the earlier captures say so. */
  readonly baseline: Baseline | null
}
