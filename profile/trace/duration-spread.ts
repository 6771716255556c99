/** How long things took, of however many: their number, sum, greatest, and quantiles within a sixteenth. */
export interface DurationSpread {
  readonly count: number
  readonly totalNs: number
  readonly maxNs: number
  readonly add: (durationNs: number) => void
  /** What `share` of them did not exceed; 0 of none. */
  readonly quantileNs: (share: number) => number
}

/** Buckets per doubling. */
const STEPS = 16
const BUCKETS = 64 * STEPS

export function durationSpread(): DurationSpread {
  const buckets = new Float64Array(BUCKETS)
  let [count, totalNs, maxNs] = [0, 0, 0]
  return {
    get count() {
      return count
    },
    get totalNs() {
      return totalNs
    },
    get maxNs() {
      return maxNs
    },
    add(durationNs) {
      count++
      totalNs += durationNs
      maxNs = Math.max(maxNs, durationNs)
      const bucket = Math.min(BUCKETS - 1, Math.floor(Math.log2(durationNs + 1) * STEPS))
      buckets[bucket] = (buckets[bucket] ?? 0) + 1
    },
    quantileNs(share) {
      let seen = 0
      for (const [bucket, inBucket] of buckets.entries()) {
        seen += inBucket
        if (seen >= share * count && seen > 0)
          return Math.min(maxNs, 2 ** ((bucket + 1) / STEPS) - 1)
      }
      return maxNs
    },
  }
}
