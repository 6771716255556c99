import { expect, test } from 'vitest'
import { fromTimeField, toTimeField } from '../../web/format/time-field.ts'

test('a field shows a time in the chosen zone, and is read in it', () => {
  expect(toTimeField('2026-03-02T12:34:56Z', 'utc')).toBe('2026-03-02T12:34')
  expect(fromTimeField('2026-03-02T12:34', 'utc')).toBe('2026-03-02T12:34:00.000Z')
  const local = toTimeField('2026-03-02T12:34:00Z', 'local')
  expect(fromTimeField(local, 'local')).toBe('2026-03-02T12:34:00.000Z')
  expect([toTimeField('never', 'utc'), fromTimeField('', 'local')]).toEqual(['', null])
})
