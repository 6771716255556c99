import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import supertest from 'supertest'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startService, type StartedService } from '../start-service.ts'

const TOKEN = 'kp_of-a-viewer'
const READER = { name: 'reader', role: 'viewer', sha256: sha256(TOKEN) } as const
const METRICS_URL = 'https://prometheus.example.com/graph?g0.expr={query}'
const ADMIN = { name: 'chief', role: 'admin', sha256: sha256('kp_of-the-chief') } as const

let service: StartedService
beforeEach(async () => {
  service = await startService({
    works: false,
    settings: {
      'server.tokens': JSON.stringify([READER, ADMIN]),
      'server.publicUrl': 'https://kubeprof.example.com',
      'server.metricsUrl': METRICS_URL,
      'accounts.sessionIdleMinutes': '60',
      'accounts.sessionHours': '24',
    },
  })
})
afterEach(() => service.stop())

test('a browser that signed in is known by its cookie', async () => {
  const before = await supertest(service.server).get('/api/v1/session')
  expect(before.body).toEqual({
    needsToken: true,
    oidcName: null,
    role: null,
    name: null,
    space: null,
    metricsUrl: null,
  })
  const reply = await signIn()
  const reader = {
    needsToken: true,
    oidcName: null,
    role: 'viewer',
    name: 'reader',
    space: 'default',
    metricsUrl: METRICS_URL,
  }
  expect(reply.body).toEqual(reader)
  const cookie = cookieOf(reply)
  expect((await read(cookie)).status).toBe(200)
  const after = await supertest(service.server).get('/api/v1/session').set('Cookie', cookie)
  expect(after.body).toEqual(reader)
})

test('the cookie has every attribute that keeps it from others', async () => {
  const cookie = [(await signIn()).headers['set-cookie']].flat().join(';')
  expect(cookie).toMatch(/^__Host-kubeprof=/)
  for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/', 'Max-Age=86400']) {
    expect(cookie).toContain(attribute)
  }
  expect(cookie).not.toContain('Domain')
})

test('the cookie is not the token, and is a new random value at each sign-in', async () => {
  const cookies = [cookieOf(await signIn()), cookieOf(await signIn())]
  expect(cookies[0]).not.toBe(cookies[1])
  for (const cookie of cookies) {
    expect(cookie).not.toContain(TOKEN)
    expect(cookie.split('=')[1]).toMatch(/^[\w-]{43}$/)
  }
  expect((await read(`__Host-kubeprof=${TOKEN}`)).status).toBe(401)
})

test('only the hash of the cookie is stored', async () => {
  const [, value = ''] = cookieOf(await signIn()).split('=')
  const rows = JSON.stringify(sessionRows())
  expect(rows).toContain(sha256(value))
  expect(rows).not.toContain(value)
})

describe('a session ends', () => {
  test('when the browser signs out, on the server too', async () => {
    const cookie = cookieOf(await signIn())
    const reply = await supertest(service.server).delete('/api/v1/session').set('Cookie', cookie)
    expect(reply.status).toBe(204)
    expect(cookieOf(reply)).toBe('__Host-kubeprof=')
    expect((await read(cookie)).status).toBe(401)
    expect(sessionRows()).toEqual([])
  })

  test('when its token is revoked', async () => {
    const { body } = await asChief('post', '/api/v1/tokens').send({ name: 'x', role: 'viewer' })
    const cookie = cookieOf(await signIn(body.token))
    expect((await read(cookie)).status).toBe(200)
    await asChief('delete', `/api/v1/tokens/${body.summary.id}`).expect(204)
    expect((await read(cookie)).status).toBe(401)
  })

  test('when its token is removed from the settings', async () => {
    const cookie = cookieOf(await signIn())
    service.settingsTokens.replace([ADMIN])
    expect((await read(cookie)).status).toBe(401)
  })

  test('when it was not used for too long', async () => {
    const cookie = cookieOf(await signIn())
    changeSessions('seenAtMs = seenAtMs - 59 * 60000')
    expect((await read(cookie)).status).toBe(200)
    changeSessions('seenAtMs = seenAtMs - 61 * 60000')
    expect((await read(cookie)).status).toBe(401)
  })

  test('when it is too old, however much it is used', async () => {
    const cookie = cookieOf(await signIn())
    changeSessions('endsAtMs = endsAtMs - 24 * 3600000 + 60000')
    expect((await read(cookie)).status).toBe(200)
    changeSessions('endsAtMs = endsAtMs - 60000')
    expect((await read(cookie)).status).toBe(401)
  })
})

test('a cookie gives no more than the role of its token', async () => {
  const reply = await supertest(service.server)
    .post('/api/v1/links')
    .set('Cookie', cookieOf(await signIn()))
    .send({})
  expect(reply.status).toBe(403)
})

test('a bearer token goes before the cookie', async () => {
  const reply = await supertest(service.server)
    .get('/api/v1/profiles')
    .set('Cookie', cookieOf(await signIn()))
    .set('Authorization', 'Bearer nonsense')
  expect(reply.status).toBe(401)
})

test('a page of another site cannot sign in', async () => {
  const reply = await supertest(service.server)
    .post('/api/v1/session')
    .set('Sec-Fetch-Site', 'cross-site')
    .send({ token: TOKEN })
  expect(reply.status).toBe(403)
})

test('on plain http the cookie has a name that browsers accept there', async () => {
  const plain = await startService({
    works: false,
    settings: { 'server.tokens': JSON.stringify([READER]) },
  })
  const reply = await supertest(plain.server).post('/api/v1/session').send({ token: TOKEN })
  expect(cookieOf(reply)).toMatch(/^kubeprof_session=/)
  expect([reply.headers['set-cookie']].flat().join(';')).not.toContain('Secure')
  await plain.stop()
})

function signIn(token = TOKEN) {
  return supertest(service.server).post('/api/v1/session').send({ token })
}

function cookieOf({ headers }: { readonly headers: Record<string, unknown> }): string {
  return String([headers['set-cookie']].flat()[0]).split(';')[0] ?? ''
}

function read(cookie: string) {
  return supertest(service.server).get('/api/v1/profiles').set('Cookie', cookie)
}

function asChief(method: 'post' | 'delete', path: string) {
  return supertest(service.server)[method](path).set('Authorization', 'Bearer kp_of-the-chief')
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function sessionRows(): readonly unknown[] {
  return inDatabase((database) => database.prepare('select * from session').all())
}

function changeSessions(change: string): void {
  inDatabase((database) => database.exec(`update session set ${change}`))
}

function inDatabase<Result>(work: (database: DatabaseSync) => Result): Result {
  const database = new DatabaseSync(join(service.directory, 'kubeprof.db'))
  try {
    return work(database)
  } finally {
    database.close()
  }
}
