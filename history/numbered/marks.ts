/** The stack whose row says that all rows of a profile are there. */
export const MARK_STACK = 0
/** Its last frame. Rows that were written before samples had last frames have 0. */
export const MARK_LEAF = 2 ** 32 - 1

/**
 * What the mark of a profile is: 62 bits that say nothing else. The marks of a set of profiles, added up modulo 2^64, are
 * those of no other set that ever comes up, so a roll-up with this sum holds these profiles, each once.
 */
export function markOf(number: number): bigint {
  const low = mixed((number % 2 ** 32) ^ mixed(Math.floor(number / 2 ** 32)))
  const high = mixed(low ^ 0x9e3779b9)
  return (BigInt(high >>> 2) << 32n) | BigInt(low >>> 0)
}

export function sumOfMarks(numbers: Iterable<number>): bigint {
  let sum = 0n
  for (const number of numbers) sum += markOf(number)
  return BigInt.asIntN(64, sum)
}

/** https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp, fmix32 */
function mixed(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}
