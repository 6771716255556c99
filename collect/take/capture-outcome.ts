import type { AppError } from '../../api/errors.ts'
import type { CaptureKind } from '../../api/index.ts'

/** Where the parts of a capture go. */
export interface CaptureSink {
  /** Stores a part. `body` may throw an AppError, which must be thrown on: then nothing of it is kept. */
  write(part: SinkPart, body: AsyncIterable<Uint8Array>): Promise<WrittenPart>
}

export interface SinkPart {
  readonly kind: CaptureKind
  readonly fileName: string
  /** When taking it began. */
  readonly takenAtMs: number
}

export interface WrittenPart {
  readonly sizeBytes: number
  /** Where it became a profile of its own. */
  readonly profileId?: string
}

export interface CapturePartOutcome {
  readonly kind: CaptureKind
  readonly fileName: string
  /** `skipped`: not tried, because something before it failed, or because the process has no such thing. */
  readonly state: 'taken' | 'failed' | 'skipped'
  readonly profileId: string | null
  readonly sizeBytes: number | null
  readonly durationMs: number | null
  /** Holds no secret. */
  readonly error: AppError | null
  /** What a reader should know though nothing failed: that the profile is shorter than asked for, or empty. */
  readonly note: string | null
}

export interface CaptureOutcome {
  /** `partial`: some parts failed. `failed`: all that matter did. `cancelled`: the signal ended it. */
  readonly status: 'complete' | 'partial' | 'failed' | 'cancelled'
  readonly parts: readonly CapturePartOutcome[]
  readonly startedAtMs: number
  readonly finishedAtMs: number
  /** Of the CPU profile or, without one, null. */
  readonly seconds: number | null
  readonly kubernetesVersion: string | null
  readonly goVersion: string | null
  /** What says best why it is not complete. */
  readonly error: AppError | null
  readonly notes: readonly string[]
}

/** Told of each change: a part that begins, and its outcome. */
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
