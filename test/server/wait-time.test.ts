import { expect, test } from 'vitest'
import { waitTimeMs } from '../../server/profiles/wait-time.ts'

test.each([
  ['10s', undefined, 10_000],
  ['10', undefined, 10_000],
  ['250ms', undefined, 250],
  ['90s', undefined, 60_000],
  [undefined, 'wait=10', 10_000],
  [undefined, 'respond-async, wait=7', 7000],
  [undefined, ['return=minimal', 'wait=3'], 3000],
  ['1s', 'wait=9', 1000],
  [undefined, 'awaiting=9', 0],
  [undefined, undefined, 0],
])('?wait=%s with Prefer: %s is %i ms', (query, prefer, expected) => {
  expect(waitTimeMs(query, prefer, 60_000)).toBe(expected)
})
