import { expect, test } from 'vitest'
import { askAgainAfterMs, isAskedAgain } from '../../../web/requests/ask-again.ts'
import { readServerError } from '../../../web/requests/call-server.ts'

test.each([
  [503, '2', true],
  [500, null, true],
  [429, '3', true],
  [429, '60', false],
  [503, '300', false],
  [401, null, false],
  [403, null, false],
  [404, null, false],
])('whether status %i with Retry-After %s is asked again by itself: %s', (status, after, is) => {
  expect(isAskedAgain(0, readServerError(status, '', after))).toBe(is)
})

test('a server that cannot be reached is asked again, and nothing more than twice', () => {
  const lost = new TypeError('Failed to fetch')
  expect([0, 1, 2].map((count) => isAskedAgain(count, lost))).toEqual([true, true, false])
  const busy = readServerError(503, '', '1')
  expect([0, 1, 2].map((count) => isAskedAgain(count, busy))).toEqual([true, true, false])
})

test('it is asked when the server says so, and later after each failure', () => {
  const busy = readServerError(503, '', '3')
  expect([0, 1, 2].map((count) => askAgainAfterMs(count, busy))).toEqual([3000, 3000, 4000])
  expect(askAgainAfterMs(0, new TypeError('Failed to fetch'))).toBe(1000)
})
