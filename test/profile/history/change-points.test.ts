import { expect, test } from 'vitest'
import { changePoints } from '../../../profile/index.ts'
import { randomOf } from './random-of.ts'

const HOUR = 60

test('a level that does not change has no change point, however few samples it has', () => {
  const found = seeds(400).filter((seed) => {
    const random = randomOf(seed)
    const rate = 1 + (seed % 40)
    const values = Array.from({ length: HOUR }, () => poisson(random, rate))
    return changePoints(values).length > 0
  })
  // Of 400 series at most two by chance.
  expect(found.length).toBeLessThanOrEqual(2)
})

test('a regression in the middle of an hour is found, dated within two points, and nothing else', () => {
  const wrong = seeds(200).filter((seed) => {
    const random = randomOf(seed)
    const values = Array.from({ length: HOUR }, (_, minute) =>
      poisson(random, minute < 30 ? 10 : 40),
    )
    const points = changePoints(values)
    return points.length !== 1 || Math.abs((points[0]?.index ?? 0) - 30) > 2
  })
  expect(wrong.length).toBeLessThanOrEqual(4)
})

test('the levels before and after are given', () => {
  const values = [1, 1, 1, 1, 9, 9, 9, 9, 9, 4, 4, 4, 4]
  expect(changePoints(values)).toEqual([
    { index: 4, before: 1, after: 9 },
    { index: 9, before: 9, after: 4 },
  ])
})

test('sums of the same values in another order are one level', () => {
  const value = 262652872.5055167
  const values = [value, value, value, value, ...[1, 2, 3, 4].map(() => value + 3e-8)]
  expect(values[0]).not.toBe(values[7])
  expect(changePoints(values)).toEqual([])
})

test('a single outlier is no new level', () => {
  expect(changePoints([5, 6, 5, 6, 5, 60, 5, 6, 5, 6, 5, 6])).toEqual([])
  expect(changePoints([])).toEqual([])
  expect(changePoints([1, 2])).toEqual([])
})

function seeds(count: number): number[] {
  return Array.from({ length: count }, (_, seed) => seed + 1)
}

/** Knuth's method. */
function poisson(random: () => number, rate: number): number {
  const end = Math.exp(-rate)
  let product = random()
  let count = 0
  for (; product > end; product *= random()) count++
  return count
}
