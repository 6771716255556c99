import { expect, test } from 'vitest'
import { orderOf, shownTimes } from '../../../web/lists/row-times.ts'

const CAME = '2026-03-01T12:00:00Z'
const MUCH_EARLIER = '2026-03-01T03:00:00Z'
const SECONDS_EARLIER = '2026-03-01T11:59:30Z'
const MINUTES_LATER = '2026-03-01T12:05:00Z'

test('a list is in order of arrival, but of a range of time in the order of its times', () => {
  expect(orderOf({ target: 'api' })).toBe('came')
  expect(orderOf({ target: 'api', from: MUCH_EARLIER })).toBe('taken')
  expect(orderOf({ to: MUCH_EARLIER })).toBe('taken')
})

test('a row shows the time that its list is ordered by, and the other one where they are apart', () => {
  const old = { cameAt: CAME, takenAt: MUCH_EARLIER }
  expect(shownTimes(old, 'came')).toEqual({ time: CAME, takenAt: MUCH_EARLIER, cameAt: null })
  expect(shownTimes(old, 'taken')).toEqual({ time: MUCH_EARLIER, takenAt: null, cameAt: CAME })
})

test('one time is enough where both are about the same, and where nothing says when it was taken', () => {
  for (const takenAt of [SECONDS_EARLIER, null]) {
    const fresh = { cameAt: CAME, takenAt }
    expect(shownTimes(fresh, 'came')).toEqual({ time: CAME, takenAt: null, cameAt: null })
    const time = takenAt ?? CAME
    expect(shownTimes(fresh, 'taken')).toEqual({ time, takenAt: null, cameAt: null })
  }
})

test('what waited for its turn was asked for before it was taken', () => {
  const waited = { cameAt: CAME, takenAt: MINUTES_LATER }
  expect(shownTimes(waited, 'came')).toEqual({ time: CAME, takenAt: MINUTES_LATER, cameAt: null })
  expect(shownTimes(waited, 'taken')).toEqual({ time: MINUTES_LATER, takenAt: null, cameAt: null })
})
