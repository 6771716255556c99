import { expect, test } from 'vitest'
import { requestRate } from '../../history/index.ts'

const MINUTE_MS = 60_000
/** 1 request a second, then 3, then nothing for an hour, then 5. */
const SERVED = [
  { process: 'p', fromMs: 0, toMs: MINUTE_MS, count: 60 },
  { process: 'p', fromMs: MINUTE_MS, toMs: 2 * MINUTE_MS, count: 180 },
  { process: 'p', fromMs: 62 * MINUTE_MS, toMs: 63 * MINUTE_MS, count: 300 },
]
const rateOf = requestRate(SERVED)

test('a profile has the rate up to the capture that it is of', () => {
  expect(rateOf('p', MINUTE_MS, MINUTE_MS)).toBe(1)
  expect(rateOf('p', MINUTE_MS + 5000, MINUTE_MS + 5000)).toBe(1)
  expect(rateOf('p', 2 * MINUTE_MS + 5000, 2 * MINUTE_MS + 5000)).toBe(3)
})

test('what was taken before the second capture, or long after one, has no rate', () => {
  expect(rateOf('p', 30_000, 30_000)).toBe(null)
  expect(rateOf('p', 4 * MINUTE_MS, 4 * MINUTE_MS)).toBe(null)
  expect(rateOf('q', MINUTE_MS, MINUTE_MS)).toBe(null)
})

test('after a restart the rate of the process before is not that of the new one', () => {
  const atMs = 2 * MINUTE_MS
  const restarted = requestRate([
    ...SERVED.slice(0, 1),
    { process: 'p', fromMs: atMs, toMs: atMs, count: 0 },
  ])
  expect(restarted('p', atMs, atMs)).toBe(null)
  expect(restarted('p', atMs + 1000, atMs + 1000)).toBe(null)
})

test('profiles that are read as one have the average of their time', () => {
  expect(rateOf('p', MINUTE_MS, 2 * MINUTE_MS)).toBe(2)
  expect(rateOf('p', 0, 24 * 60 * MINUTE_MS)).toBe(3)
  expect(rateOf('p', 30 * MINUTE_MS, 24 * 60 * MINUTE_MS)).toBe(5)
})
