export interface Random {
  /** 0 up to, not including, 1. */
  next(): number
  /** A whole number from 0 up to, not including, `count`. */
  below(count: number): number
  /** As `below`, but small numbers are more frequent. */
  skewed(count: number): number
  pick<T>(items: readonly T[]): T
}

/** Mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number) => Math.floor(next() * count)
  return {
    next,
    below,
    skewed: (count) => Math.floor(next() ** 2 * count),
    pick: (items) => {
      const [picked] = items.slice(below(items.length))
      if (picked === undefined) throw new RangeError('there is nothing to pick from')
      return picked
    },
  }
}
