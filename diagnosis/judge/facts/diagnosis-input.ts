import type { ProfileType } from '../../../api/index.ts'
import type { Profile } from '../../../profile/index.ts'
import type { Baseline } from './baseline.ts'

/** A profile to judge, and facts about it from other sources. */
export interface DiagnosisInput {
  /** Its name in the report: a path, or a name given by the service. */
  readonly path: string
  readonly profile: Profile
  /** Stated by the user who took it; else it is inferred. */
  readonly component?: string | null
  readonly type?: ProfileType | null
  readonly kubernetesVersion?: string | null
  readonly goVersion?: string | null
  readonly etcdVersion?: string | null
  readonly uptimeSeconds?: number | null
  /** The same profile of an earlier capture of the process: counts since the start are judged by their growth. */
  readonly previous?: Profile | null
  /** The same profile of all earlier captures of the process, oldest first: they show steady growth. */
  readonly history?: readonly Profile[]
  /** What is normal for the process, of a CPU profile; without it the earlier captures say so. */
  readonly baseline?: Baseline | null
}
