import { createHash } from 'node:crypto'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startService, type StartedService } from '../start-service.ts'

const RANKS = ['viewer', 'uploader', 'operator', 'admin'] as const
const ROLES = [...RANKS, 'trigger'] as const
const UNKNOWN_ID = '01JD6Q8G0000000000000000AA'

let service: StartedService
beforeAll(async () => {
  const tokens = ROLES.map((role) => ({
    name: role,
    role,
    sha256: createHash('sha256').update(`token-of-${role}`).digest('hex'),
  }))
  service = await startService({
    works: false,
    settings: { 'server.tokens': JSON.stringify(tokens), 'server.linkReadsPerMinuteMax': '3' },
  })
})
afterAll(() => service.stop())

/** The least role for each address; what is public needs none. */
const ADDRESSES = [
  ['get', '/healthz', 'public'],
  ['get', '/readyz', 'public'],
  ['get', '/', 'public'],
  ['get', '/profiles/x', 'public'],
  ['get', '/rules/x', 'public'],
  ['get', '/api/openapi.json', 'public'],
  ['get', '/api/docs/', 'public'],
  ['get', '/api/v1/session', 'public'],
  ['delete', '/api/v1/session', 'public'],
  ['get', '/metrics', 'viewer'],
  ['get', '/api/v1/profiles', 'viewer'],
  ['get', `/api/v1/profiles/${UNKNOWN_ID}`, 'viewer'],
  ['get', `/api/v1/profiles/${UNKNOWN_ID}/nearest`, 'viewer'],
  ['get', `/api/v1/profiles/${UNKNOWN_ID}/report`, 'viewer'],
  ['get', `/api/v1/profiles/${UNKNOWN_ID}/columns`, 'viewer'],
  ['get', `/api/v1/profiles/${UNKNOWN_ID}/raw`, 'viewer'],
  ['get', `/api/v1/profiles/${UNKNOWN_ID}/top`, 'viewer'],
  ['get', '/api/v1/rules', 'viewer'],
  ['get', '/api/v1/rules/apiserver.gzip', 'viewer'],
  ['get', `/api/v1/links?profileId=${UNKNOWN_ID}`, 'viewer'],
  ['get', '/api/v1/captures', 'viewer'],
  ['get', `/api/v1/captures/${UNKNOWN_ID}`, 'viewer'],
  ['get', `/api/v1/captures/${UNKNOWN_ID}/nearest`, 'viewer'],
  ['get', `/api/v1/captures/${UNKNOWN_ID}/report`, 'viewer'],
  ['get', `/api/v1/captures/${UNKNOWN_ID}/events`, 'viewer'],
  ['get', `/api/v1/captures/${UNKNOWN_ID}/bundle`, 'viewer'],
  ['get', `/api/v1/captures/${UNKNOWN_ID}/files/cpu.pb.gz`, 'viewer'],
  ['get', `/api/v1/captures/${UNKNOWN_ID}/trace`, 'viewer'],
  ['get', `/api/v1/compare?a=${UNKNOWN_ID}&b=${UNKNOWN_ID}`, 'viewer'],
  ['get', '/api/v1/merge?target=none&type=cpu', 'viewer'],
  ['get', '/api/v1/trend?target=none&type=cpu', 'viewer'],
  ['post', '/api/v1/captures', 'uploader'],
  ['post', `/api/v1/captures/${UNKNOWN_ID}/cancel`, 'operator'],
  ['put', `/api/v1/captures/${UNKNOWN_ID}/pin`, 'operator'],
  ['delete', `/api/v1/captures/${UNKNOWN_ID}/pin`, 'operator'],
  ['delete', `/api/v1/captures/${UNKNOWN_ID}`, 'operator'],
  ['post', '/api/v1/profiles', 'uploader'],
  ['post', '/api/v1/links', 'operator'],
  ['delete', `/api/v1/links/${UNKNOWN_ID}`, 'operator'],
  ['delete', `/api/v1/profiles/${UNKNOWN_ID}`, 'operator'],
  ['get', '/api/v1/targets', 'viewer'],
  ['get', '/api/v1/targets/nobody', 'viewer'],
  ['get', '/api/v1/schedules', 'viewer'],
  ['post', '/api/v1/targets', 'operator'],
  ['put', '/api/v1/targets/nobody', 'operator'],
  ['delete', '/api/v1/targets/nobody', 'operator'],
  ['post', '/api/v1/targets/nobody/pause', 'operator'],
  ['post', '/api/v1/targets/nobody/resume', 'operator'],
  ['post', '/api/v1/targets/nobody/test', 'operator'],
  ['post', '/api/v1/targets/reload', 'admin'],
  ['get', '/api/v1/tokens', 'admin'],
  ['post', '/api/v1/tokens', 'admin'],
  ['delete', `/api/v1/tokens/${UNKNOWN_ID}`, 'admin'],
  ['get', '/api/v1/audit', 'admin'],
  ['get', '/debug/pprof/profile?seconds=1', 'admin'],
  ['get', '/debug/pprof/heap?seconds=1', 'admin'],
  ['get', '/api/v1/spaces', 'viewer'],
  ['post', '/api/v1/spaces', 'admin'],
  ['put', '/api/v1/session', 'viewer'],
  ['post', '/api/v1/schedules/nobody/pause', 'operator'],
  ['post', '/api/v1/schedules/nobody/resume', 'operator'],
  ['post', '/api/v1/triggers/alertmanager', 'trigger'],
  ['post', '/api/v1/session', 'public'],
  ['get', '/api/v1/profiles/facets', 'viewer'],
  ['put', `/api/v1/profiles/${UNKNOWN_ID}/pin`, 'operator'],
  ['delete', `/api/v1/profiles/${UNKNOWN_ID}/pin`, 'operator'],
  ['get', `/api/v1/profiles/${UNKNOWN_ID}/export?format=json`, 'viewer'],
  ['get', `/api/v1/profiles/${UNKNOWN_ID}/peek?q=.`, 'viewer'],
  ['get', `/api/v1/profiles/${UNKNOWN_ID}/png`, 'viewer'],
  ['get', `/api/v1/profiles/${UNKNOWN_ID}/traces`, 'viewer'],
  ['get', `/api/v1/profiles/${UNKNOWN_ID}/tree`, 'viewer'],
  ['get', `/api/v1/profiles/${UNKNOWN_ID}/graph`, 'viewer'],
  ['get', `/api/v1/profiles/${UNKNOWN_ID}/tags`, 'viewer'],
  ['get', `/api/v1/profiles/${UNKNOWN_ID}/flame`, 'viewer'],
  ['get', `/api/v1/profiles/${UNKNOWN_ID}/svg`, 'viewer'],
  ['get', '/api/v1/captures/facets', 'viewer'],
  ['get', '/api/v1/findings', 'viewer'],
  ['get', '/api/v1/findings/facets', 'viewer'],
  ['get', `/api/v1/findings/${UNKNOWN_ID}`, 'viewer'],
  ['get', `/api/v1/findings/${UNKNOWN_ID}/trend`, 'viewer'],
  ['post', `/api/v1/findings/${UNKNOWN_ID}/acknowledge`, 'operator'],
  ['post', `/api/v1/findings/${UNKNOWN_ID}/mute`, 'operator'],
  ['post', `/api/v1/findings/${UNKNOWN_ID}/reopen`, 'operator'],
  ['get', '/api/v1/range/top', 'viewer'],
  ['get', '/api/v1/range/flame', 'viewer'],
  ['get', '/api/v1/range/tree', 'viewer'],
  ['get', '/api/v1/range/graph', 'viewer'],
  ['get', '/api/v1/range/peek', 'viewer'],
  ['get', '/api/v1/range/raw', 'viewer'],
  ['get', '/api/v1/range/columns', 'viewer'],
  ['get', '/api/v1/range/series', 'viewer'],
  ['get', '/api/v1/range/outliers', 'viewer'],
  ['get', '/api/v1/range/movers', 'viewer'],
  ['get', '/api/v1/range/requests', 'viewer'],
  ['get', '/api/v1/range/labels', 'viewer'],
  ['get', '/api/v1/range/values', 'viewer'],
  ['get', '/api/v1/history/stats', 'viewer'],
  ['get', '/api/v1/history/estimate?types=cpu&every=60', 'viewer'],
] as const

test('every route is in the list, but for pages and what links show', () => {
  const missing = service.app.routeTable
    .filter(({ method, url }) => method !== 'HEAD' && /^\/(api\/v1|debug|metrics)\b/.test(url))
    .filter(({ url }) => !url.startsWith('/api/v1/shared/'))
    .filter(({ method, url }) => !ADDRESSES.some((one) => isAt(one, method, url)))
    .map(({ method, url }) => `${method} ${url}`)
  expect(missing).toEqual([])
})

test.each(ADDRESSES)(
  '%s %s is open to %s and above, and to no role below',
  async (method, path, least) => {
    const anonymous = await statusFor(method, path, null)
    expect(anonymous === 401).toBe(least !== 'public')
    for (const role of ROLES) {
      const isAllowed = least === 'public' || mayCall(role, least)
      expect([role, (await statusFor(method, path, `token-of-${role}`)) === 403]).toEqual([
        role,
        !isAllowed,
      ])
    }
  },
)

test('who may upload captures may not have them taken', async () => {
  expect((await requestCapture('uploader')).status).toBe(403)
  expect((await requestCapture('operator')).body.error.code).toBe('TARGET_NOT_FOUND')
})

test.each([
  'nonsense',
  '',
  'token-of-admin2',
  createHash('sha256').update('token-of-admin').digest('hex'),
])('the token "%s" is answered like no token', async (token) => {
  const reply = await supertest(service.server)
    .get('/api/v1/profiles')
    .set('Authorization', `Bearer ${token}`)
  expect(reply.status).toBe(401)
  expect(reply.headers['www-authenticate']).toBe('Bearer')
  expect(reply.body.error.code).toBe('UNAUTHENTICATED')
})

test('tokens are not logged', async () => {
  await statusFor('get', '/api/v1/profiles', 'token-of-admin')
  expect(service.logLines.join('')).not.toContain('token-of-')
})

test('guessing links is rate limited', async () => {
  const statuses: number[] = []
  for (let guess = 0; guess < 5; guess++) {
    statuses.push((await supertest(service.server).get(`/api/v1/shared/guess-${guess}`)).status)
  }
  expect(statuses).toEqual([404, 404, 404, 429, 429])
  const reply = await supertest(service.server).get('/api/v1/shared/again')
  expect(reply.body.error.code).toBe('RATE_LIMITED')
  expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0)
})

/** Whether the address is one of the route's. */
function isAt([verb, path]: (typeof ADDRESSES)[number], method: string, url: string): boolean {
  const [parts, route] = [path.replace(/\?.*/, ''), url].map((one) => one.split('/'))
  return (
    verb.toUpperCase() === method &&
    parts?.length === route?.length &&
    route?.every((one, row) => one === parts?.[row] || one.startsWith(':')) === true
  )
}

async function statusFor(
  method: 'get' | 'post' | 'put' | 'delete',
  path: string,
  token: string | null,
): Promise<number> {
  const request = supertest(service.server)[method](path)
  if (token !== null) void request.set('Authorization', `Bearer ${token}`)
  return (await request).status
}

/** `trigger` may only send alerts; operators may send them too. */
function mayCall(role: (typeof ROLES)[number], least: (typeof ROLES)[number]): boolean {
  if (role === 'trigger' || least === 'trigger') {
    return role === least || role === 'operator' || role === 'admin'
  }
  return RANKS.indexOf(role) >= RANKS.indexOf(least)
}

function requestCapture(role: string) {
  return supertest(service.server)
    .post('/api/v1/captures')
    .set('Authorization', `Bearer token-of-${role}`)
    .send({ target: 'none' })
}
