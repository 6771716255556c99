import type { ProcessConnection } from '../reach/process-connection.ts'
import type {
  CaptureOutcome,
  CapturePartOutcome,
  CaptureProgress,
  CaptureSink,
} from './capture-outcome.ts'
import type { CapturePlan } from './capture-plan.ts'
import type { PartFacts } from './part-body.ts'
import { sleepBySystem } from './retry.ts'
import { type RaiseNeeds, type VerbosityRecords, withVerbosity } from './verbosity.ts'
import { ENDED, type PartNeeds, takePart, untriedPart } from './take-part.ts'

export interface CaptureNeeds {
  readonly sink: CaptureSink
  readonly signal: AbortSignal
  readonly onProgress?: (progress: CaptureProgress) => void
  /** False gives up at the first failure of a part. */
  readonly isRetried?: boolean
  readonly now?: () => number
  readonly random?: () => number
  readonly sleep?: PartNeeds['sleep']
  /** Required with a plan that raises the log level. */
  readonly verbosityRecords?: VerbosityRecords
  /** Called where the plan does not give the level to restore. */
  readonly readVerbosity?: () => Promise<number | null>
}

/**
 * Takes a capture, one part after the other. Failures of the process are reported in the outcome, not thrown. When the
 * signal aborts, the parts taken so far are kept, and closing the connection stops the profiler of the process.
 */
export async function takeCapture(
  connection: ProcessConnection,
  plan: CapturePlan,
  needs: CaptureNeeds,
): Promise<CaptureOutcome> {
  const { now = Date.now } = needs
  const startedAtMs = now()
  const facts: PartFacts = { kubernetesVersion: null, goVersion: null }
  const notes = [...connection.warnings, connection.address.note].filter((note) => note !== null)
  const take = () => takeParts(connection, plan, needs, facts)
  const parts = await (plan.verbosity === null
    ? take()
    : withVerbosity(connection, plan.verbosity, verbosityNeeds(needs, notes), take))
  return {
    ...verdictOf(parts, needs.signal.aborted),
    ...facts,
    parts,
    startedAtMs,
    finishedAtMs: now(),
    seconds: plan.parts.find(({ kind }) => kind === 'cpu')?.seconds ?? null,
    notes,
  }
}

function verbosityNeeds(needs: CaptureNeeds, notes: string[]): RaiseNeeds {
  const { verbosityRecords: records, signal, sleep = sleepBySystem } = needs
  const { readVerbosity = () => Promise.resolve(null) } = needs
  if (records === undefined) throw new TypeError('a raised log level needs records')
  return { records, signal, sleep, readVerbosity, notes }
}

async function takeParts(
  connection: ProcessConnection,
  plan: CapturePlan,
  needs: CaptureNeeds,
  facts: PartFacts,
): Promise<CapturePartOutcome[]> {
  const { sink, signal, onProgress = () => {}, isRetried = true, now = Date.now } = needs
  const { random = Math.random, sleep = sleepBySystem } = needs
  const outcomes: CapturePartOutcome[] = []
  for (const part of plan.parts) {
    const { kind, fileName, seconds, isRare } = part
    const reason = signal.aborted ? ENDED : reasonToStop(outcomes)
    if (reason !== null) {
      if (isRare) continue
      const outcome = untriedPart(part, reason)
      outcomes.push(outcome)
      onProgress({ event: 'ends', part: outcome })
      continue
    }
    if (!isRare) onProgress({ event: 'begins', kind, fileName, seconds })
    const outcome = await takePart(connection, part, {
      sink,
      signal,
      facts,
      metricNames: plan.metricNames,
      isRetried,
      now,
      random,
      sleep,
      onWait: (_, forMs, error) => onProgress({ event: 'waits', kind, fileName, forMs, error }),
    })
    if (isRare && outcome.state === 'skipped') continue
    outcomes.push(outcome)
    onProgress({ event: 'ends', part: outcome })
  }
  return outcomes
}

/** Failures that every other part would have too. */
const PERMANENT_REFUSALS: readonly string[] = [
  'TARGET_ADDRESS_DENIED',
  'TARGET_CREDENTIALS',
  'TARGET_INVALID',
  'TARGET_TLS',
  'TARGET_UNAUTHENTICATED',
  'TARGET_UNREACHABLE',
  'BLOB_STORE_UNAVAILABLE',
  'STORAGE_FAILED',
  'STORAGE_FULL',
  'DATABASE_UNAVAILABLE',
]
/** One page may be slow where the others are not. */
const TIMEOUTS_MAX = 2

/** Why the remaining parts are not tried; null where they are. */
function reasonToStop(outcomes: readonly CapturePartOutcome[]): string | null {
  const late = outcomes.filter(
    ({ kind, error }) => error?.code === 'TARGET_TIMEOUT' && !SIDE_PARTS.includes(kind),
  )
  const cause = outcomes.find(isPermanent) ?? (late.length >= TIMEOUTS_MAX ? late[0] : undefined)
  return cause === undefined ? null : `Not tried, because ${cause.fileName} failed.`
}

function isPermanent({ kind, error }: CapturePartOutcome): boolean {
  if (error === null || !PERMANENT_REFUSALS.includes(error.code)) return false
  // The answer to a page beside the profiles says nothing about the profiles.
  return error.details?.['status'] === undefined || !SIDE_PARTS.includes(kind)
}

/** Parts that alone do not make a capture. */
const SIDE_PARTS: readonly string[] = ['metrics', 'version', 'healthz', 'statusz', 'flagz']

function verdictOf(
  parts: readonly CapturePartOutcome[],
  isAborted: boolean,
): Pick<CaptureOutcome, 'status' | 'error'> {
  const taken = parts.filter(({ state }) => state === 'taken')
  const isAll = parts.every(({ error }) => error === null)
  const failed = parts.filter(({ state, error }) => state === 'failed' && error !== null)
  // The failure of the measured profile is the most useful reason.
  const error = (failed.find(({ kind }) => kind === 'cpu') ?? failed[0])?.error ?? null
  if (isAborted && taken.length < parts.length) return { status: 'cancelled', error: null }
  if (isAll && taken.length > 0) return { status: 'complete', error: null }
  const wanted = parts.filter(({ kind }) => !SIDE_PARTS.includes(kind))
  const isFailed =
    wanted.length === 0 ? taken.length === 0 : wanted.every(({ state }) => state !== 'taken')
  return { status: isFailed ? 'failed' : 'partial', error }
}
