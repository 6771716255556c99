import { expect, test } from 'vitest'
import { boundedTags } from '../../worker/decoder/views/bounded-tags.ts'

function tagOf(key: string, total: number, valueCount: number, chars = 1) {
  const values = Array.from({ length: valueCount }, (_, index) => ({
    value: String(index).padStart(chars, 'x'),
    unit: null,
    total: 1,
    share: 0,
  }))
  return { key, total, values }
}

test('tags within the limits are given whole, without counts', () => {
  const tags = [tagOf('a', 1, 3), tagOf('b', 2, 1)]
  expect(boundedTags(tags, 3)).toEqual({ tags })
})

test('values beyond the limit are counted, the largest kept', () => {
  const { tags } = boundedTags([tagOf('a', 1, 250)], 100)
  expect(tags[0]?.values).toHaveLength(100)
  expect(tags[0]?.values[0]?.value).toBe('0')
  expect(tags[0]?.leftOutValueCount).toBe(150)
})

test('of many tags those with the largest totals are kept, in their order', () => {
  const tags = Array.from({ length: 150 }, (_, index) => tagOf(`key ${index}`, index, 1))
  const bounded = boundedTags(tags, 100)
  expect(bounded.leftOutTagCount).toBe(50)
  expect(bounded.tags.map(({ key }) => key)).toEqual(tags.slice(50).map(({ key }) => key))
})

test('long values are limited by their characters', () => {
  const { tags } = boundedTags([tagOf('a', 1, 100, 64 * 1024)], 100)
  expect(tags[0]?.values.length).toBe(16)
  expect(tags[0]?.leftOutValueCount).toBe(84)
})
