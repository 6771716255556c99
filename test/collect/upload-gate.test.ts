import { expect, test } from 'vitest'
import { openUploadGate } from '../../collect/receive/upload-gate.ts'

const LIMITS = { uploadBytesMax: 100, uploadsInFlightMax: 2, uploadBytesInFlightMax: 150 }

test('the number of uploads under way is limited; one that ends makes room', () => {
  const gate = openUploadGate(LIMITS)
  const first = gate.enter(null)
  gate.enter(null)
  expect(() => gate.enter(null)).toThrow(expect.objectContaining({ code: 'OVERLOADED' }))
  first.leave()
  expect(() => gate.enter(null)).not.toThrow()
})

test('a declared size is held against both limits before a byte is read', () => {
  const gate = openUploadGate(LIMITS)
  expect(() => gate.enter(101)).toThrow(expect.objectContaining({ code: 'UPLOAD_TOO_LARGE' }))
  const first = gate.enter(100)
  expect(() => gate.enter(51)).toThrow(expect.objectContaining({ code: 'OVERLOADED' }))
  first.leave()
  expect(() => gate.enter(51)).not.toThrow()
})

test('bytes are counted as they come, whatever was declared', () => {
  const gate = openUploadGate(LIMITS)
  const upload = gate.enter(10)
  upload.count(60)
  upload.count(40)
  expect(() => upload.count(1)).toThrow(expect.objectContaining({ code: 'UPLOAD_TOO_LARGE' }))
})

test('bytes that were declared are held once, and those beyond are added', () => {
  const gate = openUploadGate(LIMITS)
  const [first, second] = [gate.enter(80), gate.enter(null)]
  first.count(80)
  second.count(70)
  expect(() => second.count(1)).toThrow(expect.objectContaining({ code: 'OVERLOADED' }))
})

test('an upload that was refused gives back all that it held', () => {
  const gate = openUploadGate(LIMITS)
  const [first, second] = [gate.enter(null), gate.enter(null)]
  first.count(90)
  expect(() => second.count(90)).toThrow(expect.objectContaining({ code: 'OVERLOADED' }))
  second.leave()
  const third = gate.enter(60)
  expect(() => third.count(60)).not.toThrow()
})

test('a closed gate refuses uploads, and is closed when the last has ended', async () => {
  const gate = openUploadGate(LIMITS)
  const upload = gate.enter(null)
  const events: string[] = []
  const closing = gate.close().then(() => events.push('closed'))
  expect(() => gate.enter(null)).toThrow(expect.objectContaining({ code: 'SHUTTING_DOWN' }))
  upload.count(50)
  events.push('left')
  upload.leave()
  await closing
  expect(events).toEqual(['left', 'closed'])
})

test('an empty gate closes at once', async () => {
  await expect(openUploadGate(LIMITS).close()).resolves.toBeUndefined()
})
