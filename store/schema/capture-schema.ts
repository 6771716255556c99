import type { Generated } from 'kysely'
import type { CaptureOrigin, CapturePartKind, CaptureStatus } from '../../api/index.ts'
import type { BlobKey } from '../blobs/blob-store.ts'

/** The tables of captures, as migrations/0002-captures.ts makes them. */
export interface CaptureSchema {
  readonly capture: CaptureTable
  readonly captureLabel: CaptureLabelTable
  readonly captureFile: CaptureFileTable
  readonly captureJudgement: CaptureJudgementTable
  readonly captureReport: CaptureReportTable
}

export interface CaptureTable {
  readonly id: string
  readonly status: CaptureStatus
  readonly origin: CaptureOrigin
  readonly target: string | null
  readonly component: string | null
  readonly instance: string | null
  readonly cluster: string | null
  /** The process key of ProcessAddress; null when only target and instance are known. */
  readonly processKey: string | null
  readonly schedule: string | null
  /** A RequestedCapture; null for what was uploaded. */
  readonly requestJson: string | null
  readonly labelsJson: string
  readonly note: string | null
  /** Hash of content and source of an upload; unique among live captures. */
  readonly dedupeKey: string | null
  readonly kubernetesVersion: string | null
  readonly goVersion: string | null
  /** Of the CPU profile. */
  readonly seconds: number | null
  /** The parts without a file: waiting, being taken, failed or skipped. */
  readonly partsJson: string
  readonly errorJson: string | null
  readonly createdAtMs: number
  readonly startedAtMs: number | null
  readonly finishedAtMs: number | null
  /** Time of a request to cancel; its collector sees it when it renews the lease. */
  readonly cancelAskedAtMs: number | null
  readonly leaseOwner: string | null
  readonly leaseToken: string | null
  readonly leaseUntilMs: number | null
  /** Start time of the process, from its metrics. */
  readonly processStartedAtMs: number | null
  /** What the process had served since its start, by this metric; null where its metrics do not say. */
  readonly requestMetric: string | null
  readonly requestCount: number | null
  /** Before its profiles were taken, where the capture has a page from then too. */
  readonly requestCountBefore: number | null
  /** The earlier capture of the same process that cumulative profiles were compared with. */
  readonly previousCaptureId: string | null
  readonly worstFindingJson: string | null
  readonly findingCount: number
  /** Time of pinning: retention keeps it. */
  readonly pinnedAtMs: number | null
  readonly deletedAtMs: number | null
  readonly space: Generated<string>
}

export interface CaptureLabelTable {
  readonly captureId: string
  readonly name: string
  readonly value: string
}

/** One file of a capture: a profile or another blob. */
export interface CaptureFileTable {
  readonly captureId: string
  /** Data, never a path. */
  readonly name: string
  readonly kind: CapturePartKind
  readonly profileId: string | null
  readonly blobId: BlobKey | null
  readonly sizeBytes: number
  readonly durationMs: number | null
  readonly note: string | null
  readonly createdAtMs: number
}

/** The job that judges a capture as a whole. A row exists once the capture has ended. */
export interface CaptureJudgementTable {
  readonly captureId: string
  readonly state: 'waiting' | 'judging' | 'ready' | 'failed'
  /** Counts of the existing reports. */
  readonly decoderVersion: string | null
  readonly ruleSetVersion: string | null
  readonly crashCount: number
  readonly retryCount: number
  readonly notBeforeMs: number
  readonly leaseToken: string | null
  readonly leaseUntilMs: number | null
  readonly failureJson: string | null
  readonly judgedAtMs: number | null
}

/** One report per language, in its own table so that lists do not read it. */
export interface CaptureReportTable {
  readonly captureId: string
  readonly language: string
  /** As `packJson` makes it. */
  readonly reportJson: string
}
