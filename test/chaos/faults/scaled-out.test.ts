import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStack, type Stack } from '../../stack/open-stack.ts'
import { lacks } from '../../requirements.ts'
import { CHAOS_TIMEOUT_MS, extent, isThorough } from '../../extent.ts'
import type { ProxyFault } from './faulty-proxy.ts'
import { FLAWLESS, judgeHistory } from '../judge-history.ts'
import { killAll, type KubeprofProcess, LEASE_MS, startKubeprof } from '../kubeprof-process.ts'
import { endedTwice, readStack } from '../stack-state.ts'
import { temporaryDirectory } from '../../temporary-directory.ts'
import { untilNewerReady } from './until-newer-ready.ts'
import { type History, startUploaders } from '../uploaders.ts'

type Server = 'postgres' | 'redis' | 's3'
type Fault = 'kill' | 'pause' | Exclude<ProxyFault, 'none'>

const FAULTS: readonly (readonly [Server, Fault])[] = [
  ['postgres', 'kill'],
  ['postgres', 'pause'],
  ['postgres', 'slow'],
  ['postgres', 'partition'],
  ['postgres', 'swallow'],
  ['postgres', 'reset'],
  ['redis', 'kill'],
  ['redis', 'pause'],
  ['redis', 'slow'],
  ['redis', 'partition'],
  ['redis', 'swallow'],
  ['s3', 'kill'],
  ['s3', 'pause'],
  ['s3', 'slow'],
  ['s3', 'partition'],
  ['s3', 'swallow'],
  ['s3', 'answer-500'],
  ['s3', 'reset'],
]
const FAULT_MS = 2000
/** Requests whose answers are lost end sooner than by default. */
const ENV = { KUBEPROF_STORE_POSTGRES_STATEMENT_MS_MAX: '3000' }

const isLacking = ['postgres', 'redis', 's3'].some((name) => lacks(name))

describe.skipIf(isLacking || !isThorough)(
  'two servers, two workers, Postgres, Redis and S3',
  () => {
    let stack: Stack
    beforeAll(async () => {
      stack = await openStack({ env: ENV })
    })
    afterAll(async () => {
      await stack.close()
      await killAll()
    })

    test.each(FAULTS)(
      '%s, fault %s: nothing is lost, doubled, stuck, unexpected or without its bytes',
      async (server, fault) => {
        const uploaders = startUploaders(4, alternating(stack))
        for (let times = 0; times < extent(1, 10); times++) {
          await uploaders.untilMore(8)
          await injected(stack, server, fault)
          await uploaders.untilMore(8)
        }
        const history = await uploaders.stop()
        // Notifications are not part of an upload.
        const failureCount = history.refused.length + history.unknownCount
        expect(server === 'redis' ? failureCount : 0).toBe(0)
        expect(await judge(stack, history)).toEqual(FLAWLESS)
      },
      CHAOS_TIMEOUT_MS,
    )

    test(
      'a worker that stood still past its leases changes nothing that another has done meanwhile',
      async () => {
        const [worker] = stack.workers
        const uploaders = startUploaders(4, alternating(stack))
        for (let times = 0; times < extent(2, 20); times++) {
          await uploaders.untilMore(8)
          signalAll(worker, 'SIGSTOP')
          await uploaders.untilMore(8)
          await delay(4 * LEASE_MS)
          signalAll(worker, 'SIGCONT')
        }
        expect(await judge(stack, await uploaders.stop())).toEqual(FLAWLESS)
        expect(await endedTwice(stack)).toEqual([])
      },
      CHAOS_TIMEOUT_MS,
    )

    // The last one: what it leaves running is not the stack's.
    test(
      'kill -9 of servers and workers by turns loses nothing, and what they had begun is done by others',
      async () => {
        const servers: [KubeprofProcess, KubeprofProcess] = [...stack.servers]
        const [first, second = first] = stack.workers
        const workers = [first, second]
        const uploaders = startUploaders(4, alternating({ servers }))
        let readyId = ''
        for (let kill = 0; kill < extent(2, 60); kill++) {
          const turn = kill % 2 === 0 ? 0 : 1
          await uploaders.untilMore(8)
          readyId = await untilNewerReady(servers[turn].url, readyId)
          await delay(Math.random() * 100)
          await Promise.all([servers[turn].end('SIGKILL'), workers[turn]?.end('SIGKILL')])
          // As on other machines, without what the dead ones left.
          const serve = ['serve', '--roles', 'api', '--port', '0']
          ;[servers[turn], workers[turn]] = await Promise.all([
            startAfresh(stack, serve),
            startAfresh(stack, ['work']),
          ])
        }
        const history = await uploaders.stop()
        expect(await judge({ ...stack, servers }, history)).toEqual(FLAWLESS)
        expect(await endedTwice(stack)).toEqual([])
      },
      CHAOS_TIMEOUT_MS,
    )
  },
)

/** What any test has sent: all use the same stack. */
const sent = new Set<string>()

function judge(stack: Stack, history: History) {
  sent.forEach((hash) => history.sentHashes.add(hash))
  history.sentHashes.forEach((hash) => sent.add(hash))
  return judgeHistory(history, {
    url: stack.servers[1].url,
    readState: () => readStack(stack),
  })
}

async function startAfresh({ env }: Stack, args: readonly string[]): Promise<KubeprofProcess> {
  return startKubeprof([...args, '--data', await temporaryDirectory()], { env })
}

function alternating({ servers }: Pick<Stack, 'servers'>): () => string {
  let count = 0
  return () => servers[count++ % 2 === 0 ? 0 : 1].url
}

/** Has the server fail for a while. */
async function injected(stack: Stack, name: Server, fault: Fault): Promise<void> {
  const server = stack[name]
  const proxy = stack.proxies[name]
  if (fault === 'kill') await server.kill()
  else if (fault === 'pause') server.pause()
  else proxy.setFault(fault)
  await delay(FAULT_MS)
  if (fault === 'kill') await server.start()
  else if (fault === 'pause') server.resume()
  else proxy.setFault('none')
}

/** Signals a worker and its decoders. */
function signalAll({ pid }: KubeprofProcess, signal: NodeJS.Signals): void {
  const tasks = readdirSync(`/proc/${pid}/task`)
  const children = tasks.flatMap((task) =>
    readFileSync(join('/proc', String(pid), 'task', task, 'children'), 'utf8').split(' '),
  )
  for (const one of [pid, ...children.filter(Boolean).map(Number)]) process.kill(one, signal)
}
