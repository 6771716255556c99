import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { temporaryDirectory } from '../../temporary-directory.ts'
import { CHAOS_TIMEOUT_MS, extent } from '../../extent.ts'
import { FLAWLESS, judgeHistory, readDirectory } from '../judge-history.ts'
import { killAll, startKubeprof } from '../kubeprof-process.ts'
import { startUploaders } from '../uploaders.ts'

afterEach(killAll)

test(
  'kill -9 of the server while 4 clients upload loses nothing that was acknowledged',
  async () => {
    const directory = await temporaryDirectory()
    const args = ['serve', '--port', '0', '--data', directory]
    let server = await startKubeprof(args)
    const uploaders = startUploaders(4, () => server.url)
    for (let kill = 0; kill < extent(10, 200); kill++) {
      await uploaders.untilMore(10)
      await delay(Math.random() * 100)
      await server.end('SIGKILL')
      server = await startKubeprof(args)
    }
    const history = await uploaders.stop()
    const verdict = await judgeHistory(history, {
      url: server.url,
      readState: () => readDirectory(directory),
    })
    expect(verdict).toEqual(FLAWLESS)
    expect(history.acknowledged.length).toBeGreaterThanOrEqual(extent(100, 2000))
    expect(history.unknownCount).toBeGreaterThan(0)
    expect(await server.end('SIGTERM')).toBe(0)
  },
  CHAOS_TIMEOUT_MS,
)

test(
  'SIGTERM while 4 clients upload answers what was accepted, and ends with 0',
  async () => {
    const directory = await temporaryDirectory()
    const args = ['serve', '--port', '0', '--data', directory]
    let server = await startKubeprof(args)
    const uploaders = startUploaders(4, () => server.url)
    for (let stop = 0; stop < extent(3, 20); stop++) {
      await uploaders.untilMore(10)
      expect(await server.end('SIGTERM')).toBe(0)
      server = await startKubeprof(args)
    }
    const history = await uploaders.stop()
    const verdict = await judgeHistory(history, {
      url: server.url,
      readState: () => readDirectory(directory),
    })
    expect(verdict).toEqual(FLAWLESS)
  },
  CHAOS_TIMEOUT_MS,
)
