import { expect, test } from 'vitest'
import { formatCores, formatCount, formatShare, formatValue } from '../../profile/index.ts'

test.each([
  [0, 'nanoseconds', '0 s'],
  [999, 'nanoseconds', '999 ns'],
  [1_460_000_000, 'nanoseconds', '1.46 s'],
  [99_960, 'microseconds', '100 ms'],
  [9_996, 'nanoseconds', '10.0 µs'],
  [90, 'seconds', '90.0 s'],
  [7_000_000, 'milliseconds', '117 min'],
  [200_000, 'seconds', '2.31 d'],
  [1536, 'bytes', '1.50 KiB'],
  [12, 'bytes', '12 B'],
  [-2_097_152, 'bytes', '-2.00 MiB'],
  [3 * 2 ** 60, 'bytes', '3,072 PiB'],
  [12_345, 'count', '12,345'],
  [3, 'widgets', '3 widgets'],
])('%d %s reads %s', (value, unit, text) => {
  expect(formatValue(value, unit)).toBe(text)
})

test.each([
  [0, '0%'],
  [0.0004, '<0.1%'],
  [-0.0004, '>-0.1%'],
  [0.0449, '4.5%'],
  [0.0996, '10%'],
  [0.3821, '38%'],
  [1, '100%'],
  [Number.NaN, '–'],
])('a share of %d reads %s', (share, text) => {
  expect(formatShare(share)).toBe(text)
})

test.each([
  [0, '0'],
  [-1_234_567, '-1,234,567'],
  [0.5, '0.5'],
  [1234.567, '1,234.57'],
])('a count of %d reads %s', (count, text) => {
  expect(formatCount(count)).toBe(text)
})

test.each([
  [0, '0'],
  [0.0042, '0.004'],
  [0.27, '0.27'],
  [2.314, '2.31'],
  [12.34, '12.3'],
])('%d cores read %s', (cores, text) => {
  expect(formatCores(cores)).toBe(text)
})
