import { NONE, type Profile, type ValueColumn } from '../types.ts'

/**
 * What is to be added up, as columns of doubles whose sums are exact: 64-bit values come in three parts of 22 bits.
 */
export type Parts = readonly Float64Array[]

export function partsOf(column: ValueColumn): Parts {
  if (column instanceof Float64Array) return [column]
  return [
    Float64Array.from(column, (value) => Number(value & 0x3fffffn)),
    Float64Array.from(column, (value) => Number((value >> 22n) & 0x3fffffn)),
    Float64Array.from(column, (value) => Number(value >> 44n)),
  ]
}

/** The sums of a column of which `partsOf` made the parts. They wrap at 64 bits, as pprof's do. */
export function joinParts(parts: readonly ArrayLike<number>[]): ValueColumn {
  const [low, middle, high] = parts
  if (parts.length === 1) return low instanceof Float64Array ? low : Float64Array.from(low)
  return BigInt64Array.from(low, (value, row) =>
    BigInt.asIntN(64, BigInt(value) + (BigInt(middle[row]) << 22n) + (BigInt(high[row]) << 44n)),
  )
}

/** The stacks in depth-first order, with what was measured at them and at all below them. */
export interface StackWalk {
  /** Callers come before callees, and each is followed by all below it. Only stacks with a sample of use. */
  readonly order: Int32Array
  /** How many stacks of the order are at and below each. */
  readonly size: Int32Array
  readonly below: Parts
}

/** Samples of which all parts are 0 are of no use. */
export function walkStacks({ stacks, samples }: Profile, parts: Parts): StackWalk {
  const { length, parent } = stacks
  const below = parts.map(() => new Float64Array(length))
  const size = new Int32Array(length)
  for (let part = 0; part < parts.length; part++) {
    const values = parts[part]
    const sums = below[part]
    for (let sample = 0; sample < samples.length; sample++) {
      const stack = samples.stack[sample]
      if (stack === NONE || values[sample] === 0) continue
      size[stack] = 1
      sums[stack] += values[sample]
    }
  }
  let count = 0
  for (let stack = length - 1; stack >= 0; stack--) {
    const own = size[stack]
    if (own === 0) continue
    count++
    const caller = parent[stack]
    if (caller === NONE) continue
    size[caller] = (size[caller] || 1) + own
    for (let part = 0; part < below.length; part++) below[part][caller] += below[part][stack]
  }
  return { order: orderOf(parent, size, count), size, below }
}

function orderOf(parent: Int32Array, size: Int32Array, count: number): Int32Array {
  const { length } = parent
  const order = new Int32Array(count)
  /** The next free position below each stack. */
  const next = new Int32Array(length)
  let nextRoot = 0
  for (let stack = 0; stack < length; stack++) {
    const own = size[stack]
    if (own === 0) continue
    const caller = parent[stack]
    let position = nextRoot
    if (caller === NONE) nextRoot += own
    else {
      position = next[caller]
      next[caller] = position + own
    }
    order[position] = stack
    next[stack] = position + 1
  }
  return order
}
