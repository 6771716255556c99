import type { CapturePartKind, ProfileType } from '../api/index.ts'
import { captureFileOf } from '../diagnosis/index.ts'

/** Kind and type of a bundle's file, from its name; the type is null if the name does not contain it. */
export function describeCaptureFile(name: string): {
  readonly kind: CapturePartKind
  readonly isProfile: boolean
  readonly type: ProfileType | null
} {
  const { kind, type, plainName } = captureFileOf(name)
  const isProfile = kind === 'profile'
  if (!isProfile) return { kind: OTHER_KINDS[kind] ?? kindOf(plainName), isProfile, type: null }
  const isDump = plainName === 'goroutine-debug2.txt'
  if (plainName === 'goroutineleak.pb')
    return { kind: 'goroutineleak', isProfile, type: 'goroutine' }
  const kindOfProfile = type === null || type === 'unknown' ? 'profile' : type
  return { kind: isDump ? 'goroutine-text' : kindOfProfile, isProfile, type }
}

const OTHER_KINDS: Readonly<Record<string, CapturePartKind>> = {
  metrics: 'metrics',
  'metrics-before': 'metrics',
  version: 'version',
  flags: 'flagz',
  log: 'log',
  trace: 'trace',
}

const PAGES = ['healthz', 'statusz'] as const

function kindOf(plainName: string): CapturePartKind {
  return PAGES.find((kind) => plainName === `${kind}.txt`) ?? 'other'
}
