import { setTimeout as delay } from 'node:timers/promises'
import { Queue as BullmqQueue, Worker as BullmqWorker } from 'bullmq'
import { Redis, type RedisOptions } from 'ioredis'
import { AppError } from '../api/index.ts'
import type { QueueOptions } from './options.ts'
import type { Queue, NotificationHandler, NotificationOptions } from './queue.ts'

const RING_MS_MAX = 900
const CONNECT_MS_MAX = 1000
/** Limit of notifications without a reply of Redis: each keeps a promise in memory. */
const PENDING_MAX = 1000

const RECONNECT_MS_MAX = 2000
const CONNECTION: RedisOptions = {
  retryStrategy: (attempt) => Math.min(100 * 2 ** attempt, RECONNECT_MS_MAX),
}

/**
 * BullMQ on Redis, only for notifications. BullMQ's retries, schedules and kept jobs are off: a
 * kept job would suppress the next notification of the same id, and the database decides what is
 * left to do.
 *
 * Throws QUEUE_UNAVAILABLE when Redis answers and may evict keys. When Redis does not answer, it
 * connects in the background and refuses notifications meanwhile: BullMQ's `add` never settles when
 * Redis was down at the start.
 */
export async function openBullmqQueue({
  redisUrl,
  name,
}: Pick<QueueOptions, 'redisUrl' | 'name'>): Promise<Queue> {
  const producer = new Redis(redisUrl, {
    ...CONNECTION,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: RING_MS_MAX,
  })
  // Without a listener an unreachable Redis ends the process. check() and notify() report the
  // failure.
  producer.on('error', ignore)
  let queue: BullmqQueue | null = null
  let worker: WorkerHandle | null = null
  let pendingCount = 0

  async function check(): Promise<void> {
    if (producer.status !== 'ready') throw unavailable('Redis does not answer.')
    const policy = await evictionPolicy(producer)
    if (policy === 'noeviction') return
    throw unavailable(
      `Redis may evict keys (maxmemory-policy is ${policy}); BullMQ needs noeviction.`,
    )
  }

  async function add(analysisId: string): Promise<void> {
    const used = (queue ??= openProducer(name, producer))
    pendingCount += 1
    try {
      await used.add('analyse', { analysisId }, { jobId: `a-${analysisId}` })
    } catch (error) {
      // A queue whose first command failed stays broken, so the next notification opens a new one.
      if (queue === used) queue = null
      used.close().catch(ignore)
      throw error
    } finally {
      pendingCount -= 1
    }
  }

  const opened: Queue = {
    async notify(analysisId) {
      if (producer.status !== 'ready') throw unavailable('Redis does not answer.')
      if (pendingCount >= PENDING_MAX) throw unavailable('Redis does not keep up.')
      await settledSoon(add(analysisId))
    },
    async onNotify(handler, options) {
      worker = openWorker({ redisUrl, name, handler, options })
    },
    check,
    async close() {
      await worker?.close()
      await Promise.race([queue?.close(), delay(RING_MS_MAX)]).catch(ignore)
      producer.disconnect()
    },
  }
  await untilReady(producer)
  if (producer.status === 'ready') {
    await check().catch(async (error: unknown) => {
      await opened.close()
      throw error
    })
  }
  return opened
}

/** Call this only while Redis answers: a queue created before never adds a job. */
function openProducer(name: string, connection: Redis): BullmqQueue {
  const queue = new BullmqQueue(name, {
    connection,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
  })
  queue.on('error', ignore)
  return queue
}

interface WorkerHandle {
  readonly close: () => Promise<void>
}

interface WorkerNeeds {
  readonly redisUrl: string
  readonly name: string
  readonly handler: NotificationHandler
  readonly options: NotificationOptions
}

function openWorker({ redisUrl, name, handler, options }: WorkerNeeds): WorkerHandle {
  const connection = new Redis(redisUrl, { ...CONNECTION, maxRetriesPerRequest: null })
  connection.on('error', ignore)
  const running = new Set<Promise<void>>()
  const worker = new BullmqWorker<{ readonly analysisId: string }>(
    name,
    async ({ data }) => {
      // The handler reports its own errors; for BullMQ every notification succeeds.
      const run = handler(data.analysisId).catch(ignore)
      running.add(run)
      await run.finally(() => running.delete(run))
    },
    {
      connection,
      concurrency: options.concurrency,
      lockDuration: 30_000,
      stalledInterval: 15_000,
      maxStalledCount: 1,
      // Without this a stalled job can restart forever:
      // https://github.com/taskforcesh/bullmq/issues/4220
      maxStartedAttempts: 5,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  )
  worker.on('error', ignore)
  return {
    async close() {
      const closing = worker.close()
      await Promise.all(running)
      // Without Redis `close` would wait forever.
      await Promise.race([closing, delay(RING_MS_MAX)]).catch(ignore)
      connection.disconnect()
      await Promise.race([worker.close(true), delay(RING_MS_MAX)]).catch(ignore)
    },
  }
}

async function settledSoon(added: Promise<void>): Promise<void> {
  const timeout = new AbortController()
  try {
    await Promise.race([
      added,
      delay(RING_MS_MAX, undefined, { signal: timeout.signal }).then(() => {
        throw unavailable('Redis did not answer in time.')
      }),
    ])
  } catch (cause) {
    throw cause instanceof AppError
      ? cause
      : unavailable('Redis did not take the notification.', cause)
  } finally {
    timeout.abort()
    added.catch(ignore)
  }
}

async function untilReady(redis: Redis): Promise<void> {
  const endMs = performance.now() + CONNECT_MS_MAX
  while (redis.status !== 'ready' && performance.now() < endMs) await delay(20)
}

async function evictionPolicy(redis: Redis): Promise<string> {
  const info = await redis.info('memory').catch((cause: unknown) => {
    throw unavailable('Redis does not answer.', cause)
  })
  return /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction'
}

function unavailable(message: string, cause?: unknown): AppError {
  return new AppError('QUEUE_UNAVAILABLE', { message, cause })
}

function ignore(): void {}
