/** Where the true share lies with 95% confidence. */
export interface Bounds {
  readonly low: number
  readonly high: number
}

const Z = 1.96

/**
 * Ticks of one thread come in runs, so that the samples of a CPU profile are worth half as many independent ones.
 * Without this, one long function call looks certain.
 */
const DESIGN_EFFECT = 2

/** The Wilson score interval of `count` in `total` samples. https://doi.org/10.1080/01621459.1927.10502953 */
export function wilsonBounds({ count, total }: { count: number; total: number }): Bounds {
  if (total <= 0) return { low: 0, high: 1 }
  const n = total / DESIGN_EFFECT
  const share = Math.min(1, count / total)
  const zz = Z * Z
  const centre = share + zz / (2 * n)
  const margin = Z * Math.sqrt((share * (1 - share) + zz / (4 * n)) / n)
  return {
    low: Math.max(0, (centre - margin) / (1 + zz / n)),
    high: Math.min(1, (centre + margin) / (1 + zz / n)),
  }
}
