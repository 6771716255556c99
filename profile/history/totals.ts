import type { ValueColumn } from '../types.ts'

/** The sum of absolute values; as a double it is exact below 2^53, and not below 2^53 otherwise. */
export function magnitudeOf(values: ValueColumn): number {
  return Number(totalOf(values))
}

/** The sum of absolute values. */
export function totalOf(values: ValueColumn): bigint {
  if (values instanceof Float64Array) {
    let sum = 0
    for (const value of values) sum += Math.abs(value)
    if (sum <= Number.MAX_SAFE_INTEGER) return BigInt(sum)
  }
  let sum = 0n
  for (const value of values) {
    const wide = BigInt(value)
    sum += wide < 0n ? -wide : wide
  }
  return sum
}
