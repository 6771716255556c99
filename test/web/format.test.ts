import { expect, test } from 'vitest'
import { formatShare } from '../../web/format/format-share.ts'
import { formatTimeAgo } from '../../web/format/format-time.ts'
import { formatValue } from '../../web/format/format-value.ts'
import { formatVersion } from '../../web/format/format-version.ts'

test.each([
  [0, 'nanoseconds', '0 s'],
  [999, 'nanoseconds', '999 ns'],
  [1_460_000_000, 'nanoseconds', '1.46 s'],
  [90, 'seconds', '90.0 s'],
  [7_000_000, 'milliseconds', '117 min'],
  [1536, 'bytes', '1.50 KiB'],
  [12, 'bytes', '12 B'],
  [-2_097_152, 'bytes', '-2.00 MiB'],
  [12_345, 'count', '12,345'],
  [3, 'widgets', '3 widgets'],
])('%d %s reads %s', (value, unit, text) => {
  expect(formatValue(value, unit)).toBe(text)
})

test.each([
  [0, '0.0 %'],
  [0.0004, '< 0.1 %'],
  [-0.0004, '> -0.1 %'],
  [0.3821, '38.2 %'],
  [1, '100 %'],
  [Number.NaN, '–'],
])('a share of %d reads %s', (share, text) => {
  expect(formatShare(share)).toBe(text)
})

test('times are told from the clock that is given, in the language of the reader', () => {
  const nowMs = Date.parse('2026-03-01T12:00:00Z')
  expect(formatTimeAgo('2026-03-01T11:57:00Z', nowMs, 'en')).toBe('3 minutes ago')
  expect(formatTimeAgo('2026-03-08T12:00:00Z', nowMs, 'zh')).toBe('7天后')
  expect(formatTimeAgo('no time', nowMs, 'en')).toBe('–')
})

test('a version that is only bounded names its product', () => {
  expect(formatVersion('Kubernetes', 'v1.30.4')).toBe('v1.30.4')
  expect(formatVersion('Go', '>=1.26')).toBe('Go ≥ 1.26')
  expect(formatVersion('Kubernetes', '1.30-1.31')).toBe('Kubernetes 1.30-1.31')
})
