import type { CapturePartKind } from '../api/index.ts'
import type { CaptureFileDescription } from '../collect/index.ts'
import { captureFileOf } from '../diagnosis/index.ts'

/** What a file of a bundle is, in the words of captures. */
export function describeCaptureFile(name: string): CaptureFileDescription {
  const { kind, type, plainName } = captureFileOf(name)
  const isProfile = kind === 'profile'
  if (!isProfile) return { kind: OTHER_KINDS[kind] ?? kindOf(plainName), isProfile, type: null }
  const isDump = plainName === 'goroutine-debug2.txt'
  const kindOfProfile = type === null || type === 'unknown' ? 'profile' : type
  return { kind: isDump ? 'goroutine-text' : kindOfProfile, isProfile, type }
}

const OTHER_KINDS: Readonly<Record<string, CapturePartKind>> = {
  metrics: 'metrics',
  'metrics-before': 'metrics',
  version: 'version',
  log: 'log',
  trace: 'trace',
}

function kindOf(plainName: string): CapturePartKind {
  return plainName === 'healthz.txt' ? 'healthz' : 'other'
}
