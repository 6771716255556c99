import { createHash } from 'node:crypto'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startService, type StartedService } from './start-service.ts'

const TOKEN = 'kp_of-a-viewer'

let service: StartedService
beforeAll(async () => {
  const sha256 = createHash('sha256').update(TOKEN).digest('hex')
  service = await startService({
    works: false,
    settings: {
      'server.tokens': JSON.stringify([{ name: 'reader', role: 'viewer', sha256 }]),
      'server.publicUrl': 'https://kubeprof.example.com',
    },
  })
})
afterAll(() => service.stop())

test('a browser that signed in is known by its cookie, until it signs out', async () => {
  const browser = supertest.agent(service.server)
  expect((await browser.get('/api/v1/session')).body).toEqual({ needsToken: true, role: null })
  const signIn = await browser.post('/api/v1/session').send({ token: TOKEN })
  expect(signIn.body).toEqual({ needsToken: true, role: 'viewer' })
  const cookie = [signIn.headers['set-cookie']].flat().join(';')
  for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/']) {
    expect(cookie).toContain(attribute)
  }
  const [pair = ''] = cookie.split(';')
  const read = () => supertest(service.server).get('/api/v1/profiles').set('Cookie', pair)
  expect((await read()).status).toBe(200)
  const signOut = await supertest(service.server).delete('/api/v1/session').set('Cookie', pair)
  expect(signOut.status).toBe(204)
  expect([signOut.headers['set-cookie']].flat().join(';')).toContain('kubeprof_session=;')
})

test('a cookie gives no more than the role of its token', async () => {
  const reply = await supertest(service.server)
    .post('/api/v1/links')
    .set('Cookie', `kubeprof_session=${TOKEN}`)
    .send({})
  expect(reply.status).toBe(403)
})

test('a bearer token goes before the cookie', async () => {
  const reply = await supertest(service.server)
    .get('/api/v1/profiles')
    .set('Cookie', `kubeprof_session=${TOKEN}`)
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

test('an unknown token does not sign in, and guessing is rate limited', async () => {
  const statuses: number[] = []
  for (let count = 0; count < 12; count++) {
    const reply = await supertest(service.server).post('/api/v1/session').send({ token: 'guess' })
    statuses.push(reply.status)
  }
  expect(statuses[0]).toBe(401)
  expect(statuses.at(-1)).toBe(429)
})
