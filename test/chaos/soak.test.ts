import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { openStack } from '../stack/open-stack.ts'
import { lacks } from '../requirements.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { CHAOS_TIMEOUT_MS, extent, isFull } from '../extent.ts'
import { FLAWLESS, judgeHistory, readDirectory, type StoredState } from './judge-history.ts'
import { childrenOf, killAll, type KubeprofProcess, startKubeprof } from './kubeprof-process.ts'
import { type Usage, usageOf } from './process-usage.ts'
import { readStack } from './stack-state.ts'
import { startUploaders } from './uploaders.ts'

const MINUTE_MS = 60_000
const MINUTES = Number(process.env['KUBEPROF_SOAK_MINUTES'] ?? extent(1, 30))
/** Caches fill, and code is compiled, in the first part. */
const WARM_SHARE = 1 / 3
const SAMPLE_MS = 5000
/** Of one process. */
const GROWTH_MB_PER_MINUTE_MAX = 1
const READERS = 2

afterEach(killAll)

/** What is under load. */
interface Service {
  readonly urls: readonly string[]
  /** The processes by what they do. */
  readonly processes: () => Readonly<Record<string, readonly number[]>>
  readonly readState: () => Promise<StoredState>
}

/** Memory and open files of the processes of one role. */
interface Sample extends Usage {
  readonly minute: number
  readonly processCount: number
}

test.skipIf(!isFull)(
  'embedded: under full load memory and open files of the server and its decoders stay flat',
  async () => {
    const directory = await temporaryDirectory()
    const server = await startKubeprof(['serve', '--port', '0', '--data', directory])
    const found = await soak({
      urls: [server.url],
      processes: () => ({ server: [server.pid], decoders: childrenOf(server.pid) }),
      readState: () => readDirectory(directory),
    })
    expect(found).toEqual({ growing: [], verdict: FLAWLESS })
  },
  CHAOS_TIMEOUT_MS,
)

test.skipIf(!isFull || ['postgres', 'redis', 's3'].some((name) => lacks(name)))(
  'scaled out: under full load memory and open files of servers, workers, decoders and the collector stay flat',
  async () => {
    const stack = await openStack({ isDirect: true })
    onTestFinished(() => stack.close())
    const { servers, workers, collector } = stack
    const found = await soak({
      urls: servers.map(({ url }) => url),
      processes: () => ({
        servers: servers.map(pidOf),
        workers: workers.map(pidOf),
        collector: [collector.pid],
        decoders: [...servers, ...workers, collector].flatMap(({ pid }) => childrenOf(pid)),
      }),
      readState: () => readStack(stack),
    })
    expect(found).toEqual({ growing: [], verdict: FLAWLESS })
  },
  CHAOS_TIMEOUT_MS,
)

function pidOf({ pid }: KubeprofProcess): number {
  return pid
}

/** Uploads and reads for so many minutes: which roles use more and more, and what became of the uploads. */
async function soak({ urls, processes, readState }: Service) {
  const [firstUrl = ''] = urls
  let count = 0
  const nextUrl = () => urls[count++ % urls.length] ?? firstUrl
  const uploaders = startUploaders(8, nextUrl)
  const over = new AbortController()
  const readers = Promise.all(Array.from({ length: READERS }, () => readOn(nextUrl, over.signal)))
  const samples = await sampled(processes)
  over.abort()
  await readers
  const history = await uploaders.stop()
  const endedMs = performance.now()
  process.stdout.write(`${MINUTES} minutes, ${history.acknowledged.length} uploads\n`)
  const growing = [...samples].filter(([role, all]) => isGrowing(role, all)).map(([role]) => role)
  const verdict = await judgeHistory(history, { url: firstUrl, readState })
  const minutes = (performance.now() - endedMs) / MINUTE_MS
  process.stdout.write(`each of them looked for in ${minutes.toFixed(1)} minutes\n`)
  return { growing, verdict }
}

async function sampled(processes: Service['processes']): Promise<ReadonlyMap<string, Sample[]>> {
  const samples = new Map<string, Sample[]>()
  const startMs = performance.now()
  for (;;) {
    const minute = (performance.now() - startMs) / MINUTE_MS
    for (const [role, pids] of Object.entries(processes())) {
      const all = samples.get(role) ?? []
      samples.set(role, all)
      all.push({ minute, processCount: pids.length, ...usageOf(pids) })
    }
    if (minute >= MINUTES) return samples
    await delay(SAMPLE_MS)
  }
}

function isGrowing(role: string, samples: readonly Sample[]): boolean {
  const steady = samples.filter(({ minute }) => minute >= MINUTES * WARM_SHARE)
  const processCount = Math.max(...steady.map((sample) => sample.processCount))
  const growth = slopeOf(steady)
  const [first = samples[0], last = first] = [steady.at(0), steady.at(-1)]
  if (first === undefined || last === undefined) throw new Error(`${role} has no samples`)
  process.stdout.write(
    `${processCount} ${role}: ${first.memoryMb.toFixed(0)} to ${last.memoryMb.toFixed(0)} MB, ` +
      `${growth.toFixed(2)} MB a minute, ${first.fileCount} to ${last.fileCount} open files; ` +
      `every 5 minutes ${everyFive(samples)} MB\n`,
  )
  return growth > GROWTH_MB_PER_MINUTE_MAX * processCount || last.fileCount > 2 * first.fileCount
}

/** The least memory in each span of five minutes: what stays after the garbage is collected. */
function everyFive(samples: readonly Sample[]): string {
  const spans = Map.groupBy(samples, ({ minute }) => Math.floor(minute / 5))
  return [...spans.values()]
    .map((span) => Math.min(...span.map(({ memoryMb }) => memoryMb)).toFixed(0))
    .join(', ')
}

/** Lists, and views of the newest profile, until the signal. */
async function readOn(nextUrl: () => string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const url = nextUrl()
    const list = await (await fetch(`${url}/api/v1/profiles?status=ready&limit=5`)).text()
    const id = /"id":"([0-9A-Z]{26})"/.exec(list)?.[1]
    for (const view of ['top', 'flame', 'report']) {
      await (await fetch(`${url}/api/v1/profiles/${id}/${view}`)).arrayBuffer()
    }
    await delay(200)
  }
}

/** Megabytes a minute, by a line of least squares. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (pick: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + pick(sample), 0) / samples.length
  const [minute, memoryMb] = [mean((one) => one.minute), mean((one) => one.memoryMb)]
  const covariance = mean((one) => (one.minute - minute) * (one.memoryMb - memoryMb))
  return covariance / mean((one) => (one.minute - minute) ** 2)
}
