import { expect, test } from 'vitest'
import { capturesPerDay, nextSlotMs, slotGraceMs } from '../../collect/index.ts'

const HOUR_MS = 3_600_000
const every10m = { kind: 'interval', intervalMs: 600_000, jitterMs: 600_000 } as const
const NOON_MS = Date.parse('2026-11-21T12:00:00Z')

test('a process has its slot at the same place of each interval', () => {
  const first = nextSlotMs(every10m, 'p', NOON_MS) ?? 0
  expect(first).toBeGreaterThan(NOON_MS)
  expect(first - NOON_MS).toBeLessThanOrEqual(600_000)
  expect(nextSlotMs(every10m, 'p', first - 1)).toBe(first)
  expect(nextSlotMs(every10m, 'p', first)).toBe(first + 600_000)
})

test('a thousand processes are spread over the interval', () => {
  const minutes = Array.from({ length: 1000 }, (_, index) =>
    Math.floor(((nextSlotMs(every10m, `p${index}`, NOON_MS) ?? 0) - NOON_MS - 1) / 60_000),
  )
  for (let minute = 0; minute < 10; minute++) {
    expect(minutes.filter((one) => one === minute).length).toBeGreaterThan(60)
  }
})

test('without jitter slots are at whole multiples of the interval', () => {
  const timing = { ...every10m, jitterMs: 0 }
  expect(nextSlotMs(timing, 'p', NOON_MS - 1)).toBe(NOON_MS)
  expect(nextSlotMs(timing, 'p', NOON_MS)).toBe(NOON_MS + 600_000)
})

test('a cron schedule is due in its time zone, also when the clocks change', () => {
  const timing = {
    kind: 'cron',
    pattern: '30 2 * * *',
    timezone: 'Europe/Berlin',
    jitterMs: 0,
  } as const
  const at = (text: string) =>
    new Date(nextSlotMs(timing, 'p', Date.parse(text)) ?? 0).toISOString()
  expect(at('2026-01-01T00:00:00Z')).toBe('2026-01-01T01:30:00.000Z')
  expect(at('2026-07-01T00:00:00Z')).toBe('2026-07-01T00:30:00.000Z')
  // In the night to 29 March 2026 there is no 02:30 in Berlin.
  expect(at('2026-03-28T02:00:00Z')).toBe('2026-03-29T01:00:00.000Z')
})

test('cron slots are spread too, within their jitter', () => {
  const timing = { kind: 'cron', pattern: '0 * * * *', timezone: 'UTC', jitterMs: 60_000 } as const
  const slots = Array.from(
    { length: 50 },
    (_, index) => nextSlotMs(timing, `p${index}`, NOON_MS) ?? 0,
  )
  expect(new Set(slots).size).toBeGreaterThan(40)
  for (const [index, slot] of slots.entries()) {
    expect(slot).toBeGreaterThan(NOON_MS)
    expect(slot).toBeLessThan(NOON_MS + HOUR_MS + 60_000)
    expect(nextSlotMs(timing, `p${index}`, slot)).toBe(slot + HOUR_MS)
  }
})

test('a slot may be half an interval late, and a minute at most', () => {
  expect(slotGraceMs({ ...every10m, intervalMs: 30_000 })).toBe(15_000)
  expect(slotGraceMs(every10m)).toBe(60_000)
})

test.each([
  ['0 * * * *', 24],
  ['*/10 * * * *', 144],
  ['0 12 * * 1', 1 / 7],
])('%s is due about %d times a day', (pattern, count) => {
  const timing = { kind: 'cron', pattern, timezone: 'Europe/Berlin', jitterMs: 0 } as const
  expect(capturesPerDay(timing)).toBeCloseTo(count, 2)
  expect(capturesPerDay(every10m)).toBe(144)
})
