const STEP_MS_MIN = 2000

export interface ClockWatchOptions {
  /** The clock that leases are compared with. */
  readonly now: () => number
  /** A clock that never steps. */
  readonly monotonicMs: () => number
  /** How long leases are not expired after a step forward: their holders renew them meanwhile. */
  readonly holdMs: number
  readonly onStep: (stepMs: number) => void
}

/** Notices steps of the clock between two looks. */
export interface ClockWatch {
  /** True while leases may seem to have run out because the clock stepped forward. */
  look(): boolean
}

export function openClockWatch(options: ClockWatchOptions): ClockWatch {
  const { now, monotonicMs, holdMs, onStep } = options
  let last = { wallMs: now(), monotonicMs: monotonicMs() }
  let heldUntilMs = Number.NEGATIVE_INFINITY
  return {
    look() {
      const seen = { wallMs: now(), monotonicMs: monotonicMs() }
      const stepMs = seen.wallMs - last.wallMs - (seen.monotonicMs - last.monotonicMs)
      last = seen
      if (Math.abs(stepMs) >= STEP_MS_MIN) onStep(Math.round(stepMs))
      if (stepMs >= STEP_MS_MIN) heldUntilMs = seen.monotonicMs + holdMs
      return seen.monotonicMs < heldUntilMs
    },
  }
}
