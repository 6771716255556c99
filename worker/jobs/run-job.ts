import { AppError, ERRORS } from '../../api/index.ts'
import {
  type CrashRules,
  faultOf,
  type Integrity,
  type JobClaim,
  type JobStore,
} from '../../store/index.ts'
import type { Decoder } from '../pool/decoder-pool.ts'
import { type DeathReason, DecoderDied } from '../pool/decoder-process.ts'
import type { DecoderTask, ResultOf } from '../pool/decoder-task.ts'
import { withDecoder } from '../pool/with-decoder.ts'
import { keepLease } from './keep-lease.ts'
import { type Log, NO_TRACER, type Tracer } from '../../collect/index.ts'

const RETRY_MS_MIN = 1000
const RETRY_MS_MAX = 300_000

/** The first crash may have had another cause; after the third the job is the cause. */
export const CRASH_RULES: CrashRules = { backoffMs: [10_000, 60_000], crashCountMax: 3 }

/**
 * How a claimed job ended. `lost`: another worker holds it or it was deleted, so nothing was
 * written.
 */
export type Ending = 'ready' | 'failed' | 'crashed' | 'retried' | 'released' | 'lost'

/** How a job ended, and what kept it from being ready: a code of the catalogue, or why its decoder died; else `none`. */
export interface Ended {
  readonly ending: Ending
  readonly code: string
}

/** The failure to record when a decoder process died during the job. */
export type JobDeath = Exclude<DeathReason, 'cancelled'>

/** What differs between kinds of jobs. */
export interface JobKind<Claim extends JobClaim, Task extends DecoderTask, Failure> {
  /** The name of its spans. */
  readonly name: string
  readonly jobs: JobStore<Claim, ResultOf<Task>, Failure>
  readonly taskOf: (claim: Claim) => Task
  /** Records a permanent failure: the input cannot be read. */
  readonly failureOf: (error: AppError) => Failure
  readonly failureOfDeath: (reason: JobDeath) => Failure
  readonly onResult?: (result: ResultOf<Task>) => void
  /** Discards a result that was not written. */
  readonly discard?: (result: ResultOf<Task>) => Promise<void>
  /** Identifies the job in the log. */
  readonly logFieldsOf: (claim: Claim) => object
  readonly messages: { readonly ended: string; readonly putOff: string; readonly died: string }
}

export interface JobOptions {
  readonly msMax: number
  readonly leaseMs: number
  readonly crashRules: CrashRules
  readonly log: Log
  readonly integrity: Pick<Integrity, 'report'>
  readonly tracer?: Tracer | undefined
  /** Releases the claim. */
  readonly signal: AbortSignal
}

/**
 * Runs a claimed job: renews the lease, has a decoder process do the work, and writes the result.
 * Running it twice is safe: the claim fences every write.
 */
export function runJob<Claim extends JobClaim, Task extends DecoderTask, Failure>(
  kind: JobKind<Claim, Task, Failure>,
  claim: Claim,
  taken: Promise<Decoder>,
  options: JobOptions,
): Promise<Ended> {
  const { tracer = NO_TRACER } = options
  const attributes = { 'kubeprof.job.id': claim.id }
  return tracer.span(kind.name, { attributes }, async (addAttributes) => {
    const ended = await work(kind, claim, taken, options)
    addAttributes({ 'kubeprof.ending': ended.ending, 'error.type': ended.code })
    return ended
  })
}

async function work<Claim extends JobClaim, Task extends DecoderTask, Failure>(
  kind: JobKind<Claim, Task, Failure>,
  claim: Claim,
  taken: Promise<Decoder>,
  options: JobOptions,
): Promise<Ended> {
  const { log, msMax } = options
  const startMs = performance.now()
  const fields = kind.logFieldsOf(claim)
  const lease = keepLease({
    leaseMs: options.leaseMs,
    renew: (leaseMs) => kind.jobs.renew(claim, leaseMs),
    onError: (err) => log.warn({ err, ...fields }, 'lease not renewed'),
  })
  try {
    const signal = AbortSignal.any([options.signal, lease.lost])
    const outcome = await withDecoder(taken, kind.taskOf(claim), { msMax, signal }).then(
      (result) => ({ kind: 'done', result }) as const,
      toFault,
    )
    const ending = lease.lost.aborted ? 'lost' : await write(kind, claim, outcome, options)
    const durationMs = Math.round(performance.now() - startMs)
    log.info({ ...fields, durationMs, ending }, kind.messages.ended)
    return { ending, code: codeOf(outcome) }
  } finally {
    lease.stop()
  }
}

type Fault =
  | { readonly kind: 'refused'; readonly error: AppError }
  | { readonly kind: 'died'; readonly death: DecoderDied }
type Outcome<Result> = Fault | { readonly kind: 'done'; readonly result: Result }

function codeOf(outcome: Outcome<unknown>): string {
  if (outcome.kind === 'refused') return outcome.error.code
  return outcome.kind === 'died' ? outcome.death.reason : 'none'
}

function toFault(error: unknown): Fault {
  if (error instanceof DecoderDied) return { kind: 'died', death: error }
  if (error instanceof AppError) return { kind: 'refused', error }
  throw error
}

async function write<Claim extends JobClaim, Task extends DecoderTask, Failure>(
  kind: JobKind<Claim, Task, Failure>,
  claim: Claim,
  outcome: Outcome<ResultOf<Task>>,
  options: JobOptions,
): Promise<Ending> {
  if (outcome.kind === 'refused') return writeRefusal(kind, claim, outcome.error, options)
  if (outcome.kind === 'died') return writeDeath(kind, claim, outcome.death, options)
  kind.onResult?.(outcome.result)
  if (await kind.jobs.complete(claim, outcome.result)) return 'ready'
  await kind.discard?.(outcome.result)
  return 'lost'
}

async function writeRefusal<Claim extends JobClaim, Task extends DecoderTask, Failure>(
  { jobs, failureOf, logFieldsOf, messages }: JobKind<Claim, Task, Failure>,
  claim: Claim,
  error: AppError,
  { log, integrity }: JobOptions,
): Promise<Ending> {
  if (error.code === 'SHUTTING_DOWN') return (await jobs.release(claim)) ? 'released' : 'lost'
  const found = faultOf(error)
  const isRepaired = found !== null && (await integrity.report(found.key, found.fault)) !== 'lost'
  if (ERRORS[error.code].retry === 'never' && !isRepaired) {
    return (await jobs.fail(claim, failureOf(error))) ? 'failed' : 'lost'
  }
  log.warn({ err: error, ...logFieldsOf(claim) }, messages.putOff)
  return (await jobs.retryLater(claim, retryDelayMs(claim.retryCount))) ? 'retried' : 'lost'
}

/** Wait before the next try, by the number of failures that the job did not cause. */
function retryDelayMs(retryCount: number): number {
  return Math.min(RETRY_MS_MIN * 2 ** retryCount, RETRY_MS_MAX)
}

async function writeDeath<Claim extends JobClaim, Task extends DecoderTask, Failure>(
  { jobs, failureOfDeath, logFieldsOf, messages }: JobKind<Claim, Task, Failure>,
  claim: Claim,
  { reason, stderrTail }: DecoderDied,
  { log, crashRules }: JobOptions,
): Promise<Ending> {
  if (reason === 'cancelled') return (await jobs.release(claim)) ? 'released' : 'lost'
  const { crashCount } = claim
  log.error({ ...logFieldsOf(claim), reason, crashCount, stderrTail }, messages.died)
  return (await jobs.crashed(claim, failureOfDeath(reason), crashRules)) ? 'crashed' : 'lost'
}
