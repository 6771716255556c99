import type { AppError } from '../../api/errors.ts'
import type { CaptureKind } from '../../api/index.ts'

/** Receives the parts of a capture. */
export interface CaptureSink {
  /** Stores a part. `body` may throw an AppError, which must be rethrown: then no byte of the part is kept. */
  write(part: SinkPart, body: AsyncIterable<Uint8Array>): Promise<WrittenPart>
}

export interface SinkPart {
  readonly kind: CaptureKind
  readonly fileName: string
  /** When its request began. */
  readonly takenAtMs: number
}

export interface WrittenPart {
  readonly sizeBytes: number
  /** Null unless it was stored as a profile. */
  readonly profileId?: string
}

export interface CapturePartOutcome {
  readonly kind: CaptureKind
  readonly fileName: string
  /** `skipped`: not tried, because an earlier part failed, or because the process does not offer it. */
  readonly state: 'taken' | 'failed' | 'skipped'
  readonly profileId: string | null
  readonly sizeBytes: number | null
  readonly durationMs: number | null
  /** Holds no secret. */
  readonly error: AppError | null
  /** Information about a successful part: that the profile is shorter than asked for, or empty. */
  readonly note: string | null
}

export interface CaptureOutcome {
  /** `partial`: some parts failed. `failed`: all important ones did. `cancelled`: the signal ended it. */
  readonly status: 'complete' | 'partial' | 'failed' | 'cancelled'
  readonly parts: readonly CapturePartOutcome[]
  readonly startedAtMs: number
  readonly finishedAtMs: number
  /** Of the CPU profile; null without one. */
  readonly seconds: number | null
  readonly kubernetesVersion: string | null
  readonly goVersion: string | null
  /** The most useful reason why it is incomplete. */
  readonly error: AppError | null
  readonly notes: readonly string[]
}

/** Called for each change: a part that begins, and its outcome. */
export type CaptureProgress =
  | {
      readonly event: 'begins'
      readonly kind: CaptureKind
      readonly fileName: string
      readonly seconds: number | null
    }
  | {
      readonly event: 'waits'
      readonly kind: CaptureKind
      readonly fileName: string
      readonly forMs: number
      readonly error: AppError
    }
  | { readonly event: 'ends'; readonly part: CapturePartOutcome }
