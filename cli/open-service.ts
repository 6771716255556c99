import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { openProfileReceiver } from '../collect/index.ts'
import { openQueue } from '../queue/index.ts'
import type { ServerNeeds } from '../server/index.ts'
import { lockDirectory, openStore } from '../store/index.ts'
import {
  openDecoders,
  openViewComputer,
  openWorker,
  readAnalysisVersions,
  refuseHead,
} from '../worker/index.ts'
import type { Closers } from './closers.ts'
import { CommandError } from './command-error.ts'
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
export type Service = Pick<ServerNeeds, 'store' | 'receiver' | 'views' | 'readyChecks'>

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
  const pool = openDecoders({ ...settings, rulesDirectory: RULES_DIRECTORY })
  closers.add(() => pool.close())
  const queue = await openQueue(settings.queue)
  closers.add(() => queue.close())
  if (works) {
    const worker = await openWorker({
      options: settings.worker,
      store,
      queue,
      pool,
      versions: await readAnalysisVersions(RULES_DIRECTORY),
      log: logger,
    })
    closers.add(() => worker.close())
  }
  pool.warm()
  const receiver = openProfileReceiver({
    options: settings.collect,
    profiles: store.profiles,
    blobs: store.blobs,
    queue,
    refuseHead,
    onBellLost: (err) => logger.warn({ err }, 'a bell was lost'),
  })
  closers.add(() => receiver.close())
  return {
    store,
    receiver,
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
