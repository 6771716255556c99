import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { hash } from 'node:crypto'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { afterEach, expect, test } from 'vitest'
import { memoryDirectory } from '../../temporary-directory.ts'
import { CHAOS_TIMEOUT_MS, extent } from '../../extent.ts'
import { readDirectory } from '../judge-history.ts'

const MAIN = fileURLToPath(new URL('write-profiles-main.ts', import.meta.url))
const CLIENT_COUNT = 8

let writer: ChildProcess | null = null
afterEach(() => void writer?.kill('SIGKILL'))

test(
  'kill -9 of a process that receives profiles, at any moment, loses none that was acknowledged',
  async () => {
    const directory = await memoryDirectory()
    const main = await bundleMain()
    const acknowledged = new Map<string, string>()
    for (let kill = 0; kill < extent(10, 2000); kill++) {
      const child = spawn(process.execPath, [main, directory, String(CLIENT_COUNT)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      writer = child
      const lines = createInterface({ input: child.stdout })
      lines.on('line', (line) => {
        const [id, sha256] = line.split(' ')
        // The last line may be cut off by the kill.
        if (id?.length === 26 && sha256?.length === 64) acknowledged.set(id, sha256)
      })
      const closed = once(lines, 'close')
      await Promise.race([once(lines, 'line'), closed.then(failToStart)])
      await delay(Math.random() * 150)
      child.kill('SIGKILL')
      await closed
    }
    const { blobIds, fileKeys, profiles, integrity } = await readDirectory(directory)
    const keys = new Map(profiles.map(({ id, rawBlobId }) => [id, rawBlobId]))
    const lost: string[] = []
    for (const [id, sha256] of acknowledged) {
      const key = keys.get(id) ?? ''
      const bytes = await readFile(join(directory, 'blobs', key.slice(0, 2), key)).catch(() => null)
      if (bytes === null || hash('sha256', bytes) !== sha256) lost.push(id)
    }
    expect({ lost, dangling: blobIds.filter((id) => !fileKeys.has(id)), integrity }).toEqual({
      lost: [],
      dangling: [],
      integrity: 'ok',
    })
    expect(new Set(profiles.map(({ dedupeKey }) => dedupeKey)).size).toBe(profiles.length)
    expect(acknowledged.size).toBeGreaterThanOrEqual(extent(100, 20_000))
    process.stdout.write(`kills ${extent(10, 2000)}, acknowledged ${acknowledged.size}, lost 0\n`)
  },
  CHAOS_TIMEOUT_MS,
)

/** As one file it starts in half the time. Returns its path. */
async function bundleMain(): Promise<string> {
  const bundled = await rolldown({
    input: MAIN,
    platform: 'node',
    // Loaded only for other kinds of stores.
    external: [/^(?:pg|bullmq|ioredis|@aws-sdk)/],
    logLevel: 'silent',
  })
  // In the folder of the program, because the other packages are found from there.
  const file = fileURLToPath(new URL('../../../build/test-write-profiles.mjs', import.meta.url))
  await bundled.write({ file, codeSplitting: false })
  return file
}

function failToStart(): never {
  throw new Error('the process ended before it had received a profile')
}
