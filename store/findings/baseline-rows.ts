import type { UsualCores } from '../../api/index.ts'

/** What was measured at a time, packed; `levels` are for readers outside the store. */
export interface StoredLevels {
  readonly atMs: number
  /** Of Kubernetes; null if unknown. */
  readonly version: string | null
  readonly levels: string
}

/** What was normal for a process before a capture. */
export interface StoredBaseline {
  /** When the capture was taken. */
  readonly atMs: number
  /** By time. */
  readonly captures: readonly (StoredLevels & { readonly id: string })[]
  /** At the beginnings of hours, by time; their captures are not in `captures`. */
  readonly hours: readonly StoredLevels[]
  /** The rises that the process shows, by function, and those that were over less than a day before. */
  readonly open: readonly (UsualCores & {
    readonly name: string
    readonly endedAtMs: number | null
  })[]
}

/** What a judgement adds to what is known of its process. */
export interface MeasuredLevels {
  /** Of this capture; null for one that says nothing of what is normal. */
  readonly levels: string | null
  readonly version: string | null
  /** Hours that are over, with the captures that they now hold. */
  readonly hours: readonly FoldedHour[]
}

export interface FoldedHour extends StoredLevels {
  readonly captureIds: readonly string[]
}
