import { expect, test } from 'vitest'
import { heatCells, hottestOf } from '../../../web/ranges/heat-strip.ts'

const row = (values: readonly number[]) => ({
  label: 'a',
  value: 0,
  total: 0,
  deviations: 0,
  isOutlier: false,
  strip: values.map((value, step) => ({ at: new Date(step * 1000).toISOString(), value })),
})

test('a cell has the place of its step in the time shown, and the heat of its value among all rows', () => {
  const rows = [row([1, 2]), row([4])]
  const scale = { fromMs: 500, toMs: 2500, stepMs: 1000, hottest: hottestOf(rows) }
  expect(rows.map((one) => heatCells(one, scale))).toEqual([
    [
      { left: 0, width: 0.25, heat: 0.25 },
      { left: 0.25, width: 0.5, heat: 0.5 },
    ],
    [{ left: 0, width: 0.25, heat: 1 }],
  ])
})

test('what is outside of the time shown has no cell, and nothing is hot where all is 0', () => {
  const scale = { fromMs: 1000, toMs: 2000, stepMs: 1000, hottest: 0 }
  expect(heatCells(row([0, 0, 0]), scale)).toEqual([{ left: 0, width: 1, heat: 0 }])
})
