import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { outliersOfLines } from '../../worker/views/outliers-of-lines.ts'

const AT = '2026-11-28T12:00:00.000Z'

function lineOf(label: string, ...values: readonly number[]) {
  const points = values.map((value) => ({ at: AT, value, total: 2 * value, restartCount: 0 }))
  return { label, points, changes: [] }
}

test('the row that is far from the others comes first and is marked', () => {
  const calm = ['a', 'b', 'c', 'd'].map((label, row) => lineOf(label, 1 + row / 100, 1, 1.02))
  const { rows, median } = outliersOfLines([...calm, lineOf('e', 3, 3, 90)])
  expect(median).toBe(1.02)
  expect(rows[0]).toMatchObject({ label: 'e', value: 3, total: 6, isOutlier: true })
  expect(rows[0]?.strip.map(({ value }) => value)).toEqual([3, 3, 90])
  expect(rows.slice(1).map(({ isOutlier }) => isOutlier)).toEqual([false, false, false, false])
})

test('three rows have no outlier, and equal rows have none', () => {
  const three = outliersOfLines([lineOf('a', 1), lineOf('b', 1), lineOf('c', 9)])
  expect(three.rows.map(({ isOutlier }) => isOutlier)).toEqual([false, false, false])
  const equal = outliersOfLines(['a', 'b', 'c', 'd', 'e'].map((label) => lineOf(label, 0, 0)))
  expect(equal.rows.every(({ isOutlier }) => !isOutlier)).toBe(true)
})

test('fewer than half of the rows are outliers, whatever they are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 4 }),
      (values) => {
        const { rows } = outliersOfLines(values.map((value, row) => lineOf(String(row), value)))
        expect(2 * rows.filter(({ isOutlier }) => isOutlier).length).toBeLessThanOrEqual(
          rows.length,
        )
      },
    ),
  )
})
