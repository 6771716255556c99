import { open } from 'node:fs/promises'
import { AppError } from '../../api/errors.ts'

export interface CommitLog {
  /** Settles once all that was committed before the call survives a power cut. Throws STORAGE_FAILED. */
  flush(): Promise<void>
  /** Waits for the flush under way. */
  close(): Promise<void>
}

/**
 * The write-ahead log of an open SQLite database. SQLite would flush it within each commit and have the event loop wait for
 * the disk. Flushed here, in another thread, one flush makes all commits durable that came while the last one ran.
 */
export async function openCommitLog(
  databasePath: string,
  onDiskFailure: (error: unknown) => void,
): Promise<CommitLog> {
  const file = await open(`${databasePath}-wal`, 'r+')
  let running: Promise<void> = Promise.resolve()
  let next: Promise<void> | null = null
  let failure: AppError | null = null

  async function flushFile(): Promise<void> {
    // Linux drops what it could not write, so that a later flush would succeed without it.
    if (failure !== null) throw failure
    try {
      await file.datasync()
    } catch (cause) {
      failure = new AppError('STORAGE_FAILED', { cause })
      onDiskFailure(cause)
      throw failure
    }
  }

  function start(): Promise<void> {
    next = null
    running = flushFile()
    return running
  }

  return {
    flush: () => (next ??= running.then(start, start)),
    async close() {
      await (next ?? running).catch(() => undefined)
      await file.close()
    },
  }
}
