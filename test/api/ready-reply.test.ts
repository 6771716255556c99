import { expect, test } from 'vitest'
import { readyReplyOf } from '../../api/index.ts'

const FINE = { name: 'store', isReady: true, isRequired: true, text: '' }
const FAILED = { name: 'queue', isReady: false, isRequired: false, text: 'Redis does not answer.' }

test.each([
  ['ready', [FINE]],
  ['degraded', [FINE, FAILED]],
  ['not_ready', [{ ...FINE, isReady: false }, FAILED]],
] as const)('a process is %s by what it depends on', (status, checks) => {
  expect(readyReplyOf(checks)).toEqual({ status, checks })
})
