import { expect, test } from 'vitest'
import { openUploadGate } from '../../collect/receive/upload-gate.ts'

const LIMITS = { uploadBytesMax: 100, uploadsInFlightMax: 2, uploadBytesInFlightMax: 150 }

test('the number of uploads under way is limited; one that ends makes room', () => {
  const gate = openUploadGate(LIMITS)
  const first = gate.enter(from('a'))
  gate.enter(from('b'))
  expect(() => gate.enter(from('c'))).toThrow(expect.objectContaining({ code: 'OVERLOADED' }))
  first.leave()
  expect(() => gate.enter(from('c'))).not.toThrow()
})

test('one caller alone may have half of the places, and the next one finds some free', () => {
  const gate = openUploadGate({ ...LIMITS, uploadsInFlightMax: 6 })
  for (let count = 0; count < 3; count++) gate.enter(from('a'))
  expect(() => gate.enter(from('a'))).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }))
  gate.enter(from('b'))
  gate.enter(from('b'))
  expect(() => gate.enter(from('b'))).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }))
  expect(() => gate.enter(from('c'))).not.toThrow()
})

test('one caller cannot hold all the bytes, but always one upload of the largest size', () => {
  const gate = openUploadGate({
    ...LIMITS,
    uploadsInFlightMax: 20,
    uploadBytesInFlightMax: 300,
  })
  gate.enter(from('a', 100))
  gate.enter(from('a', 50))
  expect(() => gate.enter(from('a', 1))).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }))
  expect(() => gate.enter(from('b', 100))).not.toThrow()
})

test('a declared size is held against both limits before a byte is read', () => {
  const gate = openUploadGate(LIMITS)
  expect(() => gate.enter(from('a', 101))).toThrow(
    expect.objectContaining({ code: 'UPLOAD_TOO_LARGE' }),
  )
  const first = gate.enter(from('a', 100))
  expect(() => gate.enter(from('b', 51))).toThrow(expect.objectContaining({ code: 'OVERLOADED' }))
  first.leave()
  expect(() => gate.enter(from('b', 51))).not.toThrow()
})

test('bytes are counted as they come, whatever was declared', () => {
  const upload = openUploadGate(LIMITS).enter(from('a', 10))
  upload.count(60)
  upload.count(40)
  expect(() => upload.count(1)).toThrow(expect.objectContaining({ code: 'UPLOAD_TOO_LARGE' }))
})

test('bytes that were declared are held once, and those beyond are added', () => {
  const gate = openUploadGate(LIMITS)
  const [first, second] = [gate.enter(from('a', 80)), gate.enter(from('b'))]
  first.count(80)
  second.count(70)
  expect(() => second.count(1)).toThrow(expect.objectContaining({ code: 'OVERLOADED' }))
})

test('an upload that was refused gives back all that it held', () => {
  const gate = openUploadGate(LIMITS)
  const [first, second] = [gate.enter(from('a')), gate.enter(from('b'))]
  first.count(90)
  expect(() => second.count(90)).toThrow(expect.objectContaining({ code: 'OVERLOADED' }))
  second.leave()
  const third = gate.enter(from('b', 60))
  expect(() => third.count(60)).not.toThrow()
})

test('a place that was taken for an upload whose bytes find no room is given back', () => {
  const gate = openUploadGate(LIMITS)
  gate.enter(from('a', 100))
  expect(() => gate.enter(from('b', 90))).toThrow(expect.objectContaining({ code: 'OVERLOADED' }))
  expect(gate.scarcity('c')).toBeCloseTo(100 / 150)
  expect(() => gate.enter(from('b', 10))).not.toThrow()
})

test('room is scarce for a caller who holds most of its share, and for all when most is held', () => {
  const gate = openUploadGate({ ...LIMITS, uploadsInFlightMax: 8 })
  gate.enter(from('a', 10))
  gate.enter(from('a', 10))
  expect(gate.scarcity('a')).toBe(0.5)
  expect(gate.scarcity('b')).toBe(0.25)
  gate.enter(from('b', 70))
  expect(gate.scarcity('c')).toBe(0.6)
})

test('a closed gate refuses uploads, and is closed when the last has ended', async () => {
  const gate = openUploadGate(LIMITS)
  const upload = gate.enter(from('a'))
  const events: string[] = []
  const closing = gate.close().then(() => events.push('closed'))
  expect(() => gate.enter(from('a'))).toThrow(expect.objectContaining({ code: 'SHUTTING_DOWN' }))
  upload.count(50)
  events.push('left')
  upload.leave()
  await closing
  expect(events).toEqual(['left', 'closed'])
})

test('an empty gate closes at once', async () => {
  await expect(openUploadGate(LIMITS).close()).resolves.toBeUndefined()
})

function from(caller: string, declaredSizeBytes: number | null = null) {
  return { caller, declaredSizeBytes }
}
