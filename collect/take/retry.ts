import { setTimeout as sleepFor } from 'node:timers/promises'
import { AppError, type ErrorCode } from '../../api/errors.ts'
import type { PlannedPart } from './capture-plan.ts'

export interface RetryNeeds {
  readonly signal: AbortSignal
  /** False gives up at the first failure. */
  readonly isRetried: boolean
  readonly onWait: (part: PlannedPart, forMs: number, error: AppError) => void
  /** From 0 to 1. */
  readonly random: () => number
  readonly sleep: (forMs: number, signal: AbortSignal) => Promise<void>
}

export async function sleepBySystem(forMs: number, signal: AbortSignal): Promise<void> {
  await sleepFor(forMs, undefined, { signal })
}

interface Attempt {
  readonly part: PlannedPart
  readonly error: AppError
  /** How many attempts have failed in this way, from 1. */
  readonly count: number
  readonly random: () => number
}

interface Retry {
  readonly times: number
  readonly waitMs: (attempt: Attempt) => number
}

/** A write timeout of the server that still permits a profile of this many seconds. */
const SHORT_CPU_SECONDS = 4

/** The errors that may go away, how often to retry each, and after how long. */
const RETRIES: Partial<Record<ErrorCode, Retry>> = {
  // The other profiler probably runs as long as ours would.
  TARGET_BUSY: {
    times: 2,
    waitMs: ({ part, random }) => (part.seconds ?? 1) * 1000 + 1000 + 4000 * random(),
  },
  TARGET_THROTTLED: {
    times: 2,
    waitMs: ({ error, random }) => (error.retryAfterSeconds ?? 1 + 2 * random()) * 1000,
  },
  TARGET_UNREACHABLE: {
    times: 2,
    waitMs: ({ count, random }) => 1000 * 2 ** (count - 1) * random(),
  },
  TARGET_TIMEOUT: { times: 1, waitMs: () => 0 },
  // Too many uploads are being stored here at once.
  OVERLOADED: { times: 1, waitMs: ({ random }) => 1000 + 2000 * random() },
  PROFILE_TRUNCATED: { times: 1, waitMs: () => 0 },
  TARGET_WRITE_TIMEOUT: { times: 1, waitMs: () => 0 },
}

/** Takes a part, with retries where they may help. Throws the last AppError. */
export async function withRetries<Taken>(
  part: PlannedPart,
  needs: RetryNeeds,
  take: (part: PlannedPart) => Promise<Taken>,
): Promise<Taken> {
  const { signal, random, sleep } = needs
  const counts = new Map<ErrorCode, number>()
  let tried = part
  for (;;) {
    try {
      return await take(tried)
    } catch (error) {
      if (!(error instanceof AppError) || signal.aborted) throw error
      const count = (counts.get(error.code) ?? 0) + 1
      counts.set(error.code, count)
      const retry = RETRIES[error.code]
      const isEnough =
        retry === undefined || count > retry.times || part.skippedOn.includes(error.code)
      if (!needs.isRetried || isEnough) throw error
      if (error.code === 'TARGET_WRITE_TIMEOUT') tried = shortened(part, error)
      const forMs = Math.round(retry.waitMs({ part, error, count, random }))
      needs.onWait(part, forMs, error)
      await sleep(forMs, signal)
    }
  }
}

/** Throws the error where the part is already short. */
function shortened(part: PlannedPart, error: AppError): PlannedPart {
  const { seconds, path } = part
  if (seconds === null || seconds <= SHORT_CPU_SECONDS) throw error
  return {
    ...part,
    seconds: SHORT_CPU_SECONDS,
    path: path.replace(`seconds=${seconds}`, `seconds=${SHORT_CPU_SECONDS}`),
  }
}
