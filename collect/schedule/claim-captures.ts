import { type StoredCapture, targetKey } from '../../store/index.ts'
import { AppError } from '../../api/index.ts'
import { runCapture } from './run-capture.ts'
import type { CaptureRunNeeds, HeldCapture } from './held-capture.ts'

export interface ClaimNeeds extends CaptureRunNeeds {
  readonly owner: string
  readonly capturesMax: number
  readonly clusterMax: number
  /** A capture that starts later than this after it was due is useless. */
  readonly staleMs: number
  /** Stops claiming. */
  readonly closing: AbortSignal
}

/** The captures that this collector is taking. */
export interface CaptureRuns {
  /** Claims waiting captures, as many as there is room for. */
  fill(): Promise<void>
  /** Settles when no capture runs. */
  settled(): Promise<void>
}

export function openCaptureRuns(needs: ClaimNeeds): CaptureRuns {
  const { store, capturesMax, metrics, log, closing } = needs
  const running = new Set<Promise<void>>()
  let filling: Promise<void> | null = null
  let isAsked = false

  async function fillOnce(): Promise<void> {
    const room = capturesMax - running.size
    if (room <= 0 || closing.aborted) return
    const ids = await store.processes.claimable({
      limit: room,
      clusterMax: needs.clusterMax,
    })
    // Together, so that one commit claims them all.
    await Promise.all(
      ids.map(async (id) => {
        const held = await hold(needs, id)
        if (held !== null) start(held)
      }),
    )
  }

  function start(held: HeldCapture): void {
    const run = runCapture(needs, held)
      .catch((error: unknown) => {
        // Its lease will expire, and the capture then ends with the parts taken so far.
        log.error(
          { err: error, captureId: held.capture.id },
          'a capture failed with an internal error',
        )
      })
      .finally(() => {
        running.delete(run)
        metrics.setRunning(running.size)
        void fill()
      })
    running.add(run)
    metrics.setRunning(running.size)
  }

  /** One round at a time; a call during a round causes another round. */
  function fill(): Promise<void> {
    isAsked = true
    filling ??= fillAll().finally(() => (filling = null))
    return filling
  }

  async function fillAll(): Promise<void> {
    while (isAsked) {
      isAsked = false
      await fillOnce().catch((error: unknown) => log.warn({ err: error }, 'could not claim'))
    }
  }

  return {
    fill,
    async settled() {
      await filling
      await Promise.all(running)
    },
  }
}

async function hold(needs: ClaimNeeds, id: string): Promise<HeldCapture | null> {
  const { store, owner, leaseMs, clusterMax, metrics } = needs
  const capture = await store.captures.find(id)
  if (capture === null) return null
  const { slotAtMs, isStale } = dueOf(capture, needs.staleMs)
  if (isStale) {
    metrics.countSkip('missed', 1)
    await endWaiting(needs, capture, new AppError('CAPTURE_MISSED'))
    return null
  }
  const key = capture.processKey
  const claimed =
    key === null
      ? 'busy'
      : await store.processes.claimCapture({ key, captureId: id, owner, leaseMs, clusterMax })
  if (claimed === 'taken') return null
  if (claimed === 'busy') {
    const target = targetKey(capture.space, capture.target ?? '')
    const isKnown = key !== null && (await store.targets.findProcess(target, key)) !== null
    if (!isKnown) await endWaiting(needs, capture, new AppError('TARGET_NO_PROCESS'))
    return null
  }
  if (slotAtMs !== null) metrics.observeLag(Date.now() - slotAtMs)
  return { capture, ...claimed }
}

/** When a scheduled capture was due; null for a capture that a user or an alert requested, which is never too late. */
function dueOf({ origin, request }: StoredCapture, staleMs: number) {
  const slotAtMs = request?.slotAtMs
  if (origin !== 'schedule' || slotAtMs === undefined) return { slotAtMs: null, isStale: false }
  return { slotAtMs, isStale: Date.now() - slotAtMs > staleMs }
}

async function endWaiting(
  { store, owner, leaseMs }: ClaimNeeds,
  { id }: StoredCapture,
  { code, message }: AppError,
): Promise<void> {
  const status = code === 'CAPTURE_MISSED' ? 'cancelled' : 'failed'

  const claim = await store.captures.claim(id, { owner, leaseMs })
  if (claim !== null) {
    await store.captures.finish(claim, { status, error: { code, message } })
  }
}
