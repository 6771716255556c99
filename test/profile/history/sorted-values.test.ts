import { expect, test } from 'vitest'
import { randomOf } from './random-of.ts'
import { sortedValues } from '../../../profile/history/sorted-values.ts'

test('values come out by rising row, with those of equal rows added up', () => {
  const random = randomOf(3)
  for (const rowCount of [1, 31, 32, 33, 5000]) {
    const rows = Uint32Array.from({ length: 200 }, () => Math.floor(random() * rowCount))
    const doubles = Float64Array.from(rows, () => Math.floor(random() * 1000) - 500)
    const wide = BigInt64Array.from(doubles, (value) => BigInt(value) * 2n ** 40n)
    const sorted = sortedValues({ count: rows.length, rows, values: [doubles, wide] })
    const sums = new Map<number, number>()
    rows.forEach((row, index) => sums.set(row, (sums.get(row) ?? 0) + (doubles[index] ?? 0)))
    const expected = [...sums].toSorted(([a], [b]) => a - b)
    expect([...sorted.rows]).toEqual(expected.map(([row]) => row))
    expect([...(sorted.values[0] ?? [])]).toEqual(expected.map(([, sum]) => sum))
    expect([...(sorted.values[1] ?? [])]).toEqual(
      expected.map(([, sum]) => BigInt(sum) * 2n ** 40n),
    )
  }
})
