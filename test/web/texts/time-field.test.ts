import { expect, test } from 'vitest'
import { formatTime } from '../../../web/format/format-time.ts'
import { fromTimeField, toTimeField } from '../../../web/format/time-field.ts'

test('a field shows a time in the chosen zone, and is read in it', () => {
  expect(toTimeField('2026-03-02T12:34:56Z', 'utc')).toBe('2026-03-02T12:34')
  expect(fromTimeField('2026-03-02T12:34', 'utc')).toBe('2026-03-02T12:34:00.000Z')
  const local = toTimeField('2026-03-02T12:34:00Z', 'local')
  expect(fromTimeField(local, 'local')).toBe('2026-03-02T12:34:00.000Z')
  expect([toTimeField('never', 'utc'), fromTimeField('', 'local')]).toEqual(['', null])
})

test('any zone has its own times, also around the change of its clocks', () => {
  expect(formatTime('2026-11-21T09:30:05Z', 'Asia/Shanghai')).toBe('2026-11-21 17:30:05 GMT+8')
  expect(toTimeField('2026-11-21T09:30:00Z', 'Asia/Kolkata')).toBe('2026-11-21T15:00')
  // Clocks in Berlin go back from 03:00 to 02:00 at 01:00 UTC on 25 October.
  const times = ['2026-10-25T00:30', '2026-10-25T03:30'].map((text) =>
    fromTimeField(text, 'Europe/Berlin'),
  )
  expect(times).toEqual(['2026-10-24T22:30:00.000Z', '2026-10-25T02:30:00.000Z'])
  for (const time of times) {
    const field = toTimeField(time ?? '', 'Europe/Berlin')
    expect(fromTimeField(field, 'Europe/Berlin')).toBe(time)
  }
})
