import type { Logger } from 'pino'
import type { ReadyCheck } from '../../../api/index.ts'
import {
  type CaptureReceiver,
  type CollectMetrics,
  makeCollectMetrics,
  openCollector,
  openReach,
  type ProfileReceiver,
  type Tracer,
} from '../../../collect/index.ts'
import { openQueue } from '../../../queue/index.ts'
import type { Store } from '../../../store/index.ts'
import type { Closers } from '../closers.ts'
import { listenForHealth } from '../observe/listen-for-health.ts'
import { openData } from './open-data.ts'
import { openTracer } from '../observe/open-tracer.ts'
import { openReceivers } from './open-receivers.ts'
import { queueOptions } from './queue-options.ts'
import { readyCheck } from '../observe/ready-check.ts'
import { makeStoreMetrics } from '../observe/store-metrics.ts'
import type { Settings } from '../../settings/settings.ts'

export interface CollectorParts {
  readonly logger: Logger
  readonly closers: Closers
  /** The environment of credential plugins. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly store: Store
  readonly receiver: ProfileReceiver
  readonly captureReceiver: CaptureReceiver
  readonly tracer: Tracer
}

/** Starts collecting into an open store. SIGHUP makes it read the targets file again. */
export async function startCollector(
  { collect }: Settings,
  { logger, closers, env, store, receiver, captureReceiver, tracer }: CollectorParts,
): Promise<CollectMetrics> {
  const metrics = makeCollectMetrics({ byTarget: collect.metricsByTarget })
  const { serviceAccountFolder } = collect
  const collector = await openCollector({
    options: collect,
    store,
    profiles: receiver,
    files: captureReceiver,
    openReach: (plan) => openReach({ ...plan, env, isInteractive: false, serviceAccountFolder }),
    metrics,
    log: logger,
    tracer,
  })
  closers.add(() => collector.close())
  const onHangUp = () => {
    collector.reload().catch((err: unknown) => logger.warn({ err }, 'could not reload'))
  }
  process.on('SIGHUP', onHangUp)
  closers.add(() => void process.off('SIGHUP', onHangUp))
  return metrics
}

/** A process that only collects: it decodes no profile. Returns what tells whether it is ready. */
export async function openCollectorAlone(
  settings: Settings,
  parts: Pick<CollectorParts, 'logger' | 'closers' | 'env'>,
): Promise<() => Promise<readonly ReadyCheck[]>> {
  const { logger, closers } = parts
  const tracer = await openTracer(settings.tracing, closers)
  const storeMetrics = makeStoreMetrics()
  const store = await openData(settings, { ...parts, metrics: storeMetrics })
  const queue = await openQueue(queueOptions(settings))
  closers.add(() => queue.close())
  const receivers = openReceivers(settings, { store, queue, logger, closers, tracer })
  const metrics = await startCollector(settings, { ...parts, ...receivers, store, tracer })
  const { metricsListen } = settings.collect
  const readyChecks = async () => [await readyCheck('store', true, () => store.check())]
  if (metricsListen !== '') {
    await listenForHealth(metricsListen, { readyChecks, metrics: [storeMetrics, metrics] }, closers)
  }
  return readyChecks
}
