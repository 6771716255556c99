/** What is compared: runs once and answers the milliseconds it took. */
export interface Contender {
  readonly name: string
  readonly runMs: () => Promise<number>
}

export interface Spread {
  readonly min: number
  readonly median: number
  readonly p95: number
  readonly max: number
}

/**
 * Runs the contenders in turn, so that whatever else the machine does meanwhile hits all alike. The first round warms
 * caches and is not counted.
 */
export async function alternate(
  contenders: readonly Contender[],
  rounds: number,
): Promise<readonly { readonly name: string; readonly ms: Spread }[]> {
  const timesMs = contenders.map((): number[] => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const tookMs = await contender.runMs()
      if (round > 0) timesMs[index].push(tookMs)
    }
  }
  return contenders.map(({ name }, index) => ({ name, ms: spreadOf(timesMs[index]) }))
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  return { min: at(0), median: at(0.5), p95: at(0.95), max: at(1) }
}
