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
    expect(refuseHead(Buffer.from(text))?.code).toBe('NOT_A_PROFILE')
  },
)

function manyFrames() {
  return Array.from({ length: 100 }, (_, index) => ({ name: `main.f${index}` }))
}
