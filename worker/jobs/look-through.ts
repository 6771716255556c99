import { setImmediate } from 'node:timers/promises'
import type { Look, Looked } from '../../store/index.ts'

const ROWS_MAX = 100
/** The longest that it goes on at once: other work waits for no more than the look under way. */
const LOOK_MS_MAX = 20

export interface LookThroughNeeds {
  /** From the end of the table to the next beginning; infinite for one look through it. */
  readonly everyMs: number
  readonly now: () => number
  /** A clock that never steps. */
  readonly monotonicMs: () => number
}

/**
 * Looks through a table for what is rare, some rows at each call, so that it costs a little all the time and never much.
 * Each call returns how many rows it changed or added.
 */
export function openLookThrough(
  look: (rows: Look) => Promise<Looked>,
  { everyMs, now, monotonicMs }: LookThroughNeeds,
): () => Promise<number> {
  let afterId = ''
  let endedAtMs = Number.NEGATIVE_INFINITY
  return async () => {
    if (now() - endedAtMs < everyMs) return 0
    const endMs = monotonicMs() + LOOK_MS_MAX
    let count = 0
    do {
      // SQLite answers at once, so nothing else would have its turn.
      await setImmediate()
      const looked = await look({ afterId, limit: ROWS_MAX })
      count += looked.count
      afterId = looked.lastId ?? ''
      if (looked.lastId === null) endedAtMs = now()
    } while (afterId !== '' && count < ROWS_MAX && monotonicMs() < endMs)
    return count
  }
}
