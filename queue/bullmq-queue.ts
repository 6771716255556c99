import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../api/index.ts'
import {
  type BullmqServer,
  type Consumer,
  type ConsumerOptions,
  ignore,
  type Notification,
  type Producer,
  unavailable,
} from './bullmq-server.ts'
import { mergeNotifications } from './merge-notifications.ts'
import type { NotificationHandler, Queue } from './queue.ts'

const NOTIFY_MS_MAX = 900
/** Limit of notifications without a reply of the server: each keeps a promise in memory. */
const PENDING_MAX = 1000

const CONSUMER: ConsumerOptions = {
  lockDuration: 30_000,
  stalledInterval: 15_000,
  maxStalledCount: 1,
  // Without this a stalled job can restart forever: https://github.com/taskforcesh/bullmq/issues/4220
  maxStartedAttempts: 5,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
}

/**
 * BullMQ, only for notifications. BullMQ's retries, schedules and kept jobs are off: a kept job would suppress the next
 * notification of the same id, and the database decides what is left to do.
 *
 * While the server does not answer, notifications are refused: BullMQ's `add` may never settle then.
 */
export function bullmqQueue(server: BullmqServer): Queue {
  let producer: Producer | null = null
  let consumer: Consumer | null = null
  let pendingCount = 0
  const running = new Set<Promise<void>>()

  /** A producer whose command failed may stay broken, so the next command makes a new one. */
  async function withProducer<Result>(use: (used: Producer) => Promise<Result>): Promise<Result> {
    let used: Producer | null = null
    pendingCount += 1
    try {
      await server.prepare()
      used = producer ??= server.makeProducer()
      return await use(used)
    } catch (error) {
      if (producer === used) producer = null
      used?.close().catch(ignore)
      throw error
    } finally {
      pendingCount -= 1
    }
  }

  async function add(analysisId: string): Promise<void> {
    if (server.isAway()) throw unavailable(`${server.label} does not answer.`)
    if (pendingCount >= PENDING_MAX) throw unavailable(`${server.label} does not keep up.`)
    const added = withProducer((used) =>
      used.add('analyse', { analysisId }, { jobId: `a-${analysisId}` }),
    )
    await settledSoon(added, server.label)
  }

  const { notify, flush } = mergeNotifications(add)

  return {
    notify,
    async onNotify(handler, options) {
      consumer = server.makeConsumer(keepingTrack(handler, running), { ...CONSUMER, ...options })
    },
    check: () => settledSoon(server.check(withProducer), server.label),
    async close() {
      flush()
      const closing = consumer?.close()
      await Promise.all(running)
      // Without the server `close` would wait forever.
      await soon(closing)
      await soon(consumer?.close(true))
      await soon(producer?.close())
      server.close()
    },
  }
}

function keepingTrack(handler: NotificationHandler, running: Set<Promise<void>>) {
  return async ({ analysisId }: Notification): Promise<void> => {
    // The handler reports its own errors; for BullMQ every notification succeeds.
    const run = handler(analysisId).catch(ignore)
    running.add(run)
    await run.finally(() => running.delete(run))
  }
}

async function soon(closed: Promise<void> | undefined): Promise<void> {
  await Promise.race([closed, delay(NOTIFY_MS_MAX, undefined, { ref: false })]).catch(ignore)
}

async function settledSoon(done: Promise<unknown>, label: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const fail = () => reject(unavailable(`${label} did not answer in time.`))
    timer = setTimeout(fail, NOTIFY_MS_MAX)
  })
  try {
    await Promise.race([done, late])
  } catch (cause) {
    throw cause instanceof AppError ? cause : unavailable(`${label} does not answer.`, cause)
  } finally {
    clearTimeout(timer)
    done.catch(ignore)
  }
}
