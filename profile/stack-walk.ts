import { NONE, type Profile, type StackTable, type ValueColumn } from './types.ts'
import { type LinearSum, sumExactly } from './whole-number.ts'

/** The stacks in depth-first order, with what their samples are worth. */
export interface StackWalk {
  /** Stacks, callers before callees and each followed by all below it. Only those with a sample of use. */
  readonly order: Int32Array
  /** For each stack one more than the last position of what is below it. */
  readonly end: Int32Array
  readonly profile: Profile
}

/** Samples whose value and divisor are both 0 are of no use. */
export function walkStacks(
  profile: Profile,
  values: ValueColumn,
  divisors: ValueColumn | null,
): StackWalk {
  const { stacks, samples } = profile
  /** How many stacks in use are at and below each; 0 for those of no use. */
  const size = new Int32Array(stacks.length)
  for (let sample = 0; sample < samples.length; sample++) {
    const isUsed = Number(values[sample]) !== 0 || (divisors && Number(divisors[sample]) !== 0)
    if (isUsed && samples.stack[sample] !== NONE) size[samples.stack[sample]] = 1
  }
  let count = 0
  for (let stack = stacks.length - 1; stack >= 0; stack--) {
    if (size[stack] === 0) continue
    count++
    const caller = stacks.parent[stack]
    if (caller !== NONE) size[caller] = (size[caller] || 1) + size[stack]
  }
  return { ...orderOf(stacks, size, count), profile }
}

function orderOf({ length, parent }: StackTable, size: Int32Array, count: number) {
  const order = new Int32Array(count)
  const end = new Int32Array(length)
  /** The next free position below each stack. */
  const next = new Int32Array(length)
  let nextRoot = 0
  for (let stack = 0; stack < length; stack++) {
    if (size[stack] === 0) continue
    const caller = parent[stack]
    const position = caller === NONE ? nextRoot : next[caller]
    if (caller === NONE) nextRoot += size[stack]
    else next[caller] += size[stack]
    order[position] = stack
    next[stack] = position + 1
    end[stack] = position + size[stack]
  }
  return { order, end }
}

/**
 * Adds up, per row, what is measured at stacks (`self`) or at and below them (`below`). `rowOf` has the row of each
 * stack, NONE for none.
 */
export function sumStacks(
  { profile }: StackWalk,
  values: ValueColumn,
  { kind, rowOf, rowCount }: StackSum,
): ValueColumn {
  const { stacks, samples } = profile
  const sum: LinearSum = (doubles) => {
    const sums = new Float64Array(stacks.length)
    for (let sample = 0; sample < samples.length; sample++) {
      if (samples.stack[sample] !== NONE) sums[samples.stack[sample]] += doubles[sample]
    }
    const rows = new Float64Array(rowCount)
    for (let stack = stacks.length - 1; stack >= 0; stack--) {
      const caller = stacks.parent[stack]
      if (kind === 'below' && caller !== NONE) sums[caller] += sums[stack]
      if (rowOf[stack] !== NONE) rows[rowOf[stack]] += sums[stack]
    }
    return rows
  }
  return sumExactly(values, sum)
}

export interface StackSum {
  readonly kind: 'self' | 'below'
  readonly rowOf: Int32Array
  readonly rowCount: number
}
