import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isRecord, listAt } from '../../../api/index.ts'
import { captureBundle } from '../profiles/capture-bundle.ts'
import { startService, type StartedService } from '../start-service.ts'

const TIME_MS = Date.UTC(2026, 0, 2, 3, 4, 5)
const PLACES = [
  { target: 'api', instance: 'node-1', cluster: 'blue', component: 'kube-apiserver' },
  { target: 'db', instance: 'node-2', cluster: 'green', component: 'etcd', 'label.env': 'prod' },
  // An empty text is as good as none.
  { target: '', instance: '', cluster: '', component: '', 'label.env': '' },
] as const

let service: StartedService
beforeAll(async () => {
  service = await startService({ works: false })
  for (const [row, place] of PLACES.entries()) {
    const query = { ...place, time: new Date(TIME_MS + row * 1000).toISOString() }
    const bundle = await captureBundle({ timeMs: TIME_MS, metrics: `a ${row}`, startedAt: 1 })
    await supertest(service.server)
      .post('/api/v1/profiles')
      .query(query)
      .type('application/octet-stream')
      .send(Buffer.from([0x0a, 0x02, 0x08, row + 1]))
      .expect(201)
    await supertest(service.server)
      .post('/api/v1/captures')
      .query(query)
      .type('application/gzip')
      .send(bundle)
      .expect(201)
  }
})
afterAll(() => service.stop())

async function listed(path: string): Promise<readonly unknown[]> {
  const { status, body } = await supertest(service.server).get(path)
  expect(status).toBe(200)
  return listAt(body, 'items').map((item) => (isRecord(item) ? item['target'] : undefined))
}

describe.each(['profiles', 'captures'])('%s', (list) => {
  const alone = list === 'profiles' ? '&alone=true' : ''

  test.each([
    ['cluster=blue', ['api']],
    ['instance=node-2', ['db']],
    ['cluster=blue&instance=node-2', []],
    ['cluster=green&component=etcd', ['db']],
    ['cluster=', [null]],
    ['instance=', [null]],
    ['target=', [null]],
    ['component=', [null]],
    ['label.env=prod', ['db']],
    ['label.env=', [null, 'api']],
    ['label.env=&cluster=blue', ['api']],
  ])('of %s', async (query, targets) => {
    expect(await listed(`/api/v1/${list}?${query}${alone}`)).toEqual(targets)
  })

  test('of a span begin with its first time and end before its last', async () => {
    const [first, second] = [0, 1000].map((ms) => new Date(TIME_MS + ms).toISOString())
    expect(await listed(`/api/v1/${list}?from=${first}&to=${second}${alone}`)).toEqual(['api'])
  })

  test('are counted by the same filters', async () => {
    const path = `/api/v1/${list}/facets?instance=node-1&label.env=${alone}`
    const { body } = await supertest(service.server).get(path)
    expect(body).toMatchObject({
      cluster: [{ value: 'blue', count: 1 }],
      target: [{ value: 'api', count: 1 }],
      status: [{ count: 1 }],
    })
  })
})

test.each([
  ['type=cpu', [null, 'db', 'api']],
  ['type=cpu&cluster=blue', ['api']],
  ['type=heap', []],
])('captures of %s have a profile of it', async (query, targets) => {
  expect(await listed(`/api/v1/captures?${query}`)).toEqual(targets)
  const { body } = await supertest(service.server).get(`/api/v1/captures/facets?${query}`)
  const count = listAt(body, 'target').reduce<number>(
    (sum, value) => sum + (isRecord(value) ? Number(value['count']) : 0),
    0,
  )
  expect(count).toBe(targets.length)
})

test('a type of captures that no profile has is refused', async () => {
  const { body } = await supertest(service.server).get('/api/v1/captures?type=metrics')
  expect(body.error.code).toBe('REQUEST_INVALID')
})

test('profiles in no capture are counted by themselves', async () => {
  const [all, lone] = ['', '?alone=true'].map((query) =>
    supertest(service.server).get(`/api/v1/profiles/facets${query}`),
  )
  expect((await all)?.body.cluster).toContainEqual({ value: 'blue', count: 2 })
  expect((await lone)?.body.cluster).toContainEqual({ value: 'blue', count: 1 })
})

const SPAN = 'from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z'
const SIDE = 'api+2026-01-02T00:00:00Z+2026-01-01T00:00:00Z'

test.each([
  ['/api/v1/profiles?', 'from'],
  ['/api/v1/profiles/facets?', 'from'],
  ['/api/v1/captures?', 'from'],
  ['/api/v1/captures/facets?', 'from'],
  ['/api/v1/audit?', 'from'],
  ['/api/v1/merge?target=api&type=cpu&', 'from'],
  ['/api/v1/trend?target=api&type=cpu&', 'from'],
  ['/api/v1/range/top?type=cpu&', 'from'],
  ['/api/v1/range/series?type=cpu&', 'from'],
  ['/api/v1/range/requests?type=cpu&', 'from'],
  ['/api/v1/range/movers?type=cpu&', 'from'],
  [`/api/v1/compare?a=${SIDE}&b=${SIDE}&type=cpu#`, 'FROM'],
])('%s refuses a span that ends before it begins', async (path, name) => {
  const { status, body } = await supertest(service.server).get(`${path}${SPAN}`)
  expect({ status, body }).toMatchObject({
    status: 400,
    body: {
      error: {
        code: 'REQUEST_INVALID',
        message: expect.stringMatching(new RegExp(`^\`${name}\` must be before \``)),
        details: { name },
      },
    },
  })
})

test.each(['/api/v1/profiles', '/api/v1/captures', '/api/v1/range/top'])(
  'the description of %s says that `to` is left out',
  async (path) => {
    const { body } = await supertest(service.server).get('/api/openapi.json')
    const { parameters } = body.paths[path].get
    expect(parameters).toContainEqual(
      expect.objectContaining({ name: 'to', description: expect.stringContaining('left out') }),
    )
  },
)
