import { Counter, Registry } from 'prom-client'
import type { FaultEvent } from '../../../store/index.ts'

/** What this process noticed of the stored files. */
export interface StoreMetrics {
  readonly countFault: (event: FaultEvent) => void
  /** Prometheus' text format. */
  readonly text: () => Promise<string>
}

export function makeStoreMetrics(): StoreMetrics {
  const registry = new Registry()
  const faults = new Counter({
    name: 'kubeprof_blob_faults_total',
    help: 'Stored files that were found missing or damaged, and what became of them',
    labelNames: ['fault', 'outcome'],
    registers: [registry],
  })
  return {
    countFault: ({ fault, outcome }) => faults.inc({ fault, outcome }),
    text: () => registry.metrics(),
  }
}
