import { afterEach, expect, test, vi } from 'vitest'
import { formatLocalTime } from '../../cli/index.ts'

const TIME_NS = 1_767_225_599_123_456_789n

afterEach(() => {
  vi.unstubAllEnvs()
})

test.each(['UTC', 'Etc/UTC', ''])('the zone %j is UTC', (zone) => {
  vi.stubEnv('TZ', zone)
  expect(formatLocalTime(TIME_NS, 'seconds')).toBe('2025-12-31 23:59:59 UTC')
  expect(formatLocalTime(TIME_NS, 'exact')).toBe('2025-12-31 23:59:59.123456789 +0000 UTC')
})

test('another zone has its own hours and name', () => {
  vi.stubEnv('TZ', 'America/New_York')
  expect(formatLocalTime(TIME_NS, 'seconds')).toBe('2025-12-31 18:59:59 EST')
})
