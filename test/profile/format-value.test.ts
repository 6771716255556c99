import { expect, test } from 'vitest'
import { percentageLabel, scaledLabel, scaleValue } from '../../profile/index.ts'
import { hasVectors, readVectors } from './read-vectors.ts'

test.each([
  [128, 'bytes', 'kB', '0.12kB'],
  [384, 'bytes', 'kB', '0.38kB'],
  [1536, 'bytes', 'auto', '1.50kB'],
  [2 * 1024 * 1024, 'bytes', 'minimum', '2MB'],
  [0, 'nanoseconds', 'auto', '0'],
  [-1, 'nanoseconds', 's', '0'],
  [90_000_000_000, 'nanoseconds', 'minimum', '90s'],
  [5400, 'seconds', 'auto', '1.50hrs'],
  [7, 'widgets', 'minimum', '7'],
  [7, 'widgets', 'gadgets', '7gadgets'],
  [9007199254740993n, 'bytes', 'B', '9007199254740992B'],
  [-(2n ** 63n), 'nanoseconds', 'auto', '-9223372036.85s'],
])('%s %s in %s reads %s', (value, from, to, label) => {
  expect(scaledLabel(value, from, to)).toBe(label)
})

test.each([
  [1, 8, '12.50%'],
  [1, 800, ' 0.12%'],
  [3, 800, ' 0.38%'],
  [9994, 10000, '99.94%'],
  [9995, 10000, '  100%'],
  [99951, 100000, '  100%'],
  [-1, 2, '50.00%'],
  [1, 1_562_500, '6.4e-05%'],
  [1, 0, '    0%'],
])('%s of %s is %s', (value, total, label) => {
  expect(percentageLabel(value, total)).toBe(label)
})

test('a value is scaled within its family of units only', () => {
  expect(scaleValue(3, 'bytes', 'seconds')).toEqual({ value: 3, unit: 'B' })
})

test.skipIf(!hasVectors)('labels and percentages are those of pprof', () => {
  const labels = readVectors('own/scaled_label.json')
  const wrongLabels = labels.filter(({ value, from, to, unit, label }) => {
    const wide = wholeNumber(value)
    return scaledLabel(wide, from, to) !== label || scaleValue(wide, from, to).unit !== unit
  })
  expect(wrongLabels).toEqual([])
  const percentages = readVectors('own/percentage.json')
  const wrongPercentages = percentages.filter(
    ({ value, total, out }) => percentageLabel(wholeNumber(value), wholeNumber(total)) !== out,
  )
  expect(wrongPercentages).toEqual([])
})

function wholeNumber(text: string): number | bigint {
  return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text)
}
