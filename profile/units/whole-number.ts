import type { WholeNumber } from './format-value.ts'

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
