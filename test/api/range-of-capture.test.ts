import { expect, test } from 'vitest'
import { rangeOfCapture } from '../../api/ranges/range-of-capture.ts'

const CAPTURE = {
  target: 'api',
  cluster: 'prod',
  instance: null,
  createdAt: '2026-03-02T09:00:00.000Z',
  startedAt: '2026-03-01T12:00:00.000Z',
}

test('a capture is a range of its process, from when it began, and of no other capture', () => {
  expect(rangeOfCapture(CAPTURE)).toEqual({
    type: 'cpu',
    q: '{target="api",cluster="prod",instance=""}',
    from: '2026-03-01T12:00:00.000Z',
    to: '2026-03-01T12:00:01.000Z',
  })
})

test('one that does not say when it began is of when it came', () => {
  expect(rangeOfCapture({ ...CAPTURE, startedAt: null })).toMatchObject({
    from: '2026-03-02T09:00:00.000Z',
    to: '2026-03-02T09:00:01.000Z',
  })
})

test('the captures of an unknown process are no range', () => {
  expect(rangeOfCapture({ ...CAPTURE, target: null })).toBeNull()
})
