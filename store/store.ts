import type { AnalysisStore, Garbage } from './analysis-store.ts'
import type { BlobStore } from './blob-store.ts'
import type { CaptureStore } from './capture-store.ts'
import type { JudgementStore } from './judgement-store.ts'
import type { LinkStore } from './link-store.ts'
import type { ProcessStore } from './process-store.ts'
import type { ProfileStore } from './profile-store.ts'
import type { ScheduleStore } from './schedule-store.ts'
import type { TargetStore } from './target-store.ts'

/** Rows and bytes: all that kubeprof keeps. */
export interface Store {
  readonly profiles: ProfileStore
  readonly links: LinkStore
  readonly analyses: AnalysisStore
  readonly captures: CaptureStore
  readonly judgements: JudgementStore
  readonly targets: TargetStore
  readonly schedules: ScheduleStore
  readonly processes: ProcessStore
  readonly garbage: Garbage
  readonly blobs: BlobStore
  /** Throws an AppError with a sentence when rows cannot be read or bytes not be written now. */
  check(): Promise<void>
  close(): Promise<void>
}
