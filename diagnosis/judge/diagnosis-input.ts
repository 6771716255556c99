import type { ProfileType } from '../../api/index.ts'
import type { Profile } from '../../profile/index.ts'

/** A profile to judge, and what is known of it from elsewhere. */
export interface DiagnosisInput {
  /** What the report calls it: a path, or a name of the service's. */
  readonly path: string
  readonly profile: Profile
  /** Told by the one who took it; else it is inferred. */
  readonly component?: string | null
  readonly type?: ProfileType | null
  readonly kubernetesVersion?: string | null
  readonly goVersion?: string | null
  readonly etcdVersion?: string | null
  readonly uptimeSeconds?: number | null
  /** The same profile of an earlier capture of the process: what counts since the start is judged by its growth. */
  readonly previous?: Profile | null
  /** The same profile of all earlier captures of the process, oldest first: what only grows is found by them. */
  readonly history?: readonly Profile[]
}
