import { AppError } from '../api/index.ts'
import type { Queue, NotificationHandler } from './queue.ts'

/** Above this number notifications are dropped; the sweep finds their analyses. */
const WAITING_MAX = 10_000

/** For one process that serves and works. */
export function openInProcessQueue(): Queue {
  const waiting = new Set<string>()
  const running = new Set<Promise<void>>()
  let handler: NotificationHandler | null = null
  let concurrency = 0
  let isClosed = false

  function start(): void {
    for (const id of waiting) {
      if (handler === null || running.size >= concurrency) return
      waiting.delete(id)
      const run: Promise<void> = handler(id)
        // The handler reports its own errors; the next notification must still be delivered.
        .catch(() => undefined)
        .finally(() => {
          running.delete(run)
          start()
        })
      running.add(run)
    }
  }

  return {
    async notify(analysisId) {
      if (isClosed) throw new AppError('QUEUE_UNAVAILABLE', { message: 'The queue is closed.' })
      if (waiting.size < WAITING_MAX) waiting.add(analysisId)
      start()
    },
    async onNotify(newHandler, options) {
      handler = newHandler
      concurrency = options.concurrency
      start()
    },
    check: async () => undefined,
    async close() {
      isClosed = true
      waiting.clear()
      await Promise.all(running)
    },
  }
}
