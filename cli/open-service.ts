import type { Logger } from 'pino'
import { AppError, type ReadyCheck } from '../api/index.ts'
import { openProfileReceiver } from '../collect/index.ts'
import { explainBytes, faultOf } from '../profile/index.ts'
import { openQueue } from '../queue/index.ts'
import type { ServerNeeds } from '../server/index.ts'
import { openStore } from '../store/index.ts'
import type { Closers } from './closers.ts'
import type { Settings } from './settings.ts'

export interface ServiceOptions {
  readonly logger: Logger
  /** Gets what closes each thing that is opened here. */
  readonly closers: Closers
  /** Whether this process analyses uploads too. */
  readonly works: boolean
}

/** What stands behind the HTTP server. */
export type Service = Pick<ServerNeeds, 'store' | 'receiver' | 'views' | 'readyChecks'>

/** Opens the store and the queue, then what works on them. */
export async function openService(
  settings: Settings,
  { logger, closers }: ServiceOptions,
): Promise<Service> {
  const store = await openStore({
    ...settings.store,
    onDiskFailure: (err) => logger.fatal({ err }, 'the disk failed'),
  })
  closers.add(() => store.close())
  const queue = await openQueue(settings.queue)
  closers.add(() => queue.close())
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
    views: {
      computeView: () => Promise.reject(new AppError('PROFILE_NOT_READY')),
    },
    readyChecks: async () => [
      await readyCheck('store', () => store.check()),
      await readyCheck('queue', () => queue.check()),
    ],
  }
}

/** What can be told from an upload's first bytes, before it is stored. */
function refuseHead(head: Uint8Array): AppError | null {
  const error = explainBytes(head)
  if (error === null) return null
  const fault = faultOf(error)
  const code = fault === 'unsupported_encoding' ? 'UNSUPPORTED_ENCODING' : 'NOT_A_PROFILE'
  return new AppError(code, { message: error.message, details: { reason: error.reason } })
}

async function readyCheck(name: string, check: () => Promise<void>): Promise<ReadyCheck> {
  try {
    await check()
    return { name, isReady: true, text: '' }
  } catch (error) {
    return { name, isReady: false, text: error instanceof Error ? error.message : String(error) }
  }
}
