/** What is compared: runs once and answers the milliseconds it took. */
export interface Contender {
  readonly name: string
  readonly runMs: () => Promise<number>
}

export interface Measured {
  readonly name: string
  readonly ms: Spread
}

export interface Spread {
  readonly min: number
  readonly median: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/**
 * Runs the contenders in turn, so that other load of the machine affects all of them equally. The first round warms
 * caches and is not counted.
 */
export async function alternate(
  [first, ...others]: readonly [Contender, ...Contender[]],
  rounds: number,
): Promise<readonly [Measured, ...Measured[]]> {
  const timed = [timedOf(first), ...others.map(timedOf)] as const
  for (let round = 0; round <= rounds; round++) {
    for (const { runMs, timesMs } of timed) {
      const tookMs = await runMs()
      if (round > 0) timesMs.push(tookMs)
    }
  }
  const [firstTimed, ...otherTimed] = timed
  return [measuredOf(firstTimed), ...otherTimed.map(measuredOf)]
}

interface Timed extends Contender {
  readonly timesMs: number[]
}

function timedOf(contender: Contender): Timed {
  return { ...contender, timesMs: [] }
}

function measuredOf({ name, timesMs }: Timed): Measured {
  return { name, ms: spreadOf(timesMs) }
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { min: at(0), median: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}
