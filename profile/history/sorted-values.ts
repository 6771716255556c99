import type { SparseValues } from './sparse-column.ts'
import type { ValueColumn } from '../types.ts'

interface UnsortedValues {
  readonly count: number
  /** The first `count` are valid. */
  readonly rows: Uint32Array
  readonly values: readonly ValueColumn[]
}

/** Row and position in one double, because sorting numbers is many times faster than sorting by a function. */
const POSITIONS = 2 ** 26

/** The values by rising row, in memory of their own; those of equal rows are added up. */
export function sortedValues({ count, rows, values }: UnsortedValues): SparseValues {
  let isRising = true
  for (let index = 1; index < count && isRising; index++) isRising = rows[index - 1] < rows[index]
  if (isRising) {
    return { rows: rows.slice(0, count), values: values.map((column) => column.slice(0, count)) }
  }
  const keys = new Float64Array(count)
  for (let index = 0; index < count; index++) keys[index] = rows[index] * POSITIONS + index
  keys.sort()
  const order = new Uint32Array(count)
  for (let index = 0; index < count; index++) order[index] = keys[index] % POSITIONS
  const distinct = new Uint32Array(count)
  const target = new Uint32Array(count)
  let length = 0
  for (let index = 0; index < count; index++) {
    const row = rows[order[index]]
    if (index === 0 || distinct[length - 1] !== row) distinct[length++] = row
    target[index] = length - 1
  }
  return {
    rows: distinct.slice(0, length),
    values: values.map((column) => gathered(column, order, target, length)),
  }
}

function gathered(
  column: ValueColumn,
  order: Uint32Array,
  target: Uint32Array,
  length: number,
): ValueColumn {
  if (column instanceof Float64Array) {
    const sums = new Float64Array(length)
    for (let index = 0; index < order.length; index++) sums[target[index]] += column[order[index]]
    return sums
  }
  const sums = new BigInt64Array(length)
  for (let index = 0; index < order.length; index++) sums[target[index]] += column[order[index]]
  return sums
}
