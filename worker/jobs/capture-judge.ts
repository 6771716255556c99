import type { AnalysisVersions, ClaimedJudgement, CrashRules, Store } from '../../store/index.ts'
import type { DecoderPool } from '../pool/decoder-pool.ts'
import type { WorkerOptions } from '../options.ts'
import { judgementJob } from './judgement-job.ts'
import { CRASH_RULES, runJob } from './run-job.ts'
import type { Log } from '../../collect/index.ts'

const STOP_MS_MAX = 10_000

export interface CaptureJudgeNeeds {
  readonly options: Pick<WorkerOptions, 'analysisMsMax' | 'leaseMs'>
  readonly store: Pick<Store, 'judgements'>
  readonly pool: Pick<DecoderPool, 'take' | 'takeAlone'>
  readonly versions: AnalysisVersions
  readonly log: Log
  readonly crashRules?: CrashRules
}

/** Judges captures as a whole in decoder processes, one at a time. */
export interface CaptureJudge {
  /** Judges what is due, one after the other, until nothing is. */
  drain(): Promise<void>
  /** Judges this capture if it is due and nobody does; settles when that is over. */
  judge(captureId: string): Promise<void>
  /** Claims nothing any more; after ten seconds gives back what still runs. */
  close(): Promise<void>
}

type ClaimOne = () => Promise<ClaimedJudgement | null>

export function openCaptureJudge({
  options: { leaseMs, analysisMsMax: msMax },
  store: { judgements },
  pool,
  versions,
  log,
  crashRules = CRASH_RULES,
}: CaptureJudgeNeeds): CaptureJudge {
  const request = { leaseMs, versions }
  const job = judgementJob(judgements)
  const stopping = new AbortController()
  let isClosed = false
  let last: Promise<unknown> = Promise.resolve()
  let draining: Promise<void> | null = null
  let isWanted = false

  /** One after the other, so that captures leave the other decoders to profiles and views. */
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
      // What took a process down before meets nobody else's work.
      const decoder = claim.crashCount > 1 ? pool.takeAlone() : pool.take(null)
      await runJob(job, claim, decoder, {
        msMax,
        leaseMs,
        crashRules,
        log,
        signal: stopping.signal,
      })
    } catch (error) {
      // Its lease runs out, and it begins anew.
      log.error({ err: error, captureId: claim.id }, 'judging a capture broke')
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
      // What became due while we drain is not to wait for the next sweep.
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
