import type { SparseValues } from './sparse-column.ts'
import type { ValueColumn } from '../types.ts'

interface UnsortedValues {
  readonly count: number
  /** The first `count` are valid. */
  readonly rows: Uint32Array
  readonly values: readonly ValueColumn[]
}

/** The values by rising row, in memory of their own; those of equal rows are added up. */
export function sortedValues({ count, rows, values }: UnsortedValues): SparseValues {
  if (isRising(rows, count)) {
    return { rows: rows.slice(0, count), values: values.map((column) => column.slice(0, count)) }
  }
  const marks = markRows(rows, count)
  const ranks = ranksOf(marks)
  const order = new Uint32Array(count)
  for (let index = 0; index < count; index++) {
    const word = rows[index] >>> 5
    order[index] = ranks[word] + bitCount(marks[word] & ((1 << (rows[index] & 31)) - 1))
  }
  const length = ranks[marks.length]
  return {
    rows: rowsOf(marks, length),
    values: values.map((column) => addedUp(column, order, length)),
  }
}

function isRising(rows: Uint32Array, count: number): boolean {
  for (let index = 1; index < count; index++) {
    if (rows[index - 1] >= rows[index]) return false
  }
  return true
}

/** A bit for each row: reading bits in order takes a fraction of sorting rows. */
function markRows(rows: Uint32Array, count: number): Uint32Array {
  let most = 0
  for (let index = 0; index < count; index++) most = Math.max(most, rows[index])
  const marks = new Uint32Array((most >>> 5) + 1)
  for (let index = 0; index < count; index++) marks[rows[index] >>> 5] |= 1 << (rows[index] & 31)
  return marks
}

/** How many bits come before each word, and at the end all. */
function ranksOf(marks: Uint32Array): Uint32Array {
  const ranks = new Uint32Array(marks.length + 1)
  for (let word = 0; word < marks.length; word++) {
    ranks[word + 1] = ranks[word] + (marks[word] === 0 ? 0 : bitCount(marks[word]))
  }
  return ranks
}

/** https://graphics.stanford.edu/~seander/bithacks.html#CountBitsSetParallel */
function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

function rowsOf(marks: Uint32Array, length: number): Uint32Array {
  const rows = new Uint32Array(length)
  let count = 0
  for (let word = 0; word < marks.length; word++) {
    for (let bits = marks[word]; bits !== 0; bits &= bits - 1) {
      rows[count++] = word * 32 + 31 - Math.clz32(bits & -bits)
    }
  }
  return rows
}

function addedUp(column: ValueColumn, order: Uint32Array, length: number): ValueColumn {
  if (column instanceof Float64Array) {
    const sums = new Float64Array(length)
    for (let index = 0; index < order.length; index++) sums[order[index]] += column[index]
    return sums
  }
  const sums = new BigInt64Array(length)
  for (let index = 0; index < order.length; index++) sums[order[index]] += column[index]
  return sums
}
