import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRedisQueue } from '../../queue/redis-server.ts'
import { describeQueue } from '../contract/queue.ts'
import { openRedisServer, type RedisServer } from '../redis-server.ts'
import { lacks } from '../requirements.ts'
import { until } from '../until.ts'

describe.skipIf(lacks('redis'))('on Redis', () => {
  let redis: RedisServer
  let count = 0
  beforeAll(async () => {
    redis = await openRedisServer()
  })
  afterAll(() => redis.close())
  const open = () => openRedisQueue({ redisUrl: redis.url, name: `test-${count++}` })

  describeQueue('BullMQ on Redis', open)

  test('a notification is refused while Redis is away, and carried again when it is back', async () => {
    const queue = await open()
    const heard: string[] = []
    await queue.onNotify(async (id) => void heard.push(id), { concurrency: 1 })
    await redis.kill()
    // Until the loss is seen.
    await until(() =>
      queue.check().then(
        () => false,
        () => true,
      ),
    )
    await expect(queue.notify('a1')).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' })
    await redis.start()
    // Until a notification is received.
    await until(async () => {
      await queue.notify('a2').catch(() => undefined)
      return heard.includes('a2')
    })
    await queue.close()
  })

  test('a queue opened while Redis is away works once it is there', async () => {
    const late = await openRedisServer({ isStarted: false })
    const queue = await openRedisQueue({ redisUrl: late.url, name: 'late' })
    await expect(queue.notify('a1')).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' })
    const heard: string[] = []
    await queue.onNotify(async (id) => void heard.push(id), { concurrency: 1 })
    await late.start()
    // Until a notification is received.
    await until(async () => {
      await queue.notify('a2').catch(() => undefined)
      return heard.includes('a2')
    })
    await queue.close()
    await late.close()
  })

  test('a queue on an absent Redis closes', async () => {
    const absent = await openRedisServer({ isStarted: false })
    const queue = await openRedisQueue({ redisUrl: absent.url, name: 'absent' })
    await queue.onNotify(async () => undefined, { concurrency: 1 })
    await expect(queue.close()).resolves.toBeUndefined()
    await absent.close()
  })

  test('a Redis that may evict keys is refused', async () => {
    const evicting = await openRedisServer({ isStarted: false })
    await evicting.start(['--maxmemory-policy', 'allkeys-lru'])
    const opening = openRedisQueue({ redisUrl: evicting.url, name: 'evicting' })
    await expect(opening).rejects.toThrow('noeviction')
    await evicting.close()
  })

  test('a wiped Redis carries the next notification', async () => {
    const queue = await open()
    const heard: string[] = []
    await queue.onNotify(async (id) => void heard.push(id), { concurrency: 1 })
    await queue.notify('a1')
    await until(() => heard.includes('a1'))
    await redis.send('FLUSHALL')
    // Until the next notification is received.
    await until(async () => {
      await queue.notify('a2').catch(() => undefined)
      return heard.includes('a2')
    })
    expect(heard[0]).toBe('a1')
    await queue.close()
  })
})
