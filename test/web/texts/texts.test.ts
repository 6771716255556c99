import { expect, test } from 'vitest'
import { en } from '../../../web/texts/en.ts'
import { zh } from '../../../web/texts/zh.ts'

test('both languages say the same things, and none is empty', () => {
  expect(shapeOf(zh)).toEqual(shapeOf(en))
  expect(Object.values(shapeOf(zh))).not.toContain('empty')
})

/** What kind of text each key has. */
function shapeOf(texts: object, prefix = ''): Record<string, string> {
  const shape: Record<string, string> = {}
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === 'object' && value !== null) {
      Object.assign(shape, shapeOf(value, `${prefix}${key}.`))
    } else {
      shape[`${prefix}${key}`] = value === '' ? 'empty' : typeof value
    }
  }
  return shape
}
