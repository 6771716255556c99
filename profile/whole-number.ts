import type { WholeNumber } from './format-value.ts'
import type { ValueColumn } from './types.ts'

// Arithmetic on 64-bit whole numbers that are numbers where that is exact. It wraps where pprof's wraps.

export function absWhole(value: WholeNumber): WholeNumber {
  if (typeof value === 'number') return Math.abs(value)
  return value < 0n ? BigInt.asIntN(64, -value) : value
}

export function addWhole(a: WholeNumber, b: WholeNumber): WholeNumber {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  return BigInt.asIntN(64, BigInt(a) + BigInt(b))
}

/** The quotient without its fraction. */
export function divideWhole(value: WholeNumber, divisor: WholeNumber): WholeNumber {
  if (typeof value === 'number' && typeof divisor === 'number') return Math.trunc(value / divisor)
  return BigInt.asIntN(64, BigInt(value) / BigInt(divisor))
}

/** The value times a factor, without its fraction. */
export function scaleWhole(value: WholeNumber, factor: number): WholeNumber {
  return wholeOf(Number(value) * factor)
}

/** Go's conversion of a double to 64 bits. What does not fit is the lowest number. */
export function wholeOf(double: number): WholeNumber {
  const whole = Math.trunc(double)
  if (Number.isSafeInteger(whole)) return whole
  const fits = whole >= -(2 ** 63) && whole < 2 ** 63
  return fits ? BigInt(whole) : -(2n ** 63n)
}

/** A sum of values per row of something else; `sum` adds doubles up, in any way that is linear. */
export type LinearSum = (values: Float64Array) => Float64Array

/** The sums of a column, exact: 64-bit values are added up in three parts of 22 bits. */
export function sumExactly(column: ValueColumn, sum: LinearSum): ValueColumn {
  if (column instanceof Float64Array) return sum(column)
  const part = (shift: bigint) =>
    sum(Float64Array.from(column, (value) => Number((value >> shift) & 0x3fffffn)))
  const low = part(0n)
  const middle = part(22n)
  const high = sum(Float64Array.from(column, (value) => Number(value >> 44n)))
  return BigInt64Array.from(low, (value, row) =>
    BigInt.asIntN(64, BigInt(value) + (BigInt(middle[row]) << 22n) + (BigInt(high[row]) << 44n)),
  )
}
