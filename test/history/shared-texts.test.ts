import { expect, test } from 'vitest'
import { decodeColumns, encodeColumns, sharedTexts } from '../../profile/index.ts'
import { DAY, heavyTailDay } from '../../bench/inputs/heavy-tail-day.ts'

test('columns read with shared texts equal those read alone', () => {
  const texts = sharedTexts()
  for (const profile of heavyTailDay({ ...DAY, count: 3, drawCount: 20 })) {
    const [, ...names] = profile.strings
    // One is not valid UTF-16, and becomes U+FFFD either way.
    const odd = { ...profile, strings: ['', 'ä\ud800', ...names.slice(1)] }
    for (const one of [profile, odd]) {
      const bytes = encodeColumns(one)
      expect(decodeColumns(bytes, texts)).toEqual(decodeColumns(bytes))
    }
  }
})
