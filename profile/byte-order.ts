/** Orders texts by their UTF-8 bytes, which is by code points. JavaScript's own order is by UTF-16 units. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0
  // Without surrogates the two orders are one, and the engine's own comparison is many times faster.
  if (!SURROGATE.test(a) && !SURROGATE.test(b)) return a < b ? -1 : 1
  const length = Math.min(a.length, b.length)
  let index = 0
  while (index < length && a.charCodeAt(index) === b.charCodeAt(index)) index++
  if (index === length) return a.length - b.length
  return byteRank(a.charCodeAt(index)) - byteRank(b.charCodeAt(index))
}

const SURROGATE = /[\ud800-\udfff]/

/** Surrogates stand for code points above all other units. */
function byteRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
