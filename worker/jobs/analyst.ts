import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Log } from '../../collect/index.ts'
import type {
  AnalysisVersions,
  ClaimedAnalysis,
  CrashRules,
  Lane,
  Store,
} from '../../store/index.ts'
import { analysisJob } from './analysis-job.ts'
import type { Decoder, DecoderPool } from '../pool/decoder-pool.ts'
import type { WorkerOptions } from '../options.ts'
import { runJob } from './run-job.ts'

const STOP_MS_MAX = 10_000

export interface AnalystNeeds {
  readonly options: WorkerOptions
  readonly store: Pick<Store, 'analyses' | 'blobs'>
  readonly pool: DecoderPool
  readonly versions: AnalysisVersions
  readonly crashRules: CrashRules
  readonly log: Log
  /** Called after a profile of a capture was read: it may have been the last. */
  readonly onCaptureRead: () => void
}

/** Runs analyses: at most `analysesMax` of those that never crashed, and one at a time of those that did. */
export interface Analyst {
  /** Analyses this one, if it is due and there is room; settles when it is over. */
  handleNotification(analysisId: string): Promise<void>
  /** Starts what is due, as far as there is room; what ends later makes room for the rest. */
  drain(): Promise<void>
  /** Claims nothing any more; after ten seconds releases what still runs. */
  close(): Promise<void>
}

type ClaimOne = () => Promise<ClaimedAnalysis | null>

export function openAnalyst({ options, store, pool, versions, ...needs }: AnalystNeeds): Analyst {
  const { analyses, blobs } = store
  const slots = { normal: options.analysesMax, isolated: 1 }
  const running = new Set<Promise<void>>()
  const stopping = new AbortController()
  const owner = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`
  const { leaseMs, analysisMsMax: msMax } = options
  const request = { owner, leaseMs, versions }
  const job = analysisJob(analyses, blobs)
  const { crashRules, log } = needs
  const jobOptions = { msMax, leaseMs, crashRules, log, signal: stopping.signal }
  let isClosed = false

  /** Starts one, or answers `null` when there is no room or nothing to claim. */
  async function start(
    lane: Lane,
    claimOne: ClaimOne,
  ): Promise<{ readonly over: Promise<void> } | null> {
    if (isClosed || slots[lane] === 0) return null
    slots[lane] -= 1
    let decoder: Decoder | null = null
    let claim: ClaimedAnalysis | null = null
    try {
      // Before the claim, so that a profile is blamed for what happens while it is read, and for no slow start.
      decoder = await (lane === 'normal' ? pool.take(null) : pool.takeAlone())
      claim = isClosed ? null : await claimOne()
    } finally {
      if (claim === null) {
        slots[lane] += 1
        decoder?.giveBack()
      }
    }
    if (claim === null) return null
    const over: Promise<void> = run(decoder, claim).finally(() => {
      slots[lane] += 1
      running.delete(over)
      // With the database away the next sweep looks again.
      drainLane(lane).catch(() => undefined)
    })
    running.add(over)
    return { over }
  }

  async function run(decoder: Decoder, claim: ClaimedAnalysis): Promise<void> {
    try {
      await runJob(job, claim, Promise.resolve(decoder), jobOptions)
      if (claim.captureId !== null) needs.onCaptureRead()
    } catch (error) {
      // Its lease runs out, and it begins anew.
      log.error({ err: error, profileId: claim.profileId }, 'analysis broke')
    }
  }

  async function drainLane(lane: Lane): Promise<void> {
    // Looking first takes no process, and there is nothing to do most of the time.
    while (await analyses.hasDue(lane, request)) {
      if ((await start(lane, () => analyses.claimNext(lane, request))) === null) return
    }
  }

  return {
    async handleNotification(id) {
      const started = await start('normal', () => analyses.claim(id, request))
      await started?.over
    },
    async drain() {
      await drainLane('isolated')
      await drainLane('normal')
    },
    async close() {
      isClosed = true
      const timer = setTimeout(() => stopping.abort(), STOP_MS_MAX)
      await Promise.all(running)
      clearTimeout(timer)
    },
  }
}
