import { expect, test } from 'vitest'
import { estimateBytes } from '../../api/index.ts'

test('a profile takes what the stored ones of its type take in all forms, else what is usual', () => {
  const stored = [
    { type: 'cpu', bytesPerProfile: 100 },
    { type: 'cpu', bytesPerProfile: 20 },
  ]
  expect(estimateBytes(['cpu', 'metrics'], stored)).toBe(120)
  expect(estimateBytes(['cpu', 'mutex'], stored)).toBe(8120)
})
