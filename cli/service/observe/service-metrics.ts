import { Gauge, Registry } from 'prom-client'
import type { Store } from '../../../store/index.ts'

/** What this process knows of itself, its settings and the work that waits. */
export interface ServiceMetrics {
  readonly setReload: (isGood: boolean) => void
  /** Prometheus' text format. */
  readonly text: () => Promise<string>
}

export interface ServiceMetricsNeeds {
  readonly version: string
  readonly analyses: Pick<Store['analyses'], 'backlog'>
}

export function makeServiceMetrics({ version, analyses }: ServiceMetricsNeeds): ServiceMetrics {
  const registry = new Registry()
  const registers = [registry]
  const named = (name: string, help: string) => ({ name: `kubeprof_${name}`, help, registers })
  const build = new Gauge({
    ...named('build_info', 'Always 1; the labels say which program this is'),
    labelNames: ['version', 'node'],
  })
  build.set({ version, node: process.versions.node }, 1)
  const isGood = new Gauge(
    named('config_last_reload_successful', 'Whether the settings could be read when last asked to'),
  )
  const goodAt = new Gauge(
    named('config_last_reload_success_timestamp_seconds', 'When the settings were last read'),
  )
  const jobs = new Gauge({
    ...named('queue_jobs', 'Profiles that wait for their analysis'),
    labelNames: ['state'],
  })
  const oldest = new Gauge(
    named('queue_oldest_seconds', 'How long the longest waiting profile has waited'),
  )
  const setReload = (isSuccess: boolean) => {
    isGood.set(isSuccess ? 1 : 0)
    if (isSuccess) goodAt.setToCurrentTime()
  }
  setReload(true)
  return {
    setReload,
    async text() {
      const { waitingCount, oldestReceivedAtMs } = await analyses.backlog()
      const waitedMs = oldestReceivedAtMs === null ? 0 : Date.now() - oldestReceivedAtMs
      jobs.set({ state: 'waiting' }, waitingCount)
      oldest.set(Math.max(0, waitedMs / 1000))
      return registry.metrics()
    },
  }
}
