import { expect, test } from 'vitest'
import { uploadApiPath } from '../../../web/paths.ts'

test('an upload declares what the sender knows of it, and nothing else', () => {
  expect(uploadApiPath('a b.folded', {})).toBe('/api/v1/profiles?name=a+b.folded')
  expect(uploadApiPath('a', { type: 'heap' })).toBe('/api/v1/profiles?name=a&type=heap')
  expect(uploadApiPath('a', { component: 'etcd', type: null })).toBe(
    '/api/v1/profiles?name=a&component=etcd',
  )
})
