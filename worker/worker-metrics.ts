import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Why bytes were deleted or moved: their row was deleted, no row refers to them, or the trash was emptied. */
export type BlobRemoval = 'row_deleted' | 'orphan_moved' | 'trash_emptied' | 'columns_forgotten'

/** The worker's own metrics. */
export interface WorkerMetrics {
  readonly countRemoved: (why: BlobRemoval, count: number) => void
  readonly countScrubbed: (count: number) => void
  /** One analysis of a profile that ended so, after this long. `code`: see `Ended` of the jobs. */
  readonly countAnalysis: (
    ended: { readonly ending: string; readonly code: string },
    durationMs: number,
  ) => void
  /** The inflated size of a profile by its size as sent. */
  readonly observeInflateRatio: (ratio: number) => void
  readonly setBlobBytes: (kind: string, bytes: number) => void
  readonly setDeletionStopped: (isStopped: boolean) => void
  /** For how long sweeps have left something that is kept no longer. */
  readonly setDeletionBehind: (ms: number) => void
  /** Prometheus' text format. */
  readonly text: () => Promise<string>
}

export function makeWorkerMetrics(): WorkerMetrics {
  const registry = new Registry()
  const registers = [registry]
  const removed = new Counter({
    name: 'kubeprof_blobs_removed_total',
    help: 'Stored files that were deleted or moved to the trash',
    labelNames: ['why'],
    registers,
  })
  const scrubbed = new Counter({
    name: 'kubeprof_blobs_scrubbed_total',
    help: 'Stored files that were compared with their hash in the background',
    registers,
  })
  const stopped = new Gauge({
    name: 'kubeprof_deletion_stopped',
    help: 'Whether nothing is deleted, because the database may not know all stored files',
    registers,
  })
  const behind = new Gauge({
    name: 'kubeprof_deletion_behind_seconds',
    help: 'For how long each sweep has left something that is kept no longer; 0 when nothing is left',
    registers,
  })
  const analyses = new Counter({
    name: 'kubeprof_analyses_total',
    help: 'Analyses of profiles, by how they ended and what kept them from being ready',
    labelNames: ['result', 'code'],
    registers,
  })
  const durations = new Histogram({
    name: 'kubeprof_analysis_duration_seconds',
    help: 'How long analyses of profiles took',
    buckets: [0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
    registers,
  })
  const inflateRatios = new Histogram({
    name: 'kubeprof_inflate_ratio',
    help: 'The inflated size of analysed profiles by their size as sent',
    buckets: [1, 2, 3, 4, 6, 8, 12, 20, 50, 100],
    registers,
  })
  const blobBytes = new Gauge({
    name: 'kubeprof_blob_bytes',
    help: 'The size of the stored files that rows refer to, by kind',
    labelNames: ['kind'],
    registers,
  })
  return {
    observeInflateRatio: (ratio) => inflateRatios.observe(ratio),
    setBlobBytes: (kind, bytes) => blobBytes.set({ kind }, bytes),
    countAnalysis({ ending, code }, durationMs) {
      analyses.inc({ result: ending, code })
      durations.observe(durationMs / 1000)
    },
    countRemoved: (why, count) => removed.inc({ why }, count),
    countScrubbed: (count) => scrubbed.inc(count),
    setDeletionBehind: (ms) => behind.set(ms / 1000),
    setDeletionStopped: (isStopped) => stopped.set(isStopped ? 1 : 0),
    text: () => registry.metrics(),
  }
}
