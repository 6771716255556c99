import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { distinctProfiles } from '../inputs/distinct-profiles.ts'
import { exampleProfile } from '../inputs/example-profiles.ts'
import { spreadOf } from '../measure.ts'
import { formatMs, formatTable } from '../report-table.ts'
import { startServer } from './start-server.ts'
import { upload } from './upload-at-rate.ts'

const CLIENT_COUNT = 8
const UPLOADS_PER_CLIENT = 50
/** Uploads that are not measured: a server that has just started compiles code for its first requests. */
const WARM_UPLOAD_COUNT = 16
const ANALYSIS_MS_MAX = 60_000

/** How long an upload takes until it is durably stored, 8 clients at once, every profile another. */
export async function benchUpload(): Promise<string> {
  const example = readFileSync(exampleProfile())
  const all = distinctProfiles(example, WARM_UPLOAD_COUNT + CLIENT_COUNT * UPLOADS_PER_CLIENT)
  const profiles = all.slice(WARM_UPLOAD_COUNT)
  const server = await startServer()
  try {
    for (const profile of all.slice(0, WARM_UPLOAD_COUNT)) await timedUpload(server.url, profile)
    const timesMs: number[] = []
    const startMs = performance.now()
    const next = profiles.values()
    const clients = Array.from({ length: CLIENT_COUNT }, async () => {
      for (const profile of next) timesMs.push(await timedUpload(server.url, profile))
    })
    await Promise.all(clients)
    const perSecond = (profiles.length / (performance.now() - startMs)) * 1000
    const analysedSeconds = await analysisSeconds(server.url, startMs)
    const sizeKb = profiles.reduce((sum, { length }) => sum + length, 0) / profiles.length / 1024
    const { min, median, p95, max } = spreadOf(timesMs)
    return formatTable([
      [
        'uploads',
        'KB each',
        'min ms',
        'median ms',
        'p95 ms',
        'max ms',
        'per second',
        'all analysed after s',
      ],
      [
        String(profiles.length),
        sizeKb.toFixed(0),
        formatMs(min),
        formatMs(median),
        formatMs(p95),
        formatMs(max),
        perSecond.toFixed(0),
        analysedSeconds,
      ],
    ])
  } finally {
    await server.stop()
  }
}

async function timedUpload(url: string, profile: Buffer): Promise<number> {
  const startMs = performance.now()
  if (!(await upload(url, profile))) throw new Error('An upload was refused')
  return performance.now() - startMs
}

/** Seconds from `startMs` until no profile waits for its analysis any more. */
async function analysisSeconds(url: string, startMs: number): Promise<string> {
  for (const status of ['received', 'analysing']) {
    while (await hasProfiles(url, status)) {
      if (performance.now() - startMs > ANALYSIS_MS_MAX) return `> ${ANALYSIS_MS_MAX / 1000}`
      await setTimeout(100)
    }
  }
  return ((performance.now() - startMs) / 1000).toFixed(1)
}

async function hasProfiles(url: string, status: string): Promise<boolean> {
  const reply = await fetch(`${url}/api/v1/profiles?status=${status}&limit=1`)
  const page: unknown = await reply.json()
  if (typeof page !== 'object' || page === null || !('items' in page)) {
    throw new Error(`The list of profiles was answered with ${reply.status}`)
  }
  return Array.isArray(page.items) && page.items.length > 0
}
