import type { ProfileType } from '../api/index.ts'
import { PROFILE_KINDS } from '../api/profiles/profile-kinds.ts'

/** What a file of a capture is, by its name. */
export type CaptureFileKind =
  | 'profile'
  /** The process's /metrics page, after its CPU profile was taken. */
  | 'metrics'
  /** The same page from before it. */
  | 'metrics-before'
  /** What its /version answered. */
  | 'version'
  /** The process's /flagz page. */
  | 'flags'
  | 'log'
  /** An execution trace of Go. */
  | 'trace'
  | 'other'

export interface CaptureFileName {
  readonly kind: CaptureFileKind
  /** The type of a profile; null if its name does not contain it. */
  readonly type: ProfileType | null
  /** Without folders and `.gz`: two captures of one process have it in common. */
  readonly plainName: string
}

const KINDS: readonly (readonly [CaptureFileKind, RegExp])[] = [
  ['profile', /\.(?:pb|pprof|prof)$|-debug[12]\.txt$/],
  ['metrics', /^metrics(?:-after)?\.txt$/],
  ['metrics-before', /^metrics-before\.txt$/],
  ['version', /^version\.json$/],
  ['flags', /^flagz\.txt$/],
  ['log', /\.log$/],
  ['trace', /^trace\.out$|\.trace$/],
]

/** Kind and type of a capture's file, from its name. Hidden files are `other`. */
export function captureFileOf(name: string): CaptureFileName {
  const plainName = name.slice(name.lastIndexOf('/') + 1).replace(/\.gz$/, '')
  const isHidden = plainName.startsWith('.')
  const kind = isHidden ? null : KINDS.find(([, pattern]) => pattern.test(plainName))?.[0]
  const [word] = plainName.split(/[.-]/)
  const type = kind === 'profile' ? PROFILE_KINDS.find((type) => type === word) : undefined
  return { kind: kind ?? 'other', type: type ?? null, plainName }
}
