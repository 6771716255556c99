import type { AnalysisVersions, ClaimedJudgement, CrashRules, Store } from '../../store/index.ts'
import type { DecoderPool } from '../pool/decoder-pool.ts'
import type { WorkerOptions } from '../options.ts'
import { judgementJob } from './judgement-job.ts'
import { CRASH_RULES, runJob } from './run-job.ts'
import type { Log, Tracer } from '../../collect/index.ts'

const STOP_MS_MAX = 10_000

export interface CaptureJudgeNeeds {
  readonly options: Pick<WorkerOptions, 'analysisMsMax' | 'leaseMs'>
  readonly store: Pick<Store, 'judgements' | 'integrity'>
  readonly pool: Pick<DecoderPool, 'take' | 'takeAlone'>
  readonly versions: AnalysisVersions
  readonly log: Log
  readonly tracer?: Tracer
  readonly crashRules?: CrashRules
}

/** Judges captures as a whole in decoder processes, one at a time. */
export interface CaptureJudge {
  /** Judges all due captures, one after the other. */
  drain(): Promise<void>
  /** Judges this capture if it is due and unclaimed; settles when that ends. */
  judge(captureId: string): Promise<void>
  /** Stops claiming; after ten seconds releases running judgements. */
  close(): Promise<void>
}

type ClaimOne = () => Promise<ClaimedJudgement | null>

export function openCaptureJudge({
  options: { leaseMs, analysisMsMax: msMax },
  store: { judgements, integrity },
  pool,
  versions,
  log,
  tracer,
  crashRules = CRASH_RULES,
}: CaptureJudgeNeeds): CaptureJudge {
  const request = { leaseMs, versions }
  const job = judgementJob(judgements)
  const stopping = new AbortController()
  let isClosed = false
  let last: Promise<unknown> = Promise.resolve()
  let draining: Promise<void> | null = null
  let isWanted = false

  /** One at a time, so that the other decoders stay free for profiles and views. */
  function inTurn(claimOne: ClaimOne): Promise<boolean> {
    const turn = last.then(async () => {
      const claim = isClosed ? null : await claimOne()
      if (claim !== null) await judge(claim)
      return claim !== null
    })
    last = turn.catch(() => undefined)
    return turn
  }

  async function judge(claim: ClaimedJudgement): Promise<void> {
    try {
      // A job that crashed a process before runs in its own process.
      const decoder = claim.crashCount > 1 ? pool.takeAlone() : pool.take(null)
      await runJob(job, claim, decoder, {
        msMax,
        leaseMs,
        crashRules,
        log,
        integrity,
        tracer,
        signal: stopping.signal,
      })
    } catch (error) {
      // Its lease expires, and a worker claims it again.
      log.error({ err: error, captureId: claim.id }, 'judging a capture failed')
    }
  }

  async function drainAll(): Promise<void> {
    while (isWanted) {
      isWanted = false
      while (await inTurn(() => judgements.claimNext(request)));
    }
  }

  return {
    drain() {
      // A capture that became due during this drain must not wait for the next sweep.
      isWanted = true
      draining ??= drainAll().finally(() => (draining = null))
      return draining
    },
    async judge(captureId) {
      await inTurn(() => judgements.claim(captureId, request))
    },
    async close() {
      isClosed = true
      const timer = setTimeout(() => stopping.abort(), STOP_MS_MAX)
      await last
      clearTimeout(timer)
    },
  }
}
