import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import supertest from 'supertest'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../../../store/index.ts'
import { STORE_DEFAULTS } from '../../store/open-store.ts'
import { startService, type StartedService } from '../start-service.ts'

const CHIEF = { name: 'chief', role: 'admin', sha256: sha256('kp_of-the-chief') } as const
const NOBODY = '01JD6Q8G0000000000000000AA'

let service: StartedService

describe('with an admin in the settings', () => {
  beforeEach(async () => {
    service = await startService({
      works: false,
      settings: {
        'server.tokens': JSON.stringify([CHIEF]),
        'accounts.failuresPerMinuteMax': '3',
      },
    })
  })
  afterEach(() => service.stop())

  test('a token is shown once, gives its role, and is stored as a hash', async () => {
    const { status, body } = await create({ name: 'ci', role: 'uploader', expiresInDays: 30 })
    expect(status).toBe(201)
    expect(body.token).toMatch(/^kp_[\w-]{43}$/)
    expect(body.summary).toMatchObject({ name: 'ci', role: 'uploader', createdBy: 'chief' })
    expect(daysUntil(body.summary.expiresAt)).toBeCloseTo(30, 2)
    expect((await get('/api/v1/profiles', body.token)).status).toBe(200)
    expect((await get('/api/v1/tokens', body.token)).status).toBe(403)
    const list = await get('/api/v1/tokens')
    expect(list.body.items.map(({ name }: { name: string }) => name)).toEqual(['ci', 'chief'])
    const kept = JSON.stringify([list.body, rows(), service.logLines])
    expect(kept).toContain(sha256(body.token))
    expect(kept).not.toContain(body.token)
  })

  test('a token lasts ninety days unless something else is said', async () => {
    const { body } = await create({ name: 'ci', role: 'viewer' })
    expect(daysUntil(body.summary.expiresAt)).toBeCloseTo(90, 2)
    const forever = await create({ name: 'ci', role: 'viewer', expiresInDays: null })
    expect(forever.body.summary.expiresAt).toBeNull()
  })

  test('a revoked token is refused at once, and stays in the list', async () => {
    const { body } = await create({ name: 'ci', role: 'viewer' })
    expect((await get('/api/v1/profiles', body.token)).status).toBe(200)
    expect((await remove(body.summary.id)).status).toBe(204)
    expect((await get('/api/v1/profiles', body.token)).status).toBe(401)
    const list = await get('/api/v1/tokens')
    expect(list.body.items[0]).toMatchObject({ name: 'ci', revokedAt: expect.any(String) })
  })

  test('a token revoked by another process is refused at once', async () => {
    const { body } = await create({ name: 'ci', role: 'viewer' })
    expect((await get('/api/v1/profiles', body.token)).status).toBe(200)
    const other = await openStore({ ...STORE_DEFAULTS, directory: service.directory })
    await other.tokens.revoke(body.summary.id)
    await other.close()
    expect((await get('/api/v1/profiles', body.token)).status).toBe(401)
  })

  test('an expired token is refused', async () => {
    const { body } = await create({ name: 'ci', role: 'viewer', expiresInDays: 1 })
    change(`update token set expiresAtMs = ${Date.now() - 1}`)
    expect((await get('/api/v1/profiles', body.token)).status).toBe(401)
  })

  test('the time of the last use is written at most once a minute', async () => {
    const { body } = await create({ name: 'ci', role: 'viewer' })
    expect(await lastUsed()).toBeNull()
    const startMs = Date.now()
    await get('/api/v1/profiles', body.token)
    const first = await lastUsed()
    expect(Date.parse(String(first))).toBeGreaterThanOrEqual(startMs)
    await get('/api/v1/profiles', body.token)
    expect(await lastUsed()).toBe(first)
    change('update token set lastUsedAtMs = lastUsedAtMs - 60001')
    await get('/api/v1/profiles', body.token)
    expect(Date.parse(String(await lastUsed()))).toBeGreaterThanOrEqual(Date.parse(String(first)))
  })

  test('an unknown token cannot be revoked', async () => {
    expect((await remove(NOBODY)).body.error.code).toBe('TOKEN_NOT_FOUND')
  })

  test('wrong tokens are limited, and a valid one from the same address always works', async () => {
    const statuses: number[] = []
    for (let guess = 0; guess < 5; guess++) {
      statuses.push((await get('/api/v1/profiles', `kp_guess${guess}`)).status)
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429])
    const late = await supertest(service.server).post('/api/v1/session').send({ token: 'guess' })
    expect(late.status).toBe(429)
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0)
    expect((await get('/api/v1/profiles')).status).toBe(200)
    const signIn = await supertest(service.server)
      .post('/api/v1/session')
      .send({ token: 'kp_of-the-chief' })
    expect(signIn.status).toBe(200)
    expect((await get('/metrics')).text).toContain('kubeprof_auth_failures_total{mode="bearer"} 5')
  })
})

describe('without any account', () => {
  beforeEach(async () => {
    service = await startService({ works: false })
  })
  afterEach(() => service.stop())

  test('every caller is an admin until the first token is made, which must be of an admin', async () => {
    const open = supertest(service.server)
    expect((await open.get('/api/v1/session')).body.needsToken).toBe(false)
    const weak = await open.post('/api/v1/tokens').send({ name: 'ci', role: 'viewer' })
    expect(weak.status).toBe(400)
    const { body } = await open.post('/api/v1/tokens').send({ name: 'me', role: 'admin' })
    expect((await open.get('/api/v1/profiles')).status).toBe(401)
    expect((await get('/api/v1/profiles', body.token)).status).toBe(200)
    expect((await open.get('/api/v1/session')).body.needsToken).toBe(true)
  })

  test('revoking the last token does not open the server again', async () => {
    const open = supertest(service.server)
    const { body } = await open.post('/api/v1/tokens').send({ name: 'me', role: 'admin' })
    expect((await remove(body.summary.id, body.token)).status).toBe(204)
    expect((await open.get('/api/v1/profiles')).status).toBe(401)
  })
})

function create(body: object) {
  return supertest(service.server)
    .post('/api/v1/tokens')
    .set('Authorization', 'Bearer kp_of-the-chief')
    .send(body)
}

function get(path: string, token = 'kp_of-the-chief') {
  return supertest(service.server).get(path).set('Authorization', `Bearer ${token}`)
}

function remove(id: string, token = 'kp_of-the-chief') {
  return supertest(service.server)
    .delete(`/api/v1/tokens/${id}`)
    .set('Authorization', `Bearer ${token}`)
}

async function lastUsed(): Promise<unknown> {
  return (await get('/api/v1/tokens')).body.items[0].lastUsedAt
}

function daysUntil(time: string): number {
  return (Date.parse(time) - Date.now()) / 86_400_000
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function rows(): readonly unknown[] {
  const database = new DatabaseSync(join(service.directory, 'kubeprof.db'))
  const all = database.prepare('select * from token').all()
  database.close()
  return all
}

function change(statement: string): void {
  const database = new DatabaseSync(join(service.directory, 'kubeprof.db'))
  database.exec(statement)
  database.close()
}
