import type { CaptureStore, ProcessStore } from '../../store/index.ts'
import type { HeldCapture } from './held-capture.ts'

export interface LeaseNeeds {
  readonly store: {
    readonly processes: Pick<ProcessStore, 'renew'>
    readonly captures: Pick<CaptureStore, 'renew'>
  }
  readonly leaseMs: number
}

export interface LeaseEvents {
  /** A user cancelled the capture. */
  readonly onCancel: () => void
  /** Another collector may hold it now: no more requests may go to the process. */
  readonly onLost: () => void
}

/** Renewals per lease time: a slow database may miss one. */
const RENEWALS = 3

/**
 * Renews the leases of a capture and of its process until it is stopped. A lease that could not be renewed in time is
 * lost, whatever the reason: another collector will consider it free.
 */
export function keepLeases(
  { store, leaseMs }: LeaseNeeds,
  { claim, lease }: Pick<HeldCapture, 'claim' | 'lease'>,
  { onCancel, onLost }: LeaseEvents,
): () => void {
  let heldUntilMs = performance.now() + leaseMs
  let isOver = false
  let timer: NodeJS.Timeout | undefined

  async function renew(): Promise<void> {
    const askedMs = performance.now()
    try {
      const [isHeld, state] = await Promise.all([
        store.processes.renew(lease, leaseMs),
        store.captures.renew(claim, leaseMs),
      ])
      if (!isHeld || state === 'lost') heldUntilMs = 0
      else heldUntilMs = askedMs + leaseMs
      if (state === 'cancelled' && !isOver) onCancel()
    } catch {
      // While the database is down, no other collector gets the lease either.
    }
    if (isOver) return
    if (performance.now() >= heldUntilMs) {
      isOver = true
      onLost()
      return
    }
    plan()
  }

  function plan(): void {
    const restMs = Math.max(0, heldUntilMs - performance.now())
    timer = setTimeout(() => void renew(), Math.min(leaseMs / RENEWALS, restMs))
  }

  plan()
  return () => {
    isOver = true
    clearTimeout(timer)
  }
}
