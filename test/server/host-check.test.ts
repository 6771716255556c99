import Fastify from 'fastify'
import { Value } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { checkSameSite, isLoopback, makeHostCheck } from '../../server/http/host-check.ts'
import { replyWithError } from '../../server/http/error-replies.ts'
import { ServerOptions } from '../../server/options.ts'

const TOKEN = { name: 'ci', role: 'viewer', sha256: '0'.repeat(64) } as const

/** Asks an app that has these checks alone. */
async function statusOf(
  { method = 'GET', ...headers }: Readonly<Record<string, string>> & { method?: 'GET' | 'POST' },
  options: Partial<ServerOptions> = {},
): Promise<number> {
  const all = { ...Value.Create(ServerOptions), ...options }
  const checkHost = makeHostCheck(all)
  const app = Fastify()
  app.setErrorHandler(replyWithError)
  app.addHook('onRequest', async (request) => {
    checkHost(request)
    checkSameSite(request)
  })
  app.route({ method: ['GET', 'POST'], url: '/', handler: () => 'here' })
  const { statusCode } = await app.inject({ method, url: '/', headers })
  await app.close()
  return statusCode
}

test.each(['localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]'])('%s is loopback', (host) => {
  expect(isLoopback(host)).toBe(true)
})

test.each(['128.0.0.1', 'localhost.example.com', '127.0.0.1.example.com', '', '0.0.0.0'])(
  '%j is not loopback',
  (host) => {
    expect(isLoopback(host)).toBe(false)
  },
)

describe('without tokens', () => {
  test.each(['localhost:7070', '127.0.0.1', '[::1]:7070', 'LocalHost', 'localhost.'])(
    'the name %s is answered',
    async (host) => {
      expect(await statusOf({ host })).toBe(200)
    },
  )

  test.each(['evil.example.com', 'localhost.evil.example.com:7070', '10.0.0.1'])(
    'the name %s is refused',
    async (host) => {
      expect(await statusOf({ host })).toBe(421)
    },
  )

  test('the names of the settings are answered, whatever their case and port', async () => {
    const publicUrl = 'https://kubeprof.example.com'
    expect(await statusOf({ host: 'Kubeprof.example.com' }, { publicUrl })).toBe(200)
    expect(await statusOf({ host: 'proxy:80' }, { allowedHosts: ['Proxy'] })).toBe(200)
    expect(await statusOf({ host: '[fd00::1]:7070' }, { host: 'fd00::1' })).toBe(200)
    expect(await statusOf({ host: 'other:80' }, { allowedHosts: ['proxy'] })).toBe(421)
  })
})

describe('with tokens', () => {
  test('names are checked, too', async () => {
    expect(await statusOf({ host: 'any.example.com' }, { tokens: [TOKEN] })).toBe(421)
    const options = { tokens: [TOKEN], allowedHosts: ['proxy'] }
    expect(await statusOf({ host: 'proxy' }, options)).toBe(200)
    expect(await statusOf({ host: 'any.example.com' }, options)).toBe(421)
  })
})

test('a server that listens beyond loopback is reached by its IP addresses, which cannot be rebound', async () => {
  expect(await statusOf({ host: '10.0.0.1:7070' }, { host: '0.0.0.0' })).toBe(200)
  expect(await statusOf({ host: '[2001:db8::1]:7070' }, { host: '::' })).toBe(200)
  expect(await statusOf({ host: '10.0.0.1.example.com' }, { host: '0.0.0.0' })).toBe(421)
})

test('the name * accepts every host', async () => {
  expect(await statusOf({ host: 'any.example.com' }, { allowedHosts: ['*'] })).toBe(200)
})

describe('a change', () => {
  const host = 'localhost:7070'

  test.each([
    ['a program, which sends neither header', {}, 200],
    ['our own page', { 'sec-fetch-site': 'same-origin' }, 200],
    ['the address bar', { 'sec-fetch-site': 'none' }, 200],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a page of another port', { 'sec-fetch-site': 'same-site' }, 403],
    ['our own page in an old browser', { origin: 'http://localhost:7070' }, 200],
    ['another page in an old browser', { origin: 'http://localhost:8080' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
  ])('from %s is answered with %s: %i', async (_, headers, status) => {
    expect(await statusOf({ method: 'POST', host, ...headers })).toBe(status)
  })

  test('does not apply to reads', async () => {
    expect(await statusOf({ host, 'sec-fetch-site': 'cross-site' })).toBe(200)
  })
})
