import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { uploadRateLimit } from '../../server/http/upload-limits.ts'
import { ServerOptions } from '../../server/options.ts'

const DEFAULTS = Value.Create(ServerOptions)

test.each([
  ['a program on this machine', '127.0.0.1', [], true],
  ['the same by IPv6', '::1', [], true],
  ['another machine', '192.0.2.7', [], false],
  ['what a trusted proxy on this machine sends on', '127.0.0.1', ['127.0.0.1/32'], false],
])('%s is exempt from the rate limit of uploads or not', (_, ip, trustedProxies, isExempt) => {
  const { allowList } = uploadRateLimit({ ...DEFAULTS, trustedProxies })
  expect(allowList({ ip })).toBe(isExempt)
})
