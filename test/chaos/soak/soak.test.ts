import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { openStack } from '../../stack/open-stack.ts'
import { lacks } from '../../requirements.ts'
import { temporaryDirectory } from '../../temporary-directory.ts'
import { CHAOS_TIMEOUT_MS, extent, isFull, isThorough } from '../../extent.ts'
import {
  FLAWLESS,
  judgeHistory,
  readDirectory,
  type StoredState,
  type Verdict,
} from '../judge-history.ts'
import { childrenOf, killAll, type KubeprofProcess, startKubeprof } from '../kubeprof-process.ts'
import { mutantEnv } from '../mutants.ts'
import { type Roles, type SettledUsage, settledUsage, usageOf } from './process-usage.ts'
import { readStack } from '../stack-state.ts'
import { type History, startUploaders } from '../uploaders.ts'

const MINUTE_MS = 60_000
/** A short run is as long as its uploads take. */
const MINUTES = Number(process.env['KUBEPROF_SOAK_MINUTES'] ?? extent(0, 30))
/** Of each server: until caches are filled and code is compiled, and then until what keeps 2 KB of each has grown by 8 MB. */
const WARM_UPLOADS = 1000
const UPLOADS_MIN = 4000
const WARM_MINUTES_MAX = 5
const SAMPLE_MS = 5000
/** Uploads wait while so many others wait for their analysis: all that is there is in use, and nothing piles up. */
const BACKLOG_MAX = 500
const BACKLOG_MS = 500
/** By how much what a process refers to, its memory and its open files may vary: measured were 3.6 MB, 6.6 MB and 1. */
const LIVE_GROWTH_MB_MAX = 6
const MEMORY_GROWTH_MB_MAX = 16
const FILE_GROWTH_MAX = 20
/** Pieces of inflated files pile up until they are collected; the allocator of a decoder keeps the 40 to 70 MB of them. */
const DECODER_MEMORY_GROWTH_MB_MAX = 80
const READERS = 2

afterEach(killAll)

/** What is under load. */
interface Service {
  readonly urls: readonly string[]
  readonly processes: () => Roles
  readonly readState: () => Promise<StoredState>
}

test.skipIf(!isThorough)(
  'embedded: under full load memory and open files of the server and its decoders stay flat',
  async () => {
    const service = await startEmbedded()
    const { growing, history } = await soak(service, MINUTES)
    expect(growing).toEqual([])
    expect(await judge(history, service)).toEqual(FLAWLESS)
  },
  CHAOS_TIMEOUT_MS,
)

test
  .skipIf(!isFull)
  .each(['the bytes of every upload are kept', 'what every task answered is kept'] as const)(
  'embedded: memory of the server grows where %s',
  async (mutant) => {
    const { growing } = await soak(await startEmbedded(mutantEnv(mutant)), 0)
    expect(growing).toEqual(['server'])
  },
  CHAOS_TIMEOUT_MS,
)

test.skipIf(!isFull || ['postgres', 'redis', 's3'].some((name) => lacks(name)))(
  'scaled out: under full load memory and open files of servers, workers, decoders and the collector stay flat',
  async () => {
    const stack = await openStack({ isDirect: true })
    onTestFinished(() => stack.close())
    const { servers, workers, collector } = stack
    const service: Service = {
      urls: servers.map(({ url }) => url),
      processes: () => ({
        servers: servers.map(pidOf),
        workers: workers.map(pidOf),
        collector: [collector.pid],
        decoders: [...servers, ...workers, collector].flatMap(({ pid }) => childrenOf(pid)),
      }),
      readState: () => readStack(stack),
    }
    const { growing, history } = await soak(service, MINUTES)
    expect(growing).toEqual([])
    expect(await judge(history, service)).toEqual(FLAWLESS)
  },
  CHAOS_TIMEOUT_MS,
)

async function startEmbedded(env: Readonly<Record<string, string>> = {}): Promise<Service> {
  const directory = await temporaryDirectory()
  const server = await startKubeprof(['serve', '--port', '0', '--data', directory], { env })
  return {
    urls: [server.url],
    processes: () => ({ server: [server.pid], decoders: childrenOf(server.pid) }),
    readState: () => readDirectory(directory),
  }
}

function pidOf({ pid }: KubeprofProcess): number {
  return pid
}

/** Uploads and reads for at least so many minutes: which roles use more than at first, and what was uploaded. */
async function soak({ urls, processes }: Service, minutes: number) {
  const [firstUrl = ''] = urls
  let count = 0
  const nextUrl = () => urls[count++ % urls.length] ?? firstUrl
  const over = new AbortController()
  const backlog = watchBacklog(firstUrl, over.signal)
  const uploaders = startUploaders(8, async () => {
    while (backlog.isLong() && !over.signal.aborted) await delay(BACKLOG_MS)
    return nextUrl()
  })
  const { acknowledged } = uploaders.history
  const readers = Array.from({ length: READERS }, () => readOn(nextUrl, over.signal))
  const printUsage = usagePrinter(processes)
  const startMs = performance.now()
  const untilThere = async (minuteWanted: number, uploadsWanted: number) => {
    for (;;) {
      const minute = (performance.now() - startMs) / MINUTE_MS
      printUsage(minute, acknowledged.length)
      if (minute >= minuteWanted && acknowledged.length >= uploadsWanted) return
      await Promise.race([delay(SAMPLE_MS), uploaders.ended])
    }
  }
  await untilThere(Math.min(WARM_MINUTES_MAX, minutes / 2), WARM_UPLOADS * urls.length)
  const first = await settledUsage(processes)
  await untilThere(minutes, acknowledged.length + UPLOADS_MIN * urls.length)
  const last = await settledUsage(processes)
  over.abort()
  await Promise.all([...readers, backlog.watched])
  return { growing: growingRoles(first, last), history: await uploaders.stop() }
}

async function judge(history: History, { urls: [url = ''], readState }: Service): Promise<Verdict> {
  const startMs = performance.now()
  const verdict = await judgeHistory(history, { url, readState })
  const minutes = (performance.now() - startMs) / MINUTE_MS
  process.stdout.write(
    `${history.acknowledged.length} uploads, each looked for in ${minutes.toFixed(1)} minutes\n`,
  )
  return verdict
}

/** Whether too many profiles wait for their analysis, until the signal. */
function watchBacklog(url: string, signal: AbortSignal) {
  let isLong = false
  const watch = async () => {
    while (!signal.aborted) {
      const metrics = await (await fetch(`${url}/metrics`)).text()
      isLong =
        Number(/^kubeprof_queue_jobs\{state="waiting"\} (\d+)/m.exec(metrics)?.[1]) > BACKLOG_MAX
      await delay(BACKLOG_MS)
    }
  }
  return { isLong: () => isLong, watched: watch() }
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

/** Prints what the processes of each role use between two looks, a line each minute. */
function usagePrinter(processes: () => Roles) {
  let printedMinute = -1
  return (minute: number, uploadCount: number) => {
    if (Math.floor(minute) === printedMinute) return
    printedMinute = Math.floor(minute)
    const roles = Object.entries(processes()).map(([role, pids]) => {
      const usages = pids.flatMap((pid) => usageOf(pid) ?? [])
      return `${role} ${usages.map(({ memoryMb }) => memoryMb.toFixed(0)).join(' ')}`
    })
    process.stdout.write(
      `minute ${printedMinute}, ${uploadCount} uploads, MB of ${roles.join('; ')}\n`,
    )
  }
}

/** The roles whose processes use more than before by more than may vary. */
function growingRoles(
  first: ReadonlyMap<string, SettledUsage>,
  last: ReadonlyMap<string, SettledUsage>,
): readonly string[] {
  const growing: string[] = []
  for (const [role, after] of last) {
    const before = first.get(role) ?? after
    process.stdout.write(
      `${role}, each, without garbage: ${before.liveMb.toFixed(2)} to ${after.liveMb.toFixed(2)} MB alive, ` +
        `${before.memoryMb.toFixed(1)} to ${after.memoryMb.toFixed(1)} MB of memory, ` +
        `${before.fileCount.toFixed(1)} to ${after.fileCount.toFixed(1)} open files\n`,
    )
    const isGrowing =
      after.liveMb - before.liveMb > LIVE_GROWTH_MB_MAX ||
      after.memoryMb - before.memoryMb > memoryGrowthMbMax(role) ||
      after.fileCount - before.fileCount > FILE_GROWTH_MAX
    if (isGrowing) growing.push(role)
  }
  return growing
}

function memoryGrowthMbMax(role: string): number {
  return role === 'decoders' ? DECODER_MEMORY_GROWTH_MB_MAX : MEMORY_GROWTH_MB_MAX
}
