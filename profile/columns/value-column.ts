import type { ValueColumn } from '../types.ts'

/** The values as a column: doubles where the sum of absolute values is exact, else 64-bit integers. */
export function valueColumnOf(values: readonly (number | bigint)[]): ValueColumn {
  const doubles = new Float64Array(values.length)
  let sum = 0
  for (let row = 0; row < values.length; row++) {
    doubles[row] = Number(values[row])
    sum += Math.abs(doubles[row])
  }
  if (sum <= Number.MAX_SAFE_INTEGER) return doubles
  return BigInt64Array.from(values, (value) => BigInt(value))
}
