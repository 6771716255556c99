import type { AuditStore } from './accounts/audit-store.ts'
import type { SessionStore } from './accounts/session-store.ts'
import type { TokenStore } from './accounts/token-store.ts'
import type { AnalysisStore } from './profiles/analysis-store.ts'
import type { BlobStore } from './blobs/blob-store.ts'
import type { CaptureStore } from './captures/capture-store.ts'
import type { StoreClock } from './clock/store-clock.ts'
import type { EventStore } from './captures/event-store.ts'
import type { FindingStore } from './findings/finding-store.ts'
import type { RowCopy } from './rows/row-copy.ts'
import type { Garbage } from './retention/garbage.ts'
import type { HistoryRows } from './history/history-rows.ts'
import type { NumberedRows } from './history/numbered-rows.ts'
import type { Installation } from './installation/installation.ts'
import type { Integrity } from './integrity/integrity.ts'
import type { JudgementStore } from './captures/judgement-store.ts'
import type { LinkStore } from './profiles/link-store.ts'
import type { ProcessStore } from './targets/process-store.ts'
import type { ProfileStore } from './profiles/profile-store.ts'
import type { ScheduleStore } from './targets/schedule-store.ts'
import type { SpacesStore } from './spaces/space-store.ts'
import type { TargetStore } from './targets/target-store.ts'

/**
 * Rows and bytes: all that kubeprof keeps. These are interfaces because each gets a second implementation: rows in
 * Postgres, bytes in S3. What they promise is tested by the suites of test/contract, which any implementation runs.
 */
export interface Store {
  readonly profiles: ProfileStore
  readonly links: LinkStore
  readonly analyses: AnalysisStore
  readonly captures: CaptureStore
  readonly judgements: JudgementStore
  readonly targets: TargetStore
  readonly schedules: ScheduleStore
  readonly processes: ProcessStore
  readonly spaces: SpacesStore
  readonly tokens: TokenStore
  readonly sessions: SessionStore
  readonly audit: AuditStore
  readonly history: HistoryRows
  readonly numberedHistory: NumberedRows
  readonly findings: FindingStore
  readonly events: EventStore
  readonly garbage: Garbage
  readonly rows: RowCopy
  readonly integrity: Integrity
  readonly installation: Installation
  readonly clock: StoreClock
  readonly blobs: BlobStore
  /** Throws an AppError when rows cannot be read or bytes cannot be written now. */
  check(): Promise<void>
  close(): Promise<void>
}
