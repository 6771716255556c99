import type { WorkerLog } from './worker-log.ts'
import { AppError, ERRORS } from '../../api/index.ts'
import type {
  AnalysisResult,
  BlobStore,
  ClaimedAnalysis,
  CrashRules,
  ProfileFailure,
  Store,
} from '../../store/index.ts'
import type { Decoder } from '../pool/decoder-pool.ts'
import { type DeathReason, DecoderDied, type RunOptions } from '../pool/decoder-process.ts'
import { keepLease } from './keep-lease.ts'

const RETRY_MS_MIN = 1000
const RETRY_MS_MAX = 300_000

/** How long to wait after so many failures that are not the profile's. */
export function retryDelayMs(retryCount: number): number {
  return Math.min(RETRY_MS_MIN * 2 ** retryCount, RETRY_MS_MAX)
}

/** The first crash may have been a bystander's; the third is its own doing. */
export const CRASH_RULES: CrashRules = { backoffMs: [10_000, 60_000], crashCountMax: 3 }

export interface AnalysisNeeds {
  readonly analyses: Store['analyses']
  readonly blobs: Pick<BlobStore, 'delete'>
  readonly crashRules: CrashRules
  readonly analysisMsMax: number
  readonly leaseMs: number
  readonly log: WorkerLog
}

/** How a claimed analysis ended. `lost`: another worker has it, or its profile is gone, so nothing was written. */
export type Ending = 'ready' | 'failed' | 'crashed' | 'retried' | 'released' | 'lost'

/**
 * From the claim to its end: keeps the lease alive, has a decoder process do the work, and writes what came of it.
 * Running twice changes nothing: what is written is fenced by the claim. An abort releases the claim.
 */
export async function analyseProfile(
  needs: AnalysisNeeds,
  claim: ClaimedAnalysis,
  { decoder, signal }: { readonly decoder: Decoder; readonly signal: AbortSignal },
): Promise<Ending> {
  const startMs = performance.now()
  const lease = keepLease({
    leaseMs: needs.leaseMs,
    renew: (leaseMs) => needs.analyses.renew(claim, leaseMs),
    onError: (err) => needs.log.warn({ err, profileId: claim.profileId }, 'lease not renewed'),
  })
  try {
    const outcome = await decode(decoder, claim, {
      msMax: needs.analysisMsMax,
      signal: AbortSignal.any([signal, lease.lost]),
    })
    const ending = lease.lost.aborted ? 'lost' : await write(needs, claim, outcome)
    const durationMs = Math.round(performance.now() - startMs)
    needs.log.info({ profileId: claim.profileId, durationMs, ending }, 'analysed')
    return ending
  } finally {
    lease.stop()
  }
}

type Outcome =
  | { readonly kind: 'done'; readonly result: AnalysisResult }
  | { readonly kind: 'refused'; readonly error: AppError }
  | { readonly kind: 'died'; readonly reason: DeathReason; readonly stderrTail: string }

async function decode(
  decoder: Decoder,
  { rawBlobKey, source, earlier }: ClaimedAnalysis,
  options: RunOptions,
): Promise<Outcome> {
  try {
    const task = { kind: 'analyse', rawBlobKey, source, earlier } as const
    return { kind: 'done', result: await decoder.run(task, options) }
  } catch (error) {
    if (error instanceof DecoderDied) {
      return { kind: 'died', reason: error.reason, stderrTail: error.stderrTail }
    }
    if (error instanceof AppError) return { kind: 'refused', error }
    throw error
  }
}

async function write(
  needs: AnalysisNeeds,
  claim: ClaimedAnalysis,
  outcome: Outcome,
): Promise<Ending> {
  if (outcome.kind === 'refused') return writeRefusal(needs, claim, outcome.error)
  if (outcome.kind === 'died') return writeDeath(needs, claim, outcome)
  if (await needs.analyses.complete(claim, outcome.result)) return 'ready'
  await needs.blobs.delete(outcome.result.columns.key)
  return 'lost'
}

async function writeRefusal(
  { analyses, log }: AnalysisNeeds,
  claim: ClaimedAnalysis,
  error: AppError,
): Promise<Ending> {
  if (error.code === 'SHUTTING_DOWN') return (await analyses.release(claim)) ? 'released' : 'lost'
  if (ERRORS[error.code].retry === 'never') {
    return (await analyses.fail(claim, failureOf(error))) ? 'failed' : 'lost'
  }
  log.warn({ err: error, profileId: claim.profileId }, 'analysis put off')
  const delayMs = retryDelayMs(claim.retryCount)
  return (await analyses.retryLater(claim, delayMs)) ? 'retried' : 'lost'
}

async function writeDeath(
  { analyses, crashRules, log }: AnalysisNeeds,
  claim: ClaimedAnalysis,
  { reason, stderrTail }: Extract<Outcome, { readonly kind: 'died' }>,
): Promise<Ending> {
  if (reason === 'cancelled') return (await analyses.release(claim)) ? 'released' : 'lost'
  const { profileId, crashCount } = claim
  log.error({ profileId, reason, crashCount, stderrTail }, 'a decoder process died')
  const failure = {
    code: 'PROFILE_QUARANTINED',
    message: DEATHS[reason],
    reason,
    offsetBytes: null,
  }
  return (await analyses.crashed(claim, failure, crashRules)) ? 'crashed' : 'lost'
}

const DEATHS = {
  oom: 'Reading the profile took more memory than a decoder may have.',
  timeout: 'Reading the profile took longer than a decoder may take.',
  crash: 'Reading the profile made the decoder crash.',
  start: 'The decoder did not start.',
} as const

function failureOf({ code, message, details }: AppError): ProfileFailure {
  const reason = details?.['reason']
  const offsetBytes = details?.['offsetBytes']
  return {
    code,
    message,
    reason: typeof reason === 'string' ? reason : null,
    offsetBytes: typeof offsetBytes === 'number' ? offsetBytes : null,
  }
}
