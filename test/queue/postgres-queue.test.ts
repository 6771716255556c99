import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPostgresQueue } from '../../queue/postgres-server.ts'
import { describeQueue } from '../contract/queue.ts'
import { openPostgresServer, type PostgresServer } from '../postgres-server.ts'
import { isThorough } from '../extent.ts'
import { lacks } from '../requirements.ts'
import { until } from '../until.ts'

describe.skipIf(lacks('postgres'))('on Postgres', () => {
  let server: PostgresServer
  let postgresUrl: string
  let count = 0
  beforeAll(async () => {
    server = await openPostgresServer()
    postgresUrl = await server.createDatabase()
  })
  afterAll(() => server.close())
  const open = async () => openPostgresQueue({ postgresUrl, name: `test-${count++}` })

  describeQueue('BullMQ on Postgres', open)

  // A worker that waits notices only after a while that its server is back.
  test.runIf(isThorough)(
    'a notification is refused while Postgres is away, and carried again when it is back',
    async () => {
      const queue = await open()
      const heard: string[] = []
      await queue.onNotify(async (id) => void heard.push(id), { concurrency: 1 })
      await queue.notify('a0')
      await until(() => heard.includes('a0'))
      await server.kill()
      await expect(queue.notify('a1')).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' })
      await expect(queue.check()).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' })
      await server.start()
      // Until a notification is received.
      await until(async () => {
        await queue.notify('a2').catch(() => undefined)
        return heard.includes('a2')
      })
      await queue.close()
    },
  )

  test('a queue opened while Postgres is away works once it is there', async () => {
    await server.kill()
    const queue = await open()
    const heard: string[] = []
    await queue.onNotify(async (id) => void heard.push(id), { concurrency: 1 })
    await expect(queue.notify('a1')).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' })
    await server.start()
    // Until a notification is received.
    await until(async () => {
      await queue.notify('a2').catch(() => undefined)
      return heard.includes('a2')
    })
    await queue.close()
  })
})
