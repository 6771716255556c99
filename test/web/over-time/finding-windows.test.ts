import { expect, test } from 'vitest'
import type { FindingTrendReply } from '../../../api/index.ts'
import { findingFiltersOf, statusInWindows } from '../../../web/ranges/finding-windows.ts'

const BEFORE = { fromMs: 0, toMs: 10 }
const AFTER = { fromMs: 10, toMs: 20 }

test('a finding is of a window when a capture in it shows it', () => {
  expect(statusOf(3, 15)).toBe('stays')
  expect(statusOf(5)).toBe('gone')
  expect(statusOf(10)).toBe('new')
  expect([statusOf(), statusOf(25)]).toEqual([null, null])
})

test('a selector filters findings where these have its labels', () => {
  expect(findingFiltersOf('{target="api",cluster="prod"}')).toEqual({
    target: ['api'],
    cluster: ['prod'],
  })
  expect(findingFiltersOf('')).toEqual({})
  expect(findingFiltersOf('{target=~"api.*"}')).toBeNull()
  expect(findingFiltersOf('{zone="a"}')).toBeNull()
})

function statusOf(...seenAtMs: readonly number[]) {
  return statusInWindows(trendOf(seenAtMs, [3, 5, 10, 15, 25]), BEFORE, AFTER)
}

function trendOf(seenAtMs: readonly number[], allAtMs: readonly number[]): FindingTrendReply {
  const points = allAtMs.map((atMs) => ({
    at: new Date(atMs).toISOString(),
    captureId: null,
    profileId: null,
    level: seenAtMs.includes(atMs) ? ('warning' as const) : null,
    value: null,
    share: null,
    cores: null,
  }))
  return { unit: 'nanoseconds', isCut: false, points }
}
