import { AppError } from '../api/index.ts'
import type { Queue, NotificationHandler } from './queue.ts'

/** Past this many notifications are dropped: the sweep finds what they were for. */
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
        // A handler has its own way to report what went wrong; the next notification must be delivered all the same.
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
