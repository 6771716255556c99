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

/** The largest whole number that divides all values; 0 where all are 0. */
export function divisorOf(column: Float64Array): number {
  let divisor = 0
  for (let row = 0; row < column.length && divisor !== 1; row++) {
    let rest = Math.abs(column[row])
    while (rest > 0) {
      const next = divisor % rest
      divisor = rest
      rest = next
    }
  }
  return divisor
}
