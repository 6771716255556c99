import { expect, test } from 'vitest'
import { ERRORS } from '../../api/errors.ts'
import { serverMessage } from '../../web/texts/server-message.ts'

const PLAIN = { code: 'TARGET_BUSY', message: ERRORS.TARGET_BUSY.say }
const DETAILED = { code: 'TARGET_TIMEOUT', message: 'api-0 did not answer within 5 s.' }

test('in English the server speaks for itself', () => {
  expect(serverMessage(PLAIN, 'en')).toBe(PLAIN.message)
  expect(serverMessage(DETAILED, 'en')).toBe(DETAILED.message)
})

test('in Chinese the code is explained, and what the server says beyond it follows', () => {
  expect(serverMessage(PLAIN, 'zh')).toBe('目标正在被其他人采样。')
  expect(serverMessage(DETAILED, 'zh')).toBe('目标未及时响应。（api-0 did not answer within 5 s.）')
  expect(serverMessage({ code: 'toString', message: 'x' }, 'zh')).toBe('x')
})
