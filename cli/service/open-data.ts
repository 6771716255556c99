import type { Logger } from 'pino'
import { openStore, type Store } from '../../store/index.ts'
import type { Closers } from './closers.ts'
import type { Settings } from '../settings/settings.ts'

const EXIT_DISK_FAILED = 70
const ANSWER_MS = 100

export interface DataParts {
  readonly logger: Logger
  readonly closers: Closers
}

/** Opens the data directory for a process that goes on. When the disk fails the process ends. */
export async function openData(
  { store: options }: Settings,
  { logger, closers }: DataParts,
): Promise<Store> {
  const store = await openStore({
    ...options,
    onDiskFailure: (err) => {
      logger.fatal({ err }, 'the disk failed')
      // What Linux could not write it has dropped: go on and it would be taken for written. First answer, then end.
      setTimeout(() => process.exit(EXIT_DISK_FAILED), ANSWER_MS).unref()
    },
  })
  closers.add(() => store.close())
  return store
}
