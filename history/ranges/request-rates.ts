/** What a process served from one capture to the next. */
export interface ServedRequests {
  readonly process: string
  readonly fromMs: number
  /** When the later capture began, whose profiles it is about. */
  readonly toMs: number
  readonly count: number
}

/**
 * Requests a second of a process while it did what profiles taken from `fromMs` to `toMs` show; null where the captures do
 * not say.
 */
export type RequestRate = (process: string, fromMs: number, toMs: number) => number | null

/** `served`: in order of time for each process. A capture says nothing of profiles taken longer after it than it looked back. */
export function requestRate(served: readonly ServedRequests[]): RequestRate {
  const byProcess = Map.groupBy(served, ({ process }) => process)
  return (process, fromMs, toMs) => {
    const own = byProcess.get(process) ?? []
    const first = Math.max(0, lastUntil(own, fromMs))
    const [count, spanMs] = own
      .slice(first, lastUntil(own, toMs) + 1)
      .filter((one) => fromMs - one.toMs <= one.toMs - one.fromMs)
      .reduce(([sum, ms], one) => [sum + one.count, ms + one.toMs - one.fromMs], [0, 0])
    return spanMs === 0 ? null : (count * 1000) / spanMs
  }
}

/** The index of the last that ends by then; -1 where none does. */
function lastUntil(served: readonly ServedRequests[], timeMs: number): number {
  let [low, high] = [0, served.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((served[middle]?.toMs ?? 0) <= timeMs) low = middle + 1
    else high = middle
  }
  return low - 1
}
