import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Log, Tracer } from '../../collect/index.ts'
import type {
  AnalysisVersions,
  ClaimedAnalysis,
  ClaimRequest,
  CrashRules,
  Lane,
  Store,
} from '../../store/index.ts'
import { analysisJob } from './analysis-job.ts'
import { type AnalysisSlot, openAnalysisSlots } from './analysis-slots.ts'
import type { Decoder, DecoderPool } from '../pool/decoder-pool.ts'
import type { WorkerOptions } from '../options.ts'
import type { WorkerMetrics } from '../worker-metrics.ts'
import { type JobOptions, runJob } from './run-job.ts'

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

/** Runs analyses: at most `analysesMax` decoders read profiles that never crashed, and one at a time one that did. */
export interface Analyst {
  /** Runs this analysis, or else the next that is due, if a slot is free; settles when it ends. */
  handleNotification(analysisId: string): Promise<void>
  /** Starts due analyses in the free slots; each analysis that ends starts the next. */
  drain(): Promise<void>
  /** Stops claiming; after ten seconds releases running analyses. */
  close(): Promise<void>
}

type ClaimOne = () => Promise<ClaimedAnalysis | null>

export function openAnalyst({ options, store, pool, versions, ...needs }: AnalystNeeds): Analyst {
  const { analyses, blobs, integrity } = store
  // When the database is unavailable, the next sweep tries again.
  const refillLater = (lane: Lane) => void refill(lane).catch(() => undefined)
  const slots = openAnalysisSlots({ normal: options.analysesMax, isolated: 1 }, refillLater)
  const running = new Set<Promise<void>>()
  const stopping = new AbortController()
  const { leaseMs, analysisMsMax: msMax } = options
  const claims = claimsOf(analyses, { leaseMs, versions })
  const analyse = openAnalyse(needs, {
    job: analysisJob(analyses, blobs, needs.metrics),
    options: { ...needs, msMax, leaseMs, integrity, signal: stopping.signal },
  })
  let isClosed = false

  /** Starts one, or returns `null` when no slot is free or nothing is due. */
  async function start(
    lane: Lane,
    claimOne: ClaimOne,
  ): Promise<{ readonly over: Promise<void> } | null> {
    const slot = isClosed ? null : slots.take(lane)
    if (slot === null) return null
    let decoder: Decoder | null = null
    let claim: ClaimedAnalysis | null = null
    try {
      // Taken before the claim, so that a slow start of the decoder does not count against the
      // profile.
      decoder = await (lane === 'normal' ? pool.take(null) : pool.takeAlone())
      claim = isClosed ? null : await claimOne()
    } finally {
      if (claim === null) {
        slot.giveUp()
        decoder?.giveBack()
      }
    }
    if (claim === null) return null
    const mayFree = () => lane === 'normal' && running.size < 2 * options.analysesMax
    const over: Promise<void> = analyse(freeing(slot, decoder, mayFree), claim).finally(() => {
      running.delete(over)
      slot.free()
    })
    running.add(over)
    return { over }
  }

  /** A process is free and warm: it is taken without looking. */
  async function refill(lane: Lane): Promise<void> {
    if (lane === 'isolated') await drainLane(lane)
    else while ((await start(lane, () => claims.next(lane))) !== null);
  }

  async function drainLane(lane: Lane): Promise<void> {
    // Checks first without taking a process: usually nothing is due.
    while (slots.hasFree(lane) && (await claims.isDue(lane))) {
      if ((await start(lane, () => claims.next(lane))) === null) return
    }
  }

  return {
    async handleNotification(id) {
      const started = await start('normal', () => claims.notified(id))
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

type Analyse = (decoder: Decoder, claim: ClaimedAnalysis) => Promise<void>

function openAnalyse(
  { metrics, log, onCaptureRead }: Pick<AnalystNeeds, 'metrics' | 'log' | 'onCaptureRead'>,
  { job, options }: { readonly job: ReturnType<typeof analysisJob>; readonly options: JobOptions },
): Analyse {
  return async (decoder, claim) => {
    try {
      const startMs = performance.now()
      const ended = await runJob(job, claim, Promise.resolve(decoder), options)
      metrics.countAnalysis(ended, performance.now() - startMs)
      if (claim.captureId !== null) onCaptureRead()
    } catch (error) {
      // Its lease expires, and a worker claims it again.
      log.error({ err: error, profileId: claim.profileId }, 'analysis broke')
    }
  }
}

/** The claims of one worker. */
function claimsOf(analyses: Store['analyses'], options: Omit<ClaimRequest, 'owner'>) {
  const owner = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`
  const request = { ...options, owner }
  const next = (lane: Lane) => analyses.claimNext(lane, request)
  return {
    isDue: (lane: Lane) => analyses.hasDue(lane, request),
    next,
    /** The notification may stand for others that are due. */
    notified: async (id: string) => (await analyses.claim(id, request)) ?? next('normal'),
  }
}

/**
 * The slot is free once its decoder is, so that the next profile is read while the result of this one is written; but
 * results do not pile up.
 */
function freeing(slot: AnalysisSlot, decoder: Decoder, mayFree: () => boolean): Decoder {
  return {
    run: (task, runOptions) => decoder.run(task, runOptions),
    giveBack() {
      decoder.giveBack()
      if (mayFree()) slot.free()
    },
  }
}
