import type { Logger } from 'pino'
import { openStore, type Store } from '../../../store/index.ts'
import type { Closers } from '../closers.ts'
import type { StoreMetrics } from '../observe/store-metrics.ts'
import type { Settings } from '../../settings/settings.ts'

const EXIT_DISK_FAILED = 70
const ANSWER_MS = 100

export interface DataParts {
  readonly logger: Logger
  readonly closers: Closers
  readonly metrics: Pick<StoreMetrics, 'countFault'>
}

/** Opens the data directory for a long-running process, which ends when the disk fails. */
export async function openData(
  { store: options, blobs }: Settings,
  { logger, closers, metrics }: DataParts,
): Promise<Store> {
  const store = await openStore({
    ...options,
    blobs,
    onUnmigrated: (says) => logger.warn(says),
    onBlobFault: (event) => {
      metrics.countFault(event)
      logger.error(event, 'a stored file is missing or damaged')
    },
    onDiskFailure: (err) => {
      logger.fatal({ err }, 'the disk failed')
      // After a failed fsync Linux drops the data, and a later fsync would succeed without it. So answer, then exit.
      setTimeout(() => process.exit(EXIT_DISK_FAILED), ANSWER_MS).unref()
    },
  })
  closers.add(() => store.close())
  return store
}
