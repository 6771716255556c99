import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import {
  type CaptureReceiver,
  openCaptureReceiver,
  openProfileReceiver,
  type ProfileReceiver,
} from '../collect/index.ts'
import { openQueue, type Queue } from '../queue/index.ts'
import type { ServerNeeds } from '../server/index.ts'
import { lockDirectory, openStore, type Store } from '../store/index.ts'
import {
  describeCaptureFile,
  openCaptureJudge,
  openCaptureReporter,
  openDecoders,
  openViewComputer,
  openWorker,
  furtherRulesOf,
  readAnalysisVersions,
  refuseHead,
} from '../worker/index.ts'
import type { Closers } from './closers.ts'
import { CommandError } from './command-error.ts'
import { openRules } from './open-rules.ts'
import type { Settings } from './settings.ts'

const RULES_DIRECTORY = fileURLToPath(new URL('../rules', import.meta.url))
const EXIT_DISK_FAILED = 70
const ANSWER_MS = 100

export interface ServiceOptions {
  readonly logger: Logger
  /** Gets what closes each thing that is opened here. */
  readonly closers: Closers
  /** Whether this process answers HTTP: there is one such process for a data directory. */
  readonly serves: boolean
  /** Whether this process analyses uploads too. */
  readonly works: boolean
}

/** What stands behind the HTTP server. */
export type Service = Pick<
  ServerNeeds,
  'store' | 'receiver' | 'captureReceiver' | 'captureReporter' | 'views' | 'rules' | 'readyChecks'
>

/** Opens the store and the queue, then what works on them. */
export async function openService(
  settings: Settings,
  { logger, closers, serves, works }: ServiceOptions,
): Promise<Service> {
  const store = await openStore({
    ...settings.store,
    onDiskFailure: (err) => {
      logger.fatal({ err }, 'the disk failed')
      // What Linux could not write it has dropped: go on and it would be taken for written. First answer, then end.
      setTimeout(() => process.exit(EXIT_DISK_FAILED), ANSWER_MS).unref()
    },
  })
  closers.add(() => store.close())
  if (serves) lockForServing(settings.store.directory, closers)
  const rules = await openRules(settings.worker.rulesDirectory, logger)
  const pool = openDecoders({ ...settings, rulesDirectory: RULES_DIRECTORY })
  closers.add(() => pool.close())
  const queue = await openQueue(settings.queue)
  closers.add(() => queue.close())
  const versions = await readAnalysisVersions(RULES_DIRECTORY, furtherRulesOf(settings.worker))
  const shared = { options: settings.worker, store, pool, versions, log: logger }
  const judge = openCaptureJudge(shared)
  closers.add(() => judge.close())
  if (works) {
    const worker = await openWorker({ ...shared, queue, judge })
    closers.add(() => worker.close())
  }
  pool.warm()
  const { receiver, captureReceiver } = openReceivers(settings, { store, queue, logger, closers })
  return {
    store,
    receiver,
    captureReceiver,
    rules,
    captureReporter: openCaptureReporter({ captures: store.captures, judge }),
    views: openViewComputer({
      profiles: store.profiles,
      pool,
      viewMsMax: settings.worker.viewMsMax,
    }),
    readyChecks: async () => [
      { ...(await readyCheck('store', () => store.check())), isRequired: true },
      // Without the queue uploads are taken, and analysed a few seconds later.
      { ...(await readyCheck('queue', () => queue.check())), isRequired: false },
    ],
  }
}

interface ReceiverParts extends Pick<ServiceOptions, 'logger' | 'closers'> {
  readonly store: Store
  readonly queue: Queue
}

/** The ways in, for profiles and for whole captures. */
function openReceivers(
  { collect }: Settings,
  { store, queue, logger, closers }: ReceiverParts,
): { readonly receiver: ProfileReceiver; readonly captureReceiver: CaptureReceiver } {
  const shared = {
    ...store,
    options: collect,
    queue,
    refuseHead,
    onBellLost: (err: unknown) => logger.warn({ err }, 'a bell was lost'),
  }
  const receiver = openProfileReceiver(shared)
  closers.add(() => receiver.close())
  const captureReceiver = openCaptureReceiver({ ...shared, describeFile: describeCaptureFile })
  closers.add(() => captureReceiver.close())
  return { receiver, captureReceiver }
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

async function readyCheck(name: string, check: () => Promise<void>) {
  try {
    await check()
    return { name, isReady: true, text: '' }
  } catch (error) {
    return { name, isReady: false, text: error instanceof Error ? error.message : String(error) }
  }
}
