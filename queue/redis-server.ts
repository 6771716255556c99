import { setTimeout as delay } from 'node:timers/promises'
import { Queue as BullmqQueue, Worker as BullmqWorker } from 'bullmq'
import { Redis, type RedisOptions } from 'ioredis'
import { type BullmqServer, ignore, type Notification, unavailable } from './bullmq-server.ts'
import { bullmqQueue } from './bullmq-queue.ts'
import type { QueueOptions } from './options.ts'
import type { Queue } from './queue.ts'

const COMMAND_MS_MAX = 900
const CONNECT_MS_MAX = 1000
const RECONNECT_MS_MAX = 2000
const CONNECTION: RedisOptions = {
  retryStrategy: (attempt) => Math.min(100 * 2 ** attempt, RECONNECT_MS_MAX),
}

/**
 * BullMQ on Redis. Throws QUEUE_UNAVAILABLE when Redis answers and may evict keys. When Redis does not answer, it
 * connects in the background.
 */
export async function openRedisQueue(
  options: Pick<QueueOptions, 'redisUrl' | 'name'>,
): Promise<Queue> {
  const producer = new Redis(options.redisUrl, {
    ...CONNECTION,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_MS_MAX,
  })
  // Without a listener an unreachable Redis ends the process. check() and notify() report the
  // failure.
  producer.on('error', ignore)
  const queue = bullmqQueue(redisServer(options, producer))
  await untilReady(producer)
  if (producer.status === 'ready') {
    await queue.check().catch(async (error: unknown) => {
      await queue.close()
      throw error
    })
  }
  return queue
}

function redisServer(
  { redisUrl, name }: Pick<QueueOptions, 'redisUrl' | 'name'>,
  producer: Redis,
): BullmqServer {
  return {
    label: 'Redis',
    isAway: () => producer.status !== 'ready',
    prepare: async () => undefined,
    makeProducer() {
      const queue = new BullmqQueue<Notification>(name, {
        connection: producer,
        defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
      })
      queue.on('error', ignore)
      return queue
    },
    makeConsumer(handle, options) {
      const connection = new Redis(redisUrl, { ...CONNECTION, maxRetriesPerRequest: null })
      connection.on('error', ignore)
      const worker = new BullmqWorker<Notification>(name, ({ data }) => handle(data), {
        ...options,
        connection,
      })
      worker.on('error', ignore)
      return {
        async close(isForced) {
          if (isForced === true) connection.disconnect()
          await worker.close(isForced)
        },
      }
    },
    async check() {
      if (producer.status !== 'ready') throw unavailable('Redis does not answer.')
      const policy = await evictionPolicy(producer)
      if (policy === 'noeviction') return
      throw unavailable(
        `Redis may evict keys (maxmemory-policy is ${policy}); BullMQ needs noeviction.`,
      )
    },
    close: () => producer.disconnect(),
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
