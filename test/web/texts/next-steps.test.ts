import { expect, test } from 'vitest'
import { logPattern } from '../../../web/findings/log-pattern.ts'

test('a line of a log becomes a pattern that grep -E finds it with', () => {
  const pattern = logPattern('Trace[...]: "List" (total time: ...ms)')
  expect(pattern).toBe(String.raw`Trace\[.*\]: "List" \(total time: .*ms\)`)
  expect(new RegExp(pattern).test('Trace[12]: "List" (total time: 700ms)')).toBe(true)
})
