import { expect, test } from 'vitest'
import { formatSelector, parseSelector } from '../../api/index.ts'

test.each([
  ['', ''],
  ['target="api"', '{target="api"}'],
  [`{cluster=~'prod-.*', zone!="a", pod!~"x|y"}`, '{cluster=~"prod-.*",zone!="a",pod!~"x|y"}'],
  [String.raw`{note="say \"no\" to \\ and \n"}`, String.raw`{note="say \"no\" to \\ and \n"}`],
])('%s is read, and written as %s', (text, written) => {
  const selector = parseSelector(text)
  expect(formatSelector(selector)).toBe(written)
  expect(parseSelector(written)).toEqual(selector)
})
