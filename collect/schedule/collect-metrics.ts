import { TARGET_KINDS } from '../../api/index.ts'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/**
 * The collector's own metrics. The only labels from user data are the component, which has few values, and, where the
 * settings ask for it, the target.
 */
export interface CollectMetrics {
  readonly countPart: (part: {
    readonly kind: string
    readonly component: string
    readonly result: string
  }) => void
  readonly countCapture: (capture: {
    readonly status: string
    readonly durationMs: number
    readonly sizeBytes: number
  }) => void
  /** A capture of the target has just ended well. */
  readonly setSuccess: (target: string) => void
  readonly countSkip: (reason: string, count: number) => void
  readonly observeLag: (lagMs: number) => void
  readonly countLostLease: () => void
  readonly setStates: (counts: Readonly<Record<string, number>>) => void
  readonly setRunning: (count: number) => void
  readonly setReload: (isGood: boolean, atMs: number) => void
  /** Prometheus' text format. */
  readonly text: () => Promise<string>
}

/** Components that are label values; the others are `other`, so that user data cannot create labels. */
const COMPONENTS = new Set<string>(TARGET_KINDS)

/** `byTarget`: with one series for each target. */
export function makeCollectMetrics({ byTarget = false } = {}): CollectMetrics {
  const registry = new Registry()
  const registers = [registry]
  const named = (name: string, help: string) => ({ name: `kubeprof_${name}`, help, registers })
  const parts = new Counter({
    ...named('captures_total', 'Parts of captures by result'),
    labelNames: ['kind', 'component', 'result'],
  })
  const durations = new Histogram({
    ...named('capture_duration_seconds', 'How long captures took'),
    labelNames: ['result'],
    buckets: [0.5, 2, 5, 15, 30, 60, 120, 300],
  })
  const bytes = new Counter(named('capture_bytes_total', 'Bytes that captures stored'))
  const skips = new Counter({
    ...named('capture_skipped_total', 'Slots that were skipped'),
    labelNames: ['reason'],
  })
  const lag = new Histogram({
    ...named('capture_lag_seconds', 'From the time a capture was due to its start'),
    buckets: [0.5, 1, 2, 5, 10, 30, 60, 300],
  })
  const lost = new Counter(named('leases_lost_total', 'Captures given up because a lease ran out'))
  const states = new Gauge({
    ...named('targets', 'Processes by the state of their captures'),
    labelNames: ['state'],
  })
  const running = new Gauge(named('captures_running', 'Captures that this process is taking'))
  const succeededAt = new Gauge({
    ...named(
      'target_last_success_timestamp_seconds',
      'When a capture of the target last ended well',
    ),
    labelNames: ['target'],
  })
  const good = new Gauge(
    named('targets_file_last_reload_successful', 'Whether the targets file could be read last'),
  )
  const goodAt = new Gauge(
    named(
      'targets_file_last_reload_success_timestamp_seconds',
      'When the targets file was last read',
    ),
  )
  // A collector without a targets file has no series of it.
  for (const gauge of [good, goodAt]) gauge.remove()
  return {
    countPart: ({ kind, component, result }) =>
      parts.inc({ kind, component: COMPONENTS.has(component) ? component : 'other', result }),
    countCapture: ({ status, durationMs, sizeBytes }) => {
      durations.observe({ result: status }, durationMs / 1000)
      bytes.inc(sizeBytes)
    },
    setSuccess(target) {
      if (byTarget) succeededAt.setToCurrentTime({ target })
    },
    countSkip: (reason, count) => skips.inc({ reason }, count),
    observeLag: (lagMs) => lag.observe(lagMs / 1000),
    countLostLease: () => lost.inc(),
    setStates: (counts) => {
      for (const [state, count] of Object.entries(counts)) states.set({ state }, count)
    },
    setRunning: (count) => running.set(count),
    setReload: (isGood, atMs) => {
      good.set(isGood ? 1 : 0)
      if (isGood) goodAt.set(atMs / 1000)
    },
    text: () => registry.metrics(),
  }
}
