import { expect, test } from 'vitest'
import { PlaceTable } from '../../history/numbered/place-table.ts'

const NUMBERS = [0, 1, 4095, 4096, 70_000, 2 ** 31 + 5]

test('places are found by number, and stay where they were for those who had the table before it moved', () => {
  const table = new PlaceTable()
  for (const [place, number] of NUMBERS.entries()) table.set(number, place)
  table.set(4096, 3)
  expect(table.size).toBe(NUMBERS.length)
  const moved = table.moved(Int32Array.from(NUMBERS, (_, place) => 10 * place))
  expect(NUMBERS.map((number) => table.placeOf(number))).toEqual([0, 1, 2, 3, 4, 5])
  expect(NUMBERS.map((number) => moved.placeOf(number))).toEqual([0, 10, 20, 30, 40, 50])
  expect([2, 4097, 69_999].map((number) => moved.placeOf(number))).toEqual([-1, -1, -1])
  expect(moved.size).toBe(NUMBERS.length)
})
