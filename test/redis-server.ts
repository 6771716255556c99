import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

/** A redis-server of the test's own on a free loopback port, without persistence, as a notification channel needs none. */
export interface RedisServer {
  readonly url: string
  /** Ends it as a crash would. */
  readonly kill: () => Promise<void>
  readonly pause: () => void
  readonly resume: () => void
  /** Starts it again on the same port, empty. */
  readonly start: (settings?: readonly string[]) => Promise<void>
  readonly send: (...command: readonly [string, ...string[]]) => Promise<unknown>
  readonly close: () => Promise<void>
}

/** Finds a port and starts the server unless told not to. */
export async function openRedisServer({ isStarted = true } = {}): Promise<RedisServer> {
  const port = await freePort()
  const directory = await mkdtemp(join(tmpdir(), 'kubeprof-redis-'))
  const url = `redis://127.0.0.1:${port}`
  let server: ChildProcess | null = null

  async function send(...[command, ...args]: readonly [string, ...string[]]): Promise<unknown> {
    const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null })
    redis.on('error', () => undefined)
    try {
      await redis.connect()
      return await redis.call(command, ...args)
    } finally {
      redis.disconnect()
    }
  }

  async function start(settings: readonly string[] = []): Promise<void> {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory]
    server = spawn('redis-server', [...args, ...settings], { stdio: 'ignore' })
    await until(() =>
      send('PING').then(
        () => true,
        () => false,
      ),
    )
  }

  async function kill(): Promise<void> {
    if (server === null) return
    const exited = once(server, 'exit')
    server.kill('SIGKILL')
    await exited
    server = null
  }

  if (isStarted) await start()
  return {
    url,
    kill,
    pause: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    start,
    send,
    async close() {
      await kill()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
