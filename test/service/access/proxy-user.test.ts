import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startService, type StartedService } from '../start-service.ts'

const SECRET = 'shared-with-the-proxy'
const USER = { 'X-Auth-Request-User': 'ada', 'X-Auth-Request-Groups': 'everyone, platform' }

let service: StartedService
beforeAll(async () => {
  service = await start('127.0.0.0/8')
})
afterAll(() => service.stop())

test('a proxy with the secret names the user and the groups', async () => {
  const reply = await get({ ...USER, 'Kubeprof-Proxy-Secret': SECRET }, '/api/v1/session')
  expect(reply.body).toMatchObject({ needsToken: true, role: 'operator', name: 'ada' })
  expect((await get({ ...USER, 'Kubeprof-Proxy-Secret': SECRET })).status).toBe(200)
})

test.each([
  ['without the secret', USER],
  ['with a wrong secret', { ...USER, 'Kubeprof-Proxy-Secret': 'guess' }],
  ['without a user', { 'Kubeprof-Proxy-Secret': SECRET }],
  ['without any header', {}],
])('headers %s are not believed', async (_what, headers) => {
  expect((await get(headers)).status).toBe(401)
})

test('a user whose groups give no role is refused', async () => {
  const headers = { 'X-Auth-Request-User': 'eve', 'Kubeprof-Proxy-Secret': SECRET }
  expect((await get(headers)).status).toBe(403)
})

test('headers from other addresses are not believed, even with the secret', async () => {
  const other = await start('203.0.113.0/24')
  const reply = await supertest(other.server)
    .get('/api/v1/profiles')
    .set({ ...USER, 'Kubeprof-Proxy-Secret': SECRET })
  expect(reply.status).toBe(401)
  await other.stop()
})

test('a forged X-Forwarded-For of another address changes nothing', async () => {
  const other = await start('203.0.113.0/24')
  await supertest(other.server)
    .get('/api/v1/profiles')
    .set('Authorization', 'Bearer guess')
    .set('X-Forwarded-For', '198.51.100.1')
  const line = other.logLines.find((text) => text.includes('token.use')) ?? ''
  expect(JSON.parse(line).audit.address).toBe('127.0.0.1')
  await other.stop()
})

function start(trustedProxies: string): Promise<StartedService> {
  return startService({
    works: false,
    settings: {
      'server.trustedProxies': trustedProxies,
      'accounts.proxySecret': SECRET,
      'accounts.groupRoles': JSON.stringify([
        { group: 'platform', role: 'operator' },
        { group: 'everyone', role: 'viewer' },
      ]),
    },
  })
}

function get(headers: Readonly<Record<string, string>>, path = '/api/v1/profiles') {
  return supertest(service.server).get(path).set(headers)
}
