import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { lacks } from '../../requirements.ts'
import { temporaryDirectory } from '../../temporary-directory.ts'
import { CHAOS_TIMEOUT_MS, extent, isThorough } from '../../extent.ts'
import { FLAWLESS, judgeHistory, readDirectory } from '../judge-history.ts'
import { childrenOf, killAll, type KubeprofProcess, startKubeprof } from '../kubeprof-process.ts'
import { until } from '../../until.ts'
import { type History, newHistory, uploadOne } from '../uploaders.ts'

const tracers = new Set<ChildProcess>()
afterEach(async () => {
  for (const tracer of tracers) tracer.kill('SIGKILL')
  tracers.clear()
  await killAll()
})

describe.skipIf(lacks('strace'))('a disk that fails under a running server', () => {
  test.each([
    ['of the bytes', 'fsync'],
    ['of the row', 'fdatasync'],
  ])(
    'a flush %s that fails is answered with 503 and ends the process with 70, and a new one finds all',
    async (_, call) => {
      const directory = await temporaryDirectory()
      const args = ['serve', '--port', '0', '--data', join(directory, 'data')]
      // Without a worker only uploads flush.
      const server = await startKubeprof([...args, '--roles', 'api'])
      const before = await upload(server)
      await inject(server, `${call}:error=EIO:when=1`)
      const failed = await upload(server)
      const sentHashes = new Set([...before.sentHashes, ...failed.sentHashes])
      expect(failed).toMatchObject({ acknowledged: [], refused: [503], unknownCount: 0 })
      expect(await server.end('SIGCONT')).toBe(70)
      const again = await startKubeprof(args)
      const verdict = await judgeHistory(
        { ...before, sentHashes },
        {
          url: again.url,
          readState: () => readDirectory(join(directory, 'data')),
        },
      )
      expect(verdict).toEqual(FLAWLESS)
    },
    CHAOS_TIMEOUT_MS,
  )

  test(
    'a kill at any of the writes of an upload leaves a whole store, with all that was acknowledged',
    async () => {
      const directory = join(await temporaryDirectory(), 'data')
      const args = ['serve', '--roles', 'api', '--port', '0', '--data', directory]
      const history = newHistory()
      for (let write = 1; write <= extent(4, 20); write++) {
        const server = await startKubeprof(args)
        await inject(server, `fsync,fdatasync,rename,pwrite64:signal=KILL:when=${write}`)
        await uploadOne(server.url, history)
        await server.end('SIGKILL')
      }
      const { url } = await startKubeprof(['serve', '--port', '0', '--data', directory])
      const readState = () => readDirectory(directory)
      const verdict = await judgeHistory(history, { url, readState })
      expect(verdict).toEqual(FLAWLESS)
    },
    CHAOS_TIMEOUT_MS,
  )

  test.skipIf(!isThorough)(
    'a kill at any of the writes of an analysis leaves a whole store, and another worker does it again',
    async () => {
      const directory = join(await temporaryDirectory(), 'data')
      const args = ['serve', '--roles', 'api', '--port', '0', '--data', directory]
      const { url } = await startKubeprof(args)
      const readState = () => readDirectory(directory)
      const history = newHistory()
      for (let kill = 0; kill < extent(2, 30); kill++) {
        const worker = await startKubeprof(['work', '--data', directory])
        // Rows are written by the worker, columns by its decoder.
        const pids = kill % 2 === 0 ? [worker.pid] : childrenOf(worker.pid)
        const fault = `fsync,fdatasync,rename,pwrite64:signal=KILL:when=${1 + (kill >> 1)}`
        const traced: ChildProcess[] = []
        for (const pid of pids) traced.push(await inject({ pid }, fault))
        await uploadOne(url, history)
        const id = history.acknowledged.at(-1)?.id
        await until(async () => {
          const isKilled = traced.some((one) => one.exitCode !== null || one.signalCode !== null)
          const reply = await fetch(`${url}/api/v1/profiles/${id}`)
          return isKilled || (await reply.text()).includes('"status":"ready"')
        })
        await worker.end('SIGKILL')
        const next = await startKubeprof(['work', '--data', directory])
        expect(await judgeHistory(history, { url, readState })).toEqual(FLAWLESS)
        await next.end('SIGTERM')
      }
    },
    CHAOS_TIMEOUT_MS,
  )
})

async function upload(server: KubeprofProcess): Promise<History> {
  const history = newHistory()
  await uploadOne(server.url, history)
  return history
}

/** Has strace do this to the system calls of the running server. */
async function inject(server: Pick<KubeprofProcess, 'pid'>, fault: string): Promise<ChildProcess> {
  const calls = fault.split(':')[0] ?? ''
  const args = ['-f', '-p', String(server.pid), '-e', `trace=${calls}`, '-e', `inject=${fault}`]
  const tracer = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  tracers.add(tracer)
  // It says so on stderr once it is attached.
  await once(tracer.stderr, 'data')
  await delay(100)
  return tracer
}
