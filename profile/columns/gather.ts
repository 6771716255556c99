import type { ValueColumn } from '../types.ts'

/** The values of some rows. Loops like these take a tenth of the time of `Float64Array.from(rows, callback)`. */
export function gather(column: ValueColumn, rows: Uint32Array): ValueColumn {
  if (column instanceof Float64Array) {
    const values = new Float64Array(rows.length)
    for (let index = 0; index < rows.length; index++) values[index] = column[rows[index]]
    return values
  }
  const values = new BigInt64Array(rows.length)
  for (let index = 0; index < rows.length; index++) values[index] = column[rows[index]]
  return values
}

/** The numbers of the first `length` rows. */
export function rowNumbers(length: number): Uint32Array<ArrayBuffer> {
  const rows = new Uint32Array(length)
  for (let row = 0; row < length; row++) rows[row] = row
  return rows
}

/** The rows that are marked with 1. */
export function markedRows(isMarked: Uint8Array): Uint32Array<ArrayBuffer> {
  const rows = new Uint32Array(isMarked.length)
  let count = 0
  for (let row = 0; row < isMarked.length; row++) {
    if (isMarked[row] === 1) rows[count++] = row
  }
  return rows.slice(0, count)
}
