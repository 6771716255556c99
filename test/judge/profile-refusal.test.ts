import { expect, test } from 'vitest'
import { refuseHead } from '../../judge/index.ts'

/** What the door sees of an upload. */
const HEAD_BYTES = 512

test.each([
  ['its frames', { shared: { frames: manyFrames() }, $schema: 'speedscope' }],
  ['its profiles', { profiles: manyFrames(), shared: {}, exporter: 'speedscope' }],
  ['its name', { name: 'x'.repeat(1000), $schema: 'speedscope' }],
  ['an old version', { version: '0.0.1', shared: { frames: manyFrames() } }],
])('a speedscope file that begins with %s gets past the door', (_, file) => {
  for (const space of [0, 2]) {
    const head = Buffer.from(JSON.stringify(file, null, space)).subarray(0, HEAD_BYTES)
    expect(refuseHead(head)).toBeNull()
  }
})

test.each(['{"error":"no such pod"}', '[{"name":"shared"}]', '{"items":[{"shared":1}]}'])(
  'other JSON is refused at the door: %s',
  (text) => {
    expect(refuseHead(Buffer.from(text), true)?.code).toBe('NOT_A_PROFILE')
  },
)

test('a text is refused at the door where all of it is known to hold no profile', () => {
  const text = Buffer.from('Unauthorized\n')
  expect(refuseHead(text, true)?.code).toBe('NOT_A_PROFILE')
  // Goroutines may follow.
  expect(refuseHead(text, false)).toBeNull()
  const dump = 'I0302 a.go:1] up\ngoroutine 1 [select]:\nmain.a()\n\ta.go:1 +0x1\n'
  expect(refuseHead(Buffer.from(dump), true)).toBeNull()
  expect(refuseHead(Buffer.from(JSON.stringify({ log: dump })), true)).toBeNull()
})

test.each(['<!doctype html>', 'FLR\0', '%PDF-1.7', '{"kind":"Status","code":403,"message":"no"}'])(
  'what no profile begins with is refused by its beginning: %j',
  (text) => {
    expect(refuseHead(Buffer.from(text), false)?.code).toBe('NOT_A_PROFILE')
  },
)

function manyFrames() {
  return Array.from({ length: 100 }, (_, index) => ({ name: `main.f${index}` }))
}
