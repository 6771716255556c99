import { DatabaseSync } from 'node:sqlite'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startService, type StartedService } from '../start-service.ts'

let service: StartedService
beforeAll(async () => {
  service = await startService({
    works: false,
    settings: { 'server.embedOrigins': 'https://wiki.example.com' },
  })
  mkdirSync(join(service.directory, 'web'))
  writeFileSync(
    join(service.directory, 'web', 'index.html'),
    '<html><head></head><body></body></html>',
  )
})
afterAll(() => service.stop())

test('a link shows its profile and its view, and nothing else', async () => {
  const profileId = await upload('shows')
  const { body, status } = await share(profileId, { view: 'view=flame&f=GetList' })
  expect(status).toBe(201)
  expect(body.link).toMatchObject({ profileId, view: 'view=flame&f=GetList', revokedAt: null })
  expect(body.token).toMatch(/^[\w-]{32}$/)
  expect(body.embed).toEqual({
    url: body.url.replace('/s/', '/e/'),
    origins: ['https://wiki.example.com'],
  })
  const shared = await get(`/api/v1/shared/${body.token}`)
  expect(shared.status).toBe(200)
  expect(shared.body).toMatchObject({ view: 'view=flame&f=GetList', profile: { id: profileId } })
  expect((await get(`/api/v1/shared/${body.token}/raw`)).status).toBe(404)
})

test('a link lasts seven days by default', async () => {
  const { body } = await share(await upload('lasts'))
  const days = (Date.parse(body.link.expiresAt) - Date.parse(body.link.createdAt)) / 86_400_000
  expect(days).toBeCloseTo(7, 2)
})

test('a revoked link is gone, for its data and for its page', async () => {
  const { body } = await share(await upload('revoked'))
  expect((await supertest(service.server).delete(`/api/v1/links/${body.link.id}`)).status).toBe(204)
  expect(await answersOf(body.token)).toEqual(gone('revoked'))
})

test('an expired link is gone', async () => {
  const { body } = await share(await upload('expired'), { expiresInSeconds: 60 })
  const database = new DatabaseSync(join(service.directory, 'kubeprof.db'))
  database.prepare('update link set expiresAtMs = ? where id = ?').run(Date.now() - 1, body.link.id)
  database.close()
  expect(await answersOf(body.token)).toEqual(gone('expired'))
})

test('a profile is not deleted while a link shares it, and its revoked links stay gone', async () => {
  const profileId = await upload('deleted')
  const { body } = await share(profileId)
  const held = await supertest(service.server).delete(`/api/v1/profiles/${profileId}`)
  expect([held.status, held.body.error.code]).toEqual([409, 'PROFILE_IN_USE'])
  await supertest(service.server).delete(`/api/v1/links/${body.link.id}`)
  await supertest(service.server).delete(`/api/v1/profiles/${profileId}`).expect(204)
  expect(await answersOf(body.token)).toEqual(gone('deleted'))
})

test('only the hash of a token is kept', async () => {
  const { body } = await share(await upload('hashed'))
  const database = new DatabaseSync(join(service.directory, 'kubeprof.db'))
  const rows = JSON.stringify(database.prepare('select * from link').all())
  database.close()
  expect(rows).toContain(body.link.id)
  expect(rows).not.toContain(body.token)
})

test('what a link answers is not cached, indexed or passed on by a referrer, and its token is not logged', async () => {
  const { body } = await share(await upload('private'))
  const { headers } = await get(`/s/${body.token}`)
  expect(headers).toMatchObject({
    'cache-control': 'private, no-store',
    'x-robots-tag': 'noindex, nofollow',
    'referrer-policy': 'no-referrer',
  })
  await get(`/api/v1/shared/${body.token}`)
  expect(service.logLines.join('')).not.toContain(body.token)
})

test('the page of a link has its preview metadata, as text', async () => {
  const profileId = await upload('unfurl', { component: '"><script>alert(1)</script>$&' })
  const { body } = await share(profileId)
  const { text, status } = await get(`/s/${body.token}`)
  expect(status).toBe(200)
  expect(text).toContain('content="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;$&amp;')
  expect(text).toContain(`/s/${body.token}/preview.png">`)
  expect(text).not.toContain('<script>')
})

test('a link to a comparison shows both profiles, and keeps both', async () => {
  const [before, after] = [await upload('compared'), await upload('compared-later')]
  const { body } = await share(after, { beforeId: before })
  expect(body.link).toMatchObject({ profileId: after, beforeId: before, captureId: null })
  const shared = await get(`/api/v1/shared/${body.token}`)
  expect(shared.body).toMatchObject({ profile: { id: after }, before: { id: before } })
  // Neither is of a capture, whose metrics would say.
  expect(shared.body.requests).toEqual({ before: null, after: null })
  // Nothing is analysed here: what matters is that the address is that of the other profile.
  expect((await get(`/api/v1/shared/${body.token}/before/columns`)).status).toBe(409)
  const held = await supertest(service.server).delete(`/api/v1/profiles/${before}`)
  expect(held.body.error.code).toBe('PROFILE_IN_USE')
})

test('a link without a comparison or a capture has neither', async () => {
  const { body } = await share(await upload('alone'))
  const answers = ['before/columns', 'capture-report'].map((path) =>
    get(`/api/v1/shared/${body.token}/${path}`),
  )
  for (const answer of await Promise.all(answers)) {
    expect([answer.status, answer.body.error.code]).toEqual([403, 'NOT_SHARED'])
  }
})

test('a link to a capture is refused for a profile that is not of it, and with less than the whole', async () => {
  const profileId = await upload('no-capture')
  const captureId = '01JD6Q8G0000000000000000AA'
  expect((await share(profileId, { captureId })).body.error.code).toBe('CAPTURE_NOT_FOUND')
  const exposure = { scope: 'profile', labels: 'hidden', source: true }
  expect((await share(profileId, { captureId, exposure })).status).toBe(400)
})

test('how often a link was opened is counted, and all links are listed', async () => {
  const { body } = await share(await upload('counted'), { name: 'for the review' })
  await get(`/api/v1/shared/${body.token}`)
  await get(`/api/v1/shared/${body.token}`)
  const { body: list } = await get('/api/v1/links?limit=500')
  const found = list.items.find(({ id }: { readonly id: string }) => id === body.link.id)
  expect(found).toMatchObject({ name: 'for the review', viewCount: 2 })
  expect(Date.parse(found.lastViewedAt)).toBeGreaterThan(0)
})

test('a link is shown in frames only of the origins that the operator names', async () => {
  const { body } = await share(await upload('embedded'))
  const { headers } = await get(`/e/${body.token}`)
  expect(headers['content-security-policy']).toContain('frame-ancestors https://wiki.example.com')
  expect(headers['x-frame-options']).toBeUndefined()
  const page = await get(`/s/${body.token}`)
  expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'")
  expect(page.headers['x-frame-options']).toBe('DENY')
})

test('a link to an unknown profile is refused', async () => {
  const { status, body } = await share('01JD6Q8G0000000000000000AA')
  expect({ status, code: body.error.code }).toEqual({ status: 404, code: 'PROFILE_NOT_FOUND' })
})

test('a link may not outlive ninety days', async () => {
  const { status } = await share(await upload('long'), { expiresInSeconds: 91 * 86_400 })
  expect(status).toBe(400)
})

test('the links of a profile are listed without their tokens', async () => {
  const profileId = await upload('listed')
  const { body } = await share(profileId)
  const { body: list } = await get(`/api/v1/links?profileId=${profileId}`)
  expect(list).toEqual({ items: [body.link], nextCursor: null })
})

async function upload(
  target: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<string> {
  const reply = await supertest(service.server)
    .post('/api/v1/profiles')
    .query({ target, ...fields })
    .type('application/octet-stream')
    .send(Buffer.from([0x0a, 0x00]))
  return reply.body.profile.id
}

function share(profileId: string, options: object = {}) {
  return supertest(service.server)
    .post('/api/v1/links')
    .send({ profileId, ...options })
}

function get(path: string) {
  return supertest(service.server).get(path)
}

/** How each address of a link answers, the page's last. */
async function answersOf(token: string): Promise<readonly unknown[]> {
  const answers: unknown[] = []
  for (const part of ['', '/report', '/columns', '/top', '/svg']) {
    const { status, body } = await get(`/api/v1/shared/${token}${part}`)
    answers.push([status, body.error?.code, body.error?.details])
  }
  return [...answers, (await get(`/s/${token}`)).status]
}

function gone(reason: string): readonly unknown[] {
  const answer = [410, 'LINK_GONE', { reason }]
  return [answer, answer, answer, answer, answer, 410]
}
