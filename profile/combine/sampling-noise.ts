/** How often something was sampled in two profiles. */
export interface SampledPair {
  readonly countBefore: number
  readonly countAfter: number
}

export interface NoiseOptions {
  /** How much longer the second profile looked than the first. */
  readonly exposureRatio: number
}

/**
 * Consecutive ticks often hit one thread at the same work, so n samples are worth about half as many independent ones:
 * counts are divided by this before they are tested.
 */
const DESIGN_EFFECT = 2
/** Of the changes that are reported as real, at most this share is expected to be chance. */
const FALSE_DISCOVERY_SHARE = 0.05

/**
 * 1 for each pair whose change may well be chance. Samples come as Poisson events, so the two rates are compared on the
 * square root scale, which holds for small counts too (Gu, Ng, Tang, Schucany: Testing the Ratio of Two Poisson Rates,
 * Biometrical Journal 50, 2008, statistic 5). A profile has hundreds of functions, of which 5 % would pass such a test
 * by chance; Benjamini and Hochberg's procedure (1995) over all pairs keeps that from happening.
 */
export function markNoise(
  pairs: readonly SampledPair[],
  { exposureRatio }: NoiseOptions,
): Uint8Array {
  const chances = pairs.map((pair) => chanceOf(pair, exposureRatio))
  const order = chances.map((_, row) => row).sort((a, b) => chances[a] - chances[b])
  let realCount = 0
  for (const [rank, row] of order.entries()) {
    if (chances[row] <= (FALSE_DISCOVERY_SHARE * (rank + 1)) / pairs.length) realCount = rank + 1
  }
  const isNoise = new Uint8Array(pairs.length).fill(1)
  for (const row of order.slice(0, realCount)) isNoise[row] = 0
  return isNoise
}

/** How likely a change at least this large is where nothing has changed. */
function chanceOf({ countBefore, countAfter }: SampledPair, exposureRatio: number): number {
  const before = Math.abs(countBefore) / DESIGN_EFFECT + 3 / 8
  const after = Math.abs(countAfter) / DESIGN_EFFECT + 3 / 8
  const distance = Math.abs(Math.sqrt(after) - Math.sqrt(exposureRatio * before))
  const deviations = (2 * distance) / Math.sqrt(1 + exposureRatio)
  return twoSidedTail(deviations)
}

/** The normal distribution's mass beyond `deviations` on both sides (Abramowitz and Stegun 7.1.26, to 1.5e-7). */
function twoSidedTail(deviations: number): number {
  const x = deviations / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const factors = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592]
  let polynomial = 0
  for (const factor of factors) polynomial = (polynomial + factor) * t
  return polynomial * Math.exp(-x * x)
}
