import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { temporaryDirectory } from '../temporary-directory.ts'
import { CHAOS_TIMEOUT_MS, extent, isFull } from '../extent.ts'
import { FLAWLESS, judgeHistory, readDirectory } from './judge-history.ts'
import { killAll, type KubeprofProcess, startKubeprof } from './kubeprof-process.ts'
import { startUploaders } from './uploaders.ts'

const MINUTE_MS = 60_000
const MINUTES = Number(process.env['KUBEPROF_SOAK_MINUTES'] ?? extent(1, 30))
/** Caches fill, and code is compiled, in the first part. */
const WARM_SHARE = 1 / 3
const SAMPLE_MS = 5000
const GROWTH_MB_PER_MINUTE_MAX = 1
const READERS = 2

afterEach(killAll)

interface Sample {
  readonly minute: number
  readonly memoryMb: number
  readonly fileCount: number
}

test.skipIf(!isFull)(
  'under full load memory, open files and child processes stay flat',
  async () => {
    const directory = await temporaryDirectory()
    const server = await startKubeprof(['serve', '--port', '0', '--data', directory])
    const uploaders = startUploaders(8, () => server.url)
    const over = new AbortController()
    const readers = Promise.all(
      Array.from({ length: READERS }, () => readOn(server.url, over.signal)),
    )
    const samples: Sample[] = []
    const startMs = performance.now()
    for (;;) {
      const minute = (performance.now() - startMs) / MINUTE_MS
      samples.push({ minute, ...usageOf(server) })
      if (minute >= MINUTES) break
      await delay(SAMPLE_MS)
    }
    over.abort()
    await readers
    const history = await uploaders.stop()
    const steady = samples.filter(({ minute }) => minute >= MINUTES * WARM_SHARE)
    const growth = slopeOf(steady)
    const [first = steady[0], last = first] = [steady[0], steady.at(-1)]
    process.stdout.write(
      `${MINUTES.toFixed(0)} minutes, ${history.acknowledged.length} uploads: ${first?.memoryMb.toFixed(0)} to ` +
        `${last?.memoryMb.toFixed(0)} MB, ${growth.toFixed(2)} MB a minute, ` +
        `${first?.fileCount} to ${last?.fileCount} open files\n`,
    )
    expect(growth).toBeLessThan(GROWTH_MB_PER_MINUTE_MAX)
    expect(last?.fileCount).toBeLessThan(2 * (first?.fileCount ?? 0))
    const verdict = await judgeHistory(history, {
      url: server.url,
      readState: () => readDirectory(directory),
    })
    expect(verdict).toEqual(FLAWLESS)
  },
  CHAOS_TIMEOUT_MS,
)

/** Lists, and views of the newest profile, until the signal. */
async function readOn(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const list = await (await fetch(`${url}/api/v1/profiles?status=ready&limit=5`)).text()
    const id = /"id":"([0-9A-Z]{26})"/.exec(list)?.[1]
    for (const view of ['top', 'flame', 'report']) {
      await (await fetch(`${url}/api/v1/profiles/${id}/${view}`)).arrayBuffer()
    }
    await delay(200)
  }
}

/** Of the process and its children: memory that is theirs alone and their part of what is shared, and open files. */
function usageOf({ pid }: KubeprofProcess): Omit<Sample, 'minute'> {
  const tasks = readdirSync(`/proc/${pid}/task`)
  const children = tasks.flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  )
  let memoryMb = 0
  let fileCount = 0
  for (const one of [String(pid), ...children]) {
    try {
      const rollup = readFileSync(`/proc/${one}/smaps_rollup`, 'utf8')
      memoryMb += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]) / 1024
      fileCount += readdirSync(`/proc/${one}/fd`).length
    } catch {
      // A decoder that has just ended.
    }
  }
  return { memoryMb, fileCount }
}

/** Megabytes a minute, by a line of least squares. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (pick: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + pick(sample), 0) / samples.length
  const [minute, memoryMb] = [mean((one) => one.minute), mean((one) => one.memoryMb)]
  const covariance = mean((one) => (one.minute - minute) * (one.memoryMb - memoryMb))
  return covariance / mean((one) => (one.minute - minute) ** 2)
}
