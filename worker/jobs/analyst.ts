import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Log, Tracer } from '../../collect/index.ts'
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
import type { WorkerMetrics } from '../worker-metrics.ts'
import { runJob } from './run-job.ts'

const STOP_MS_MAX = 10_000

export interface AnalystNeeds {
  readonly options: WorkerOptions
  readonly store: Pick<Store, 'analyses' | 'blobs' | 'integrity'>
  readonly pool: DecoderPool
  readonly versions: AnalysisVersions
  readonly crashRules: CrashRules
  readonly log: Log
  readonly tracer?: Tracer
  readonly metrics: Pick<WorkerMetrics, 'countAnalysis' | 'observeInflateRatio'>
  /** Called after a profile of a capture was read: it may have been the last. */
  readonly onCaptureRead: () => void
}

/** Runs analyses: at most `analysesMax` that never crashed, and one at a time that did. */
export interface Analyst {
  /** Runs this analysis if it is due and a slot is free; settles when it ends. */
  handleNotification(analysisId: string): Promise<void>
  /** Starts due analyses in the free slots; each analysis that ends starts the next. */
  drain(): Promise<void>
  /** Stops claiming; after ten seconds releases running analyses. */
  close(): Promise<void>
}

type ClaimOne = () => Promise<ClaimedAnalysis | null>

export function openAnalyst({ options, store, pool, versions, ...needs }: AnalystNeeds): Analyst {
  const { analyses, blobs, integrity } = store
  const slots = { normal: options.analysesMax, isolated: 1 }
  const running = new Set<Promise<void>>()
  const stopping = new AbortController()
  const owner = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`
  const { leaseMs, analysisMsMax: msMax } = options
  const request = { owner, leaseMs, versions }
  const job = analysisJob(analyses, blobs, needs.metrics)
  const { log } = needs
  const jobOptions = { ...needs, msMax, leaseMs, integrity, signal: stopping.signal }
  let isClosed = false

  /** Starts one, or returns `null` when no slot is free or nothing is due. */
  async function start(
    lane: Lane,
    claimOne: ClaimOne,
  ): Promise<{ readonly over: Promise<void> } | null> {
    if (isClosed || slots[lane] === 0) return null
    slots[lane] -= 1
    let decoder: Decoder | null = null
    let claim: ClaimedAnalysis | null = null
    try {
      // Taken before the claim, so that a slow start of the decoder does not count against the
      // profile.
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
      // When the database is unavailable, the next sweep tries again.
      drainLane(lane).catch(() => undefined)
    })
    running.add(over)
    return { over }
  }

  async function run(decoder: Decoder, claim: ClaimedAnalysis): Promise<void> {
    try {
      const startMs = performance.now()
      const ended = await runJob(job, claim, Promise.resolve(decoder), jobOptions)
      needs.metrics.countAnalysis(ended, performance.now() - startMs)
      if (claim.captureId !== null) needs.onCaptureRead()
    } catch (error) {
      // Its lease expires, and a worker claims it again.
      log.error({ err: error, profileId: claim.profileId }, 'analysis broke')
    }
  }

  async function drainLane(lane: Lane): Promise<void> {
    // Checks first without taking a process: usually nothing is due.
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
