import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { openQueue } from '../../queue/index.ts'
import { makeSettingsTokens, type ServerNeeds } from '../../server/index.ts'
import { lockDirectory, type Store } from '../../store/index.ts'
import { readAnalysisVersions } from '../../judge/index.ts'
import {
  openCaptureJudge,
  openCaptureReporter,
  openDecoders,
  openRangeComputer,
  openTimeViewComputer,
  openWorkerHistory,
  openTraceSummariser,
  openViewComputer,
  makeWorkerMetrics,
  openWorker,
  furtherRulesOf,
} from '../../worker/index.ts'
import type { Closers } from './closers.ts'
import { CommandError } from '../terminal/command-error.ts'
import { startCollector } from './parts/open-collector.ts'
import { openData } from './parts/open-data.ts'
import { historyChecks, openHistoryDatabase } from './parts/open-history-database.ts'
import { openKeyring } from './parts/open-keyring.ts'
import { openReceivers } from './parts/open-receivers.ts'
import { openTracer } from './observe/open-tracer.ts'
import { openRules } from './parts/open-rules.ts'
import { makeSelfProfiler } from './observe/self-profiler.ts'
import { makeServiceMetrics, type ServiceMetrics } from './observe/service-metrics.ts'
import { makeStoreMetrics } from './observe/store-metrics.ts'
import { queueOptions } from './parts/queue-options.ts'
import { readyCheck, remembered } from './observe/ready-check.ts'
import { readVersion } from '../terminal/read-version.ts'
import type { Settings } from '../settings/settings.ts'

const RULES_DIRECTORY = fileURLToPath(new URL('../../rules', import.meta.url))

const CHECK_MS = 1000

export interface ServiceOptions {
  readonly logger: Logger
  /** Collects what is opened here, to be closed. */
  readonly closers: Closers
  /** Whether this process serves HTTP: there is one such process for a data directory. */
  readonly serves: boolean
  /** Whether this process also analyses uploads. */
  readonly works: boolean
  /** The environment of credential plugins; without it this process takes no captures. */
  readonly collectEnv?: Readonly<Record<string, string | undefined>>
}

/** What the HTTP server needs. */
export type Service = Pick<
  ServerNeeds,
  | 'store'
  | 'accounts'
  | 'settingsTokens'
  | 'keyring'
  | 'selfProfiler'
  | 'receiver'
  | 'captureReceiver'
  | 'captureReporter'
  | 'collectOptions'
  | 'furtherMetrics'
  | 'views'
  | 'timeViews'
  | 'ranges'
  | 'traces'
  | 'rules'
  | 'tracer'
  | 'readyChecks'
> & { readonly serviceMetrics: ServiceMetrics }

/** Opens the store and the queue, then the workers on them. */
export async function openService(
  settings: Settings,
  { logger, closers, serves, works, collectEnv: env }: ServiceOptions,
): Promise<Service> {
  const tracer = await openTracer(settings.tracing, closers)
  const storeMetrics = makeStoreMetrics()
  const store = await openData(settings, { logger, closers, metrics: storeMetrics })
  // Rows in SQLite and what a server holds in memory are of one machine; with Postgres any number may serve.
  if (serves && settings.store.kind === 'sqlite') {
    lockForServing(settings.store.directory, closers)
  }
  const rules = await openRules(settings.worker.rulesDirectory, logger)
  const database = await openHistoryDatabase(settings, { logger, closers })
  const pool = openDecoders({
    ...settings,
    answerHistory: database === null ? null : (question) => database.answer(question),
    blobStore: store.blobs,
    rulesDirectory: RULES_DIRECTORY,
  })
  closers.add(() => pool.close())
  const queue = await openQueue(queueOptions(settings))
  closers.add(() => queue.close())
  const versions = await readAnalysisVersions(RULES_DIRECTORY, furtherRulesOf(settings.worker))
  const shared = { options: settings.worker, store, pool, versions, log: logger, tracer }
  const judge = openCaptureJudge(shared)
  closers.add(() => judge.close())
  const now = Date.now
  const history = openWorkerHistory({ options: settings.history, store, database, pool, now })
  const workerMetrics = works ? makeWorkerMetrics() : null
  if (workerMetrics !== null) {
    const worker = await openWorker({ ...shared, queue, judge, history, metrics: workerMetrics })
    closers.add(() => worker.close())
  }
  pool.warm()
  const parts = { store, queue, logger, closers, tracer }
  const receivers = openReceivers(settings, parts)
  const collecting =
    env === undefined ? null : await startCollector(settings, { ...parts, ...receivers, env })
  const serviceMetrics = makeServiceMetrics({ ...store, version: await readVersion() })
  const { viewMsMax } = settings.worker
  const checkStore = remembered(() => store.check(), CHECK_MS)
  const viewNeeds = { pool, viewMsMax, integrity: store.integrity }
  return {
    store,
    accounts: settings.accounts,
    keyring: await openKeyring(settings),
    selfProfiler: makeSelfProfiler(),
    serviceMetrics,
    settingsTokens: makeSettingsTokens(settings.server.tokens),
    ...receivers,
    collectOptions: settings.collect,
    furtherMetrics: [serviceMetrics, storeMetrics, workerMetrics, collecting].filter(
      (one) => one !== null,
    ),
    rules,
    tracer,
    captureReporter: openCaptureReporter({ captures: store.captures, judge }),
    views: openViewComputer(viewNeeds),
    timeViews: openTimeViewComputer(viewNeeds),
    ranges: openRangeComputer({ ...viewNeeds, history, events: store.events, now }),
    traces: openTraceSummariser({ captures: store.captures, ...viewNeeds }),
    readyChecks: () =>
      Promise.all([
        readyCheck('store', true, checkStore),
        // Without the queue uploads are accepted, and analysed a few seconds later.
        readyCheck('queue', false, () => queue.check()),
        ...historyChecks(database),
        readyCheck('deletion', false, () => checkDeletion(store)),
      ]),
  }
}

/** Throws why nothing is deleted. */
async function checkDeletion({ installation }: Store): Promise<void> {
  const stop = await installation.stop()
  if (stop !== null && stop.reason !== 'backup_running') throw new Error(stop.text)
}

function lockForServing(directory: string, closers: Closers): void {
  const lock = lockDirectory(directory, 'serve')
  if (lock === null) {
    throw new CommandError(
      `another kubeprof serves from ${directory}: stop it, or set store.directory to another folder`,
      69,
    )
  }
  closers.add(() => lock.release())
}
