import { Counter, Gauge, Registry } from 'prom-client'

/** Why bytes were deleted or moved: their row was deleted, no row refers to them, or the trash was emptied. */
export type BlobRemoval = 'row_deleted' | 'orphan_moved' | 'trash_emptied'

/** The worker's own metrics. */
export interface WorkerMetrics {
  readonly countRemoved: (why: BlobRemoval, count: number) => void
  readonly countScrubbed: (count: number) => void
  readonly setDeletionStopped: (isStopped: boolean) => void
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
  return {
    countRemoved: (why, count) => removed.inc({ why }, count),
    countScrubbed: (count) => scrubbed.inc(count),
    setDeletionStopped: (isStopped) => stopped.set(isStopped ? 1 : 0),
    text: () => registry.metrics(),
  }
}
