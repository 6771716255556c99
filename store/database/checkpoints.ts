import { Worker } from 'node:worker_threads'

const COMMITS = 50

/** Moves what is in the write-ahead log of a SQLite database into the database itself. */
export interface Checkpoints {
  /** Every so many commits a checkpoint begins; the first starts the thread. */
  countCommit(): void
  close(): Promise<void>
}

/**
 * Each message is one checkpoint, which keeps no reader or writer waiting. One that fails, as on a full disk, leaves its
 * part to the next. As text, because a bundle would have no file of its own for it.
 */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { DatabaseSync } = require('node:sqlite')
  const database = new DatabaseSync(workerData.path)
  parentPort.on('message', () => {
    try {
      database.exec('pragma wal_checkpoint(passive)')
    } catch {}
    parentPort.postMessage('done')
  })
`

/**
 * Checkpoints in a thread of their own: they write and flush for tens of milliseconds. Once the log has grown to
 * `wal_autocheckpoint`, the connection that commits does the little that is left, and the log starts anew.
 */
export function openCheckpoints(path: string): Checkpoints {
  let thread: Worker | null = null
  let isRunning = false
  let isOver = false
  let commitCount = 0

  function start(): Worker {
    const started = new Worker(THREAD, { eval: true, workerData: { path } })
    started.unref()
    started.on('message', () => (isRunning = false))
    // Then the connection that commits does all of it.
    started.on('error', () => (isOver = true))
    return started
  }

  return {
    countCommit() {
      commitCount += 1
      if (commitCount < COMMITS || isRunning || isOver) return
      commitCount = 0
      isRunning = true
      thread ??= start()
      thread.postMessage('checkpoint', [])
    },
    async close() {
      isOver = true
      await thread?.terminate()
    },
  }
}
