import type { CaptureRunNeeds, HeldCapture } from './held-capture.ts'
import { AppError, type CaptureKind, PROFILE_KINDS } from '../../api/index.ts'
import {
  type CaptureEnding,
  type CaptureFailure,
  type ProcessAddress,
  type RequestedCapture,
  type StoredCapture,
  type StoredProcess,
  type StoredTarget,
  USUAL_CPU_SECONDS,
  targetKey,
} from '../../store/index.ts'
import type { CaptureOutcome } from '../take/capture-outcome.ts'
import { planCapture, type CapturePlan } from '../take/capture-plan.ts'
import { takeCapture } from '../take/take-capture.ts'
import { type AddAttributes, NO_TRACER } from '../tracer.ts'
import { trackParts } from './capture-progress.ts'
import { keepLeases } from './keep-leases.ts'
import { storeSink } from './store-sink.ts'

/** Takes a capture and stores its outcome. Throws no error of the process or the connection. */
export function runCapture(needs: CaptureRunNeeds, held: HeldCapture): Promise<void> {
  const { tracer = NO_TRACER } = needs
  const attributes = {
    'kubeprof.capture.id': held.capture.id,
    'kubeprof.component': held.capture.component ?? '',
  }
  return tracer.span('capture', { attributes }, (addAttributes) =>
    takeAndStore(needs, held, addAttributes),
  )
}

async function takeAndStore(
  needs: CaptureRunNeeds,
  held: HeldCapture,
  addAttributes: AddAttributes,
): Promise<void> {
  const { store, metrics, log } = needs
  const { capture, claim, lease } = held
  const startMs = Date.now()
  let sizeBytes = 0
  const { ending, isEmpty } = await whileHeld(needs, held, (signal) =>
    take(needs, { ...needs, ...held, signal }, (more) => (sizeBytes += more)).catch(failedBy),
  )
  if (needs.signal.aborted && isEmpty) {
    // The next collector starts it over.
    await Promise.all([store.captures.release(claim), store.processes.release(lease, null)])
    return
  }
  const { status, error } = ending
  const trouble = status === 'failed' && error !== null ? { ...error, atMs: Date.now() } : null
  // Together, so that one commit ends both.
  await Promise.all([
    store.captures.finish(claim, ending),
    store.processes.release(lease, { status, trouble }),
  ])
  const durationMs = Date.now() - startMs
  metrics.countCapture({ status, durationMs, sizeBytes })
  if (status === 'complete' && capture.target !== null) metrics.setSuccess(capture.target)
  addAttributes({ 'kubeprof.ending': status, 'error.type': error?.code ?? '' })
  const { id: captureId, target, instance } = capture
  log.info({ captureId, target, instance, status, code: error?.code, durationMs }, 'capture ended')
}

/** Renews the leases during the work; its signal aborts on a lost lease, on cancellation, or with the collector. */
async function whileHeld<Result>(
  needs: CaptureRunNeeds,
  held: HeldCapture,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { metrics, log, signal: parent } = needs
  const own = new AbortController()
  const onEnd = () => own.abort()
  const release = keepLeases(needs, held, {
    onCancel: onEnd,
    onLost: () => {
      metrics.countLostLease()
      log.warn({ captureId: held.capture.id }, 'the lease of a capture was lost')
      onEnd()
    },
  })
  parent.addEventListener('abort', onEnd)
  if (parent.aborted) onEnd()
  try {
    return await work(own.signal)
  } finally {
    release()
    parent.removeEventListener('abort', onEnd)
  }
}

interface Run extends CaptureRunNeeds, HeldCapture {}

interface End {
  readonly ending: CaptureEnding
  /** Whether no part was taken. */
  readonly isEmpty: boolean
}

async function take(
  needs: CaptureRunNeeds,
  run: Run,
  onBytes: (sizeBytes: number) => void,
): Promise<End> {
  const { store, capture, claim, lease, signal, reach } = run
  const found = await findProcess(run)
  const plan = planOf(capture, found.process, needs)
  const tracked = trackParts(plan, (parts) => store.captures.update(claim, { parts }))
  await countCpuTime(run, plan, null)
  const outcome = await reach.use(async (reach) => {
    const connection = await reach.openConnection(found.target.spec, found.process.address)
    try {
      return await takeCapture(connection, plan, {
        sink: storeSink({ ...run, source: capture, onBytes }),
        signal,
        onProgress: tracked.onProgress,
        readVerbosity: () => reach.readVerbosity(found.target.spec, found.process.address, signal),
        verbosityRecords: {
          raised: (level) =>
            store.processes.verbosityRaised(lease, {
              target: found.process.target,
              address: found.process.address,
              level,
            }),
          restored: () => store.processes.verbosityRestored(lease.key, lease.token),
        },
      })
    } finally {
      connection.close()
    }
  })
  await tracked.settled()
  await countCpuTime(run, plan, outcome)
  countParts(run, found.process, outcome)
  return {
    ending: needs.signal.aborted ? stoppedEnding(outcome) : endingOf(outcome),
    isEmpty: outcome.parts.every(({ state }) => state !== 'taken'),
  }
}

interface Found {
  readonly process: StoredProcess
  readonly target: StoredTarget
}

async function findProcess({ store, capture, lease }: Run): Promise<Found> {
  const key = capture.target === null ? null : targetKey(capture.space, capture.target)
  const target = key === null ? null : await store.targets.find(key)
  const process = target === null ? null : await store.targets.findProcess(target.name, lease.key)
  if (target === null || process === null) {
    throw new AppError('TARGET_NOT_FOUND', {
      message: `The target ${capture.target} does not know this process any more.`,
    })
  }
  return { process, target }
}

const USUAL: RequestedCapture = { profiles: null, seconds: null }

function planOf(
  { request }: StoredCapture,
  process: StoredProcess,
  { bytesMax }: Pick<CaptureRunNeeds, 'bytesMax'>,
): CapturePlan {
  const { profiles, seconds, traceSeconds, hasGc, verbosity } = request ?? USUAL
  return planCapture(process.component, {
    seconds: seconds ?? USUAL_CPU_SECONDS,
    kinds: profiles ?? kindsOf(process.address),
    bytesMax,
    ...(traceSeconds === undefined ? {} : { traceSeconds }),
    ...(hasGc === undefined ? {} : { collectsGarbage: hasGc }),
    ...(verbosity === undefined ? {} : { verbosity: { restoreTo: null, ...verbosity } }),
  })
}

/** The kinds that an annotation of the pod asks for, as far as they exist. */
function kindsOf({ kinds }: ProcessAddress): readonly CaptureKind[] | null {
  const known = kinds?.filter((kind): kind is CaptureKind => KINDS.has(kind)) ?? []
  return known.length === 0 ? null : known
}

const KINDS = new Set<string>([...PROFILE_KINDS, 'metrics'])

/** The expected CPU-profiling time before a capture; zero after one that did not profile the CPU. */
async function countCpuTime(
  { store, lease }: Run,
  plan: CapturePlan,
  outcome: CaptureOutcome | null,
): Promise<void> {
  const cpu = plan.parts.find(({ kind }) => kind === 'cpu')
  if (cpu === undefined) return
  const part = outcome?.parts.find(({ kind }) => kind === 'cpu')
  const isTaken = part === undefined || part.state === 'taken' || wasProfiled(part.error)
  await store.processes.setProfiledTime(lease, isTaken ? (cpu.seconds ?? 0) * 1000 : 0)
}

/** The profiler ran, but its answer did not arrive. */
function wasProfiled(error: AppError | null): boolean {
  return error?.code === 'TARGET_TIMEOUT' || error?.code === 'PROFILE_TRUNCATED'
}

function countParts({ metrics }: Run, { component }: StoredProcess, outcome: CaptureOutcome) {
  for (const { kind, state, error } of outcome.parts) {
    metrics.countPart({ kind, component: component ?? 'go', result: error?.code ?? state })
  }
}

function endingOf({ parts, notes, ...outcome }: CaptureOutcome): CaptureEnding {
  return {
    status: outcome.status,
    error: outcome.error === null ? null : failureOf(outcome.error),
    seconds: outcome.seconds,
    kubernetesVersion: outcome.kubernetesVersion,
    goVersion: outcome.goVersion,
    parts: parts.map(({ error, ...part }) => ({
      ...part,
      durationMs: part.durationMs === null ? null : Math.round(part.durationMs),
      error: error === null ? null : failureOf(error),
    })),
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
  }
}

/** The collector was stopped; no user cancelled the capture. */
function stoppedEnding(outcome: CaptureOutcome): CaptureEnding {
  const ending = endingOf(outcome)
  if (ending.status !== 'cancelled') return ending
  return { ...ending, status: 'partial', error: failureOf(new AppError('COLLECTOR_GONE')) }
}

function failedBy(error: unknown): End {
  if (!(error instanceof AppError)) throw error
  return { ending: { status: 'failed', error: failureOf(error) }, isEmpty: true }
}

function failureOf({ code, message }: AppError): CaptureFailure {
  return { code, message }
}
