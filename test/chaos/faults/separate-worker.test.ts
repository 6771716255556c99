import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { openRedisServer, type RedisServer } from '../../redis-server.ts'
import { lacks } from '../../requirements.ts'
import { temporaryDirectory } from '../../temporary-directory.ts'
import { CHAOS_TIMEOUT_MS, extent } from '../../extent.ts'
import { FLAWLESS, judgeHistory, readDirectory } from '../judge-history.ts'
import { killAll, type KubeprofProcess, startKubeprof } from '../kubeprof-process.ts'
import { untilNewerReady } from './until-newer-ready.ts'
import { type History, startUploaders } from '../uploaders.ts'

let redis: RedisServer | null = null
afterEach(async () => {
  await killAll()
  await redis?.close()
  redis = null
})

describe.skipIf(lacks('redis'))('a server and separate workers, with Redis between', () => {
  test(
    'Redis killed, started again empty and wiped meanwhile: uploads answer and all becomes ready',
    async () => {
      const opened = await openParts()
      const uploaders = startUploaders(4, () => opened.server.url)
      for (let fault = 0; fault < extent(1, 10); fault++) {
        await uploaders.untilMore(20)
        await opened.redis.kill()
        await uploaders.untilMore(20)
        await opened.redis.start()
        await uploaders.untilMore(20)
        await opened.redis.send('FLUSHALL')
      }
      expectAllAnswered(await uploaders.stop())
      expect(await judge(opened, uploaders.history)).toEqual(FLAWLESS)
    },
    CHAOS_TIMEOUT_MS,
  )

  test(
    'Redis absent from start to end: uploads answer and all becomes ready',
    async () => {
      const opened = await openParts({ hasRedis: false })
      const uploaders = startUploaders(4, () => opened.server.url)
      await uploaders.untilMore(50)
      expectAllAnswered(await uploaders.stop())
      expect(await judge(opened, uploaders.history)).toEqual(FLAWLESS)
      expect(await opened.server.end('SIGTERM')).toBe(0)
      expect(await opened.worker.end('SIGTERM')).toBe(0)
    },
    CHAOS_TIMEOUT_MS,
  )

  test(
    'kill -9 of the worker again and again: each profile becomes ready, once',
    async () => {
      const opened = await openParts()
      let { worker } = opened
      const uploaders = startUploaders(4, () => opened.server.url)
      let readyId = ''
      for (let kill = 0; kill < extent(5, 50); kill++) {
        await uploaders.untilMore(10)
        readyId = await untilNewerReady(opened.server.url, readyId)
        await delay(Math.random() * 100)
        await worker.end('SIGKILL')
        worker = await startKubeprof(['work', '--data', opened.directory], { env: opened.env })
      }
      expectAllAnswered(await uploaders.stop())
      expect(await judge(opened, uploaders.history)).toEqual(FLAWLESS)
    },
    CHAOS_TIMEOUT_MS,
  )
})

interface Parts {
  readonly directory: string
  readonly env: Readonly<Record<string, string>>
  readonly redis: RedisServer
  readonly server: KubeprofProcess
  readonly worker: KubeprofProcess
}

/** A server that only answers and a worker that only works, over one folder. */
async function openParts({ hasRedis = true } = {}): Promise<Parts> {
  const directory = await temporaryDirectory()
  redis = await openRedisServer({ isStarted: hasRedis })
  const env = { KUBEPROF_QUEUE_KIND: 'bullmq', KUBEPROF_QUEUE_REDIS_URL: redis.url }
  const [server, worker] = await Promise.all([
    startKubeprof(['serve', '--roles', 'api', '--port', '0', '--data', directory], { env }),
    startKubeprof(['work', '--data', directory], { env }),
  ])
  return { directory, env, redis, server, worker }
}

function expectAllAnswered({ refused, unknownCount }: History): void {
  expect({ refused, unknownCount }).toEqual({ refused: [], unknownCount: 0 })
}

/** While workers are killed again and again hardly anything is analysed: then a backlog is left, to be worked off. */
async function judge({ server, directory }: Parts, history: History) {
  const readState = () => readDirectory(directory)
  return judgeHistory(history, { url: server.url, readState })
}
