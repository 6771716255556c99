import { AppError, ERRORS } from '../../api/index.ts'
import type {
  AnalysisVersions,
  ClaimedJudgement,
  CrashRules,
  JudgementResult,
  Store,
} from '../../store/index.ts'
import { CRASH_RULES, retryDelayMs } from './analyse-profile.ts'
import type { Decoder, DecoderPool } from '../pool/decoder-pool.ts'
import { DecoderDied } from '../pool/decoder-process.ts'
import { keepLease } from './keep-lease.ts'
import type { WorkerOptions } from '../options.ts'
import type { WorkerLog } from './worker-log.ts'

const STOP_MS_MAX = 10_000

export interface CaptureJudgeNeeds {
  readonly options: Pick<WorkerOptions, 'analysisMsMax' | 'leaseMs'>
  readonly store: Pick<Store, 'judgements'>
  readonly pool: Pick<DecoderPool, 'take' | 'takeAlone'>
  readonly versions: AnalysisVersions
  readonly log: WorkerLog
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

export function openCaptureJudge(needs: CaptureJudgeNeeds): CaptureJudge {
  const { judgements } = needs.store
  const { leaseMs } = needs.options
  const request = { leaseMs, versions: needs.versions }
  const stopping = new AbortController()
  let isClosed = false
  let last: Promise<unknown> = Promise.resolve()
  let draining: Promise<void> | null = null
  let isWanted = false

  /** One after the other, so that captures leave the other decoders to profiles and views. */
  function inTurn(claimOne: ClaimOne): Promise<boolean> {
    const turn = last.then(async () => {
      const claim = isClosed ? null : await claimOne()
      if (claim !== null) await judgeClaimed(needs, claim, stopping.signal)
      return claim !== null
    })
    last = turn.catch(() => undefined)
    return turn
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

type Outcome =
  | { readonly kind: 'done'; readonly result: JudgementResult }
  | { readonly kind: 'refused'; readonly error: AppError }
  | { readonly kind: 'died'; readonly death: DecoderDied }

async function judgeClaimed(
  needs: CaptureJudgeNeeds,
  claim: ClaimedJudgement,
  stopping: AbortSignal,
): Promise<void> {
  const { log, options, store } = needs
  const { captureId } = claim
  const startMs = performance.now()
  const lease = keepLease({
    leaseMs: options.leaseMs,
    renew: (leaseMs) => store.judgements.renew(claim, leaseMs),
    onError: (err) => log.warn({ err, captureId }, 'lease not renewed'),
  })
  try {
    const outcome = await runClaimed(needs, claim, AbortSignal.any([stopping, lease.lost]))
    const isWritten = !lease.lost.aborted && (await write(needs, claim, outcome))
    const durationMs = Math.round(performance.now() - startMs)
    log.info({ captureId, durationMs, outcome: outcome.kind, isWritten }, 'capture judged')
  } catch (error) {
    // Its lease runs out, and it begins anew.
    log.error({ err: error, captureId }, 'judging a capture broke')
  } finally {
    lease.stop()
  }
}

async function runClaimed(
  { pool, options }: CaptureJudgeNeeds,
  { component, files, earlier, crashCount }: ClaimedJudgement,
  signal: AbortSignal,
): Promise<Outcome> {
  let decoder: Decoder | null = null
  try {
    // What took a process down before meets nobody else's work.
    decoder = await (crashCount > 1 ? pool.takeAlone() : pool.take(null))
    const task = { kind: 'judge', component, files, earlier } as const
    const result = await decoder.run(task, { msMax: options.analysisMsMax, signal })
    return { kind: 'done', result }
  } catch (error) {
    if (error instanceof DecoderDied) return { kind: 'died', death: error }
    if (error instanceof AppError) return { kind: 'refused', error }
    throw error
  } finally {
    decoder?.giveBack()
  }
}

function write(
  { store: { judgements }, log, crashRules = CRASH_RULES }: CaptureJudgeNeeds,
  claim: ClaimedJudgement,
  outcome: Outcome,
): Promise<boolean> {
  const { captureId, crashCount } = claim
  if (outcome.kind === 'done') return judgements.complete(claim, outcome.result)
  if (outcome.kind === 'refused') {
    const { code, message } = outcome.error
    if (code === 'SHUTTING_DOWN') return judgements.release(claim)
    if (ERRORS[code].retry === 'never') return judgements.fail(claim, { code, message })
    log.warn({ err: outcome.error, captureId }, 'judging a capture put off')
    return judgements.retryLater(claim, retryDelayMs(claim.retryCount))
  }
  const { reason, stderrTail } = outcome.death
  if (reason === 'cancelled') return judgements.release(claim)
  log.error({ captureId, reason, crashCount, stderrTail }, 'a decoder process died of a capture')
  const failure = { code: 'CAPTURE_FAILED', message: DEATHS[reason] }
  return judgements.crashed(claim, failure, crashRules)
}

const DEATHS = {
  oom: 'Judging the capture took more memory than a decoder may have.',
  timeout: 'Judging the capture took longer than a decoder may take.',
  crash: 'Judging the capture made the decoder crash.',
  start: 'The decoder did not start.',
} as const
