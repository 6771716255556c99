import { AppError } from '../../api/index.ts'

const RETRY_SECONDS = 2

export interface FairShareOptions {
  /** How much there is for all callers together. */
  readonly total: number
  /** What each caller may hold in any case, while there is room. */
  readonly leastShare: number
  /** What is shared, as errors call it: `uploads`. */
  readonly what: string
}

/** Something limited that callers hold for a while, such as places or bytes, divided so that none can hold all of it. */
export interface FairShare {
  /** Throws RATE_LIMITED when it is more than the caller's share, and OVERLOADED when nothing is left. */
  readonly take: (caller: string, amount: number) => void
  readonly give: (caller: string, amount: number) => void
  /** How scarce it is for the caller: the held part of the total, or of the caller's share where that is more; 0 to 1. */
  readonly scarcity: (caller: string) => number
}

/**
 * With n callers each may hold one part of n + 1: what is left over is there at once for the next caller, so one caller
 * alone holds at most half.
 */
export function openFairShare({ total, leastShare, what }: FairShareOptions): FairShare {
  const held = new Map<string, number>()
  let used = 0

  function shareOf(caller: string): number {
    const callerCount = held.has(caller) ? held.size : held.size + 1
    return Math.max(leastShare, Math.floor(total / (callerCount + 1)))
  }

  return {
    take(caller, amount) {
      const wanted = (held.get(caller) ?? 0) + amount
      if (used + amount > total) throw overloaded(what)
      if (wanted > shareOf(caller)) throw shareExceeded(what)
      used += amount
      held.set(caller, wanted)
    },
    give(caller, amount) {
      used -= amount
      const rest = (held.get(caller) ?? 0) - amount
      if (rest > 0) held.set(caller, rest)
      else held.delete(caller)
    },
    scarcity: (caller) => Math.max(used / total, (held.get(caller) ?? 0) / shareOf(caller)),
  }
}

function overloaded(what: string): AppError {
  return new AppError('OVERLOADED', {
    message: `Too many ${what} are under way; try again in a moment.`,
    retryAfterSeconds: RETRY_SECONDS,
  })
}

function shareExceeded(what: string): AppError {
  return new AppError('RATE_LIMITED', {
    message: `This caller has its share of the ${what} under way; try again when one of them has ended.`,
    retryAfterSeconds: RETRY_SECONDS,
  })
}
