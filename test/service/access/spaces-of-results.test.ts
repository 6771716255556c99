import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startService, type StartedService } from '../start-service.ts'

// What workers make of a profile: views, history and findings. test/service/access/spaces.test.ts has every route, before that.

const EXAMPLE = join(import.meta.dirname, '../../../examples/apiserver-list-no-rv/cpu.pb.gz')
const RANGE = 'type=cpu&from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z'
/** Another space is told that there is nothing. */
const OWN = [404, 200]
const EVERYTHING = encodeURIComponent('{target=~".*"}')

let service: StartedService
let profileId: string
let findingId: string
beforeAll(async () => {
  service = await startService({ settings: { 'server.tokens': tokens() } })
  for (const name of ['ours', 'theirs']) await as('root', 'post', '/api/v1/spaces').send({ name })
  const { body } = await as('theirs', 'post', '/api/v1/profiles')
    .query({ target: 'secret', component: 'kube-apiserver', wait: '90s' })
    .type('application/octet-stream')
    .send(await readFile(EXAMPLE))
  profileId = body.profile.id
  const findings = await as('theirs', 'get', '/api/v1/findings')
  findingId = findings.body.items[0].id
})
afterAll(() => service.stop())

test.each([
  'report',
  'columns',
  'top',
  'tree',
  'tags',
  'flame',
  'svg',
  'png',
  'traces',
  'raw',
  'peek?q=.',
])('a profile has %s in its own space alone', async (view) => {
  expect(await statusesOf('get', `/api/v1/profiles/${profileId}/${view}`)).toEqual(OWN)
})

test.each([
  'top',
  'flame',
  'tree',
  'graph',
  'peek?function=.',
  'raw',
  'columns',
  'series',
  'outliers',
])('a range has %s in its own space alone', async (view) => {
  const joint = view.includes('?') ? '&' : '?'
  const path = `/api/v1/range/${view}${joint}q=${EVERYTHING}&${RANGE}`
  expect(await statusesOf('get', path)).toEqual(OWN)
})

test.each(['labels', 'values?name=target'])('%s of history are of its own space', async (path) => {
  expect((await as('theirs', 'get', `/api/v1/range/${path}`)).body.items).not.toEqual([])
  expect((await as('ours', 'get', `/api/v1/range/${path}`)).body.items).toEqual([])
})

test('findings are of their own space', async () => {
  expect((await as('ours', 'get', '/api/v1/findings')).body.items).toEqual([])
  expect(await statusesOf('get', `/api/v1/findings/${findingId}`)).toEqual(OWN)
  expect(await statusesOf('get', `/api/v1/findings/${findingId}/trend`)).toEqual(OWN)
  expect(
    await statusesOf('post', `/api/v1/findings/${findingId}/acknowledge`, { note: 'x' }),
  ).toEqual(OWN)
  expect(
    await statusesOf('post', `/api/v1/findings/${findingId}/mute`, {
      until: '2100-01-01T00:00:00Z',
    }),
  ).toEqual(OWN)
  expect(await statusesOf('post', `/api/v1/findings/${findingId}/reopen`)).toEqual(OWN)
})

test('profiles over time are of their own space', async () => {
  expect(await statusesOf('get', '/api/v1/merge?target=secret&type=cpu')).toEqual(OWN)
  expect(await statusesOf('get', `/api/v1/compare?a=${profileId}&b=${profileId}`)).toEqual(OWN)
})

/** What others are answered, and then its own space. */
async function statusesOf(method: 'get' | 'post', path: string, body: object = {}) {
  const statuses: number[] = []
  for (const caller of ['ours', 'theirs']) {
    const request = as(caller, method, path)
    statuses.push((await (method === 'post' ? request.send(body) : request)).status)
  }
  return statuses
}

function as(caller: string, method: 'get' | 'post', path: string) {
  return supertest(service.server)[method](path).set('Authorization', `Bearer of-${caller}`)
}

function tokens(): string {
  const spaces = { ours: 'ours', theirs: 'theirs', root: '*' }
  return JSON.stringify(
    Object.entries(spaces).map(([name, space]) => ({
      name,
      role: 'admin',
      space,
      sha256: createHash('sha256').update(`of-${name}`).digest('hex'),
    })),
  )
}
