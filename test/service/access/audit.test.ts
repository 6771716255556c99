import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startService, type StartedService } from '../start-service.ts'

const NOBODY = '01JD6Q8G0000000000000000AA'

let service: StartedService
beforeAll(async () => {
  const tokens = ['viewer', 'operator', 'admin'].map((role) => ({
    name: `the ${role}`,
    role,
    sha256: createHash('sha256').update(`kp_of-${role}`).digest('hex'),
  }))
  service = await startService({
    works: false,
    settings: {
      'server.tokens': JSON.stringify(tokens),
      'server.trustedProxies': '127.0.0.1/32',
      'accounts.failuresPerMinuteMax': '2',
    },
  })
})
afterAll(() => service.stop())

test('a change is noted with who made it, what it was made to, from where, and the request', async () => {
  const profileId = await upload('noted')
  const startMs = Date.now()
  const reply = await call('delete', `/api/v1/profiles/${profileId}`)
    .set('X-Forwarded-For', '198.51.100.7')
    .expect(204)
  expect(reply.status).toBe(204)
  const [entry] = await entriesOf('profile.delete')
  expect(entry).toMatchObject({
    action: 'profile.delete',
    outcome: 'done',
    actor: 'the admin',
    actorKind: 'token',
    space: 'default',
    object: profileId,
    address: '198.51.100.7',
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
  expect(Date.parse(entry.at)).toBeGreaterThanOrEqual(startMs)
  expect(Date.parse(entry.at)).toBeLessThanOrEqual(Date.now())
})

test('a line of the log holds the same, and lines of requests name the actor', async () => {
  const profileId = await upload('logged')
  await call('delete', `/api/v1/profiles/${profileId}`)
  const lines = service.logLines.map((line) => JSON.parse(line))
  const [entry] = await entriesOf('profile.delete')
  const line = lines.find(({ audit }) => audit?.object === profileId)
  expect(line).toMatchObject({ msg: 'audit', audit: { actor: 'the admin', outcome: 'done' } })
  expect(line.audit.requestId).toBe(entry.requestId)
  const request = lines.find(
    ({ reqId, msg }) => reqId === entry.requestId && msg === 'request answered',
  )
  expect(request).toMatchObject({ actor: 'the admin', route: '/api/v1/profiles/:id' })
})

test('sign-in, sign-out and wrong tokens are noted, never with the token', async () => {
  const server = supertest(service.server)
  const signIn = await server.post('/api/v1/session').send({ token: 'kp_of-operator' })
  const [cookie = ''] = String([signIn.headers['set-cookie']].flat()[0]).split(';')
  await server.delete('/api/v1/session').set('Cookie', cookie)
  for (let guess = 0; guess < 4; guess++) {
    await server
      .get('/api/v1/profiles')
      .set('Authorization', 'Bearer kp_wrong-one')
      .set('X-Forwarded-For', '198.51.100.9')
  }
  expect((await entriesOf('session.sign-in'))[0]).toMatchObject({ actor: 'the operator' })
  expect((await entriesOf('session.sign-out'))[0]).toMatchObject({ actor: 'the operator' })
  // Equal events are noted once a minute, so that guessing does not fill the disk.
  const guesses = await entriesOf('token.use')
  expect(guesses).toMatchObject([
    { actor: '', actorKind: 'unknown', outcome: 'refused', address: '198.51.100.9' },
  ])
  const all = JSON.stringify([rows(), service.logLines])
  expect(all).not.toContain('kp_wrong-one')
  expect(all).not.toContain('kp_of-operator')
})

test('what a role does not allow is noted as refused', async () => {
  await call('delete', `/api/v1/profiles/${NOBODY}`, 'viewer').expect(403)
  const entries = await entriesOf('profile.delete', '&outcome=refused')
  expect(entries[0]).toMatchObject({ actor: 'the viewer', object: NOBODY, outcome: 'refused' })
  await call('get', '/api/v1/tokens', 'viewer').expect(403)
  expect((await entriesOf('route.use'))[0]).toMatchObject({
    details: { method: 'GET', route: '/api/v1/tokens' },
  })
})

test('tokens, links, captures and targets are noted', async () => {
  const { body } = await call('post', '/api/v1/tokens').send({ name: 'ci', role: 'viewer' })
  await call('delete', `/api/v1/tokens/${body.summary.id}`)
  const profileId = await upload('shared')
  const link = await call('post', '/api/v1/links').send({ profileId })
  await supertest(service.server).get(`/api/v1/shared/${link.body.token}`).expect(200)
  await supertest(service.server).get(`/api/v1/shared/${link.body.token}/tags`)
  await call('delete', `/api/v1/links/${link.body.link.id}`)
  await call('post', '/api/v1/targets').send({ name: 'pay', url: 'http://pay.example.com:6060' })
  await call('post', '/api/v1/targets/pay/pause')
  await call('delete', '/api/v1/targets/pay')
  const actions = (await entriesOf()).map(({ action }: { action: string }) => action)
  for (const action of [
    'token.create',
    'token.revoke',
    'link.create',
    'link.open',
    'link.revoke',
    'target.create',
    'target.pause',
    'target.delete',
  ]) {
    expect(actions).toContain(action)
  }
  expect(await entriesOf('link.open')).toMatchObject([
    { object: link.body.link.id, actorKind: 'link', outcome: 'done' },
  ])
})

test('the log can be narrowed and read in pages', async () => {
  const first = await call('get', '/api/v1/audit?limit=2')
  expect(first.body.items).toHaveLength(2)
  const second = await call('get', `/api/v1/audit?limit=2&cursor=${first.body.nextCursor}`)
  const ids = [...first.body.items, ...second.body.items].map(({ id }: { id: string }) => id)
  expect(ids).toEqual([...new Set(ids)].toSorted().toReversed())
  const byActor = await call('get', '/api/v1/audit?actor=the%20viewer')
  for (const { actor } of byActor.body.items) expect(actor).toBe('the viewer')
  expect(byActor.body.items.length).toBeGreaterThan(0)
  const later = await call('get', '/api/v1/audit?from=2999-01-01T00:00:00Z')
  expect(later.body.items).toEqual([])
})

test('old entries are deleted', async () => {
  const short = await startService({ works: false, settings: { 'accounts.auditDays': '1' } })
  const database = new DatabaseSync(join(short.directory, 'kubeprof.db'))
  const insert = database.prepare(
    'insert into audit (id, atMs, action, outcome, actor, actorKind, space) values (?, ?, ?, ?, ?, ?, ?)',
  )
  const dayMs = 86_400_000
  insert.run('01JD6Q8G0000000000000000AA', Date.now() - 2 * dayMs, 'a.b', 'done', '', 'open', 'x')
  insert.run('01JD6Q8G0000000000000000AB', Date.now() - dayMs / 2, 'a.c', 'done', '', 'open', 'x')
  database.close()
  await supertest(short.server).delete('/api/v1/session').expect(204)
  const { body } = await supertest(short.server).get('/api/v1/audit')
  expect(body.items.map(({ action }: { action: string }) => action)).toEqual([
    'session.sign-out',
    'a.c',
  ])
  await short.stop()
})

test('every route that changes something declares what the log calls it', () => {
  expect(service.app.routeTable.length).toBeGreaterThan(60)
  const silent = service.app.routeTable.filter(
    ({ method, config }) => !['GET', 'HEAD', 'OPTIONS'].includes(method) && !('audit' in config()),
  )
  expect(silent).toEqual([])
})

test('the documentation has every action', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../docs/accounts.md'), 'utf8')
  const actions = service.app.routeTable.flatMap(({ config }) => {
    const declared: { audit?: unknown } = config()
    return typeof declared.audit === 'string' && declared.audit !== 'none' ? declared.audit : []
  })
  expect(actions).toContain('finding.mute')
  expect(actions.filter((action) => !page.includes(`\`${action}\``))).toEqual([])
})

async function upload(target: string): Promise<string> {
  const reply = await call('post', `/api/v1/profiles?target=${target}`)
    .type('application/octet-stream')
    .send(Buffer.from([0x0a, 0x00]))
  return reply.body.profile.id
}

function call(method: 'get' | 'post' | 'delete', path: string, role = 'admin') {
  return supertest(service.server)[method](path).set('Authorization', `Bearer kp_of-${role}`)
}

async function entriesOf(action?: string, more = '') {
  const filter = action === undefined ? '' : `&action=${action}${more}`
  return (await call('get', `/api/v1/audit?limit=500${filter}`)).body.items
}

function rows(): readonly unknown[] {
  const database = new DatabaseSync(join(service.directory, 'kubeprof.db'))
  const all = database.prepare('select * from audit').all()
  database.close()
  return all
}
