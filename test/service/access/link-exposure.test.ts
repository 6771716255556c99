import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeColumns, encodeProfile, ProfileBuilder } from '../../../profile/index.ts'
import { startService, type StartedService } from '../start-service.ts'

/** Texts of the profile, of which a link may show some. */
const SHOWN = 'example.com/shop.Checkout'
const UNFOCUSED = 'example.com/shop.unannounced'
const LABEL_NAME = 'tenant'
const LABEL_VALUE = 'acme-gmbh'
const UNFOCUSED_VALUE = 'umbrella-inc'
const COMMENT = 'built by jane'
const SOURCE = ['prod-eu-1', 'shop-7f9c', 'frankfurt', 'jane.pb.gz']

let service: StartedService
let profile: { readonly id: string }
beforeAll(async () => {
  service = await startService()
  mkdirSync(join(service.directory, 'web'))
  const page = '<html><head></head><body></body></html>'
  writeFileSync(join(service.directory, 'web', 'index.html'), page)
  const [target = '', instance = '', cluster = '', name = ''] = SOURCE
  const reply = await supertest(service.server)
    .post('/api/v1/profiles?wait=90s')
    .query({ target, instance, cluster, name, 'label.team': LABEL_VALUE })
    .type('application/octet-stream')
    .send(gzipSync(encodeProfile(exampleProfile())))
  profile = reply.body.profile
})
afterAll(() => service.stop())

test('a link shows the whole profile unless something is hidden, and says so', async () => {
  const { body } = await share({})
  expect(body.link.exposure).toEqual({ scope: 'profile', labels: 'shown', source: true })
  expect(body.link.exposes).toContain('The findings with their evidence.')
  const texts = await everyResponse(body.token)
  for (const text of [SHOWN, UNFOCUSED, LABEL_NAME, LABEL_VALUE, ...SOURCE]) {
    expect(texts.join('\n')).toContain(text)
  }
})

describe.each([
  ['labels hidden', { labels: 'hidden' }, [LABEL_NAME, LABEL_VALUE, UNFOCUSED_VALUE, COMMENT]],
  ['values of labels hidden', { labels: 'names' }, [LABEL_VALUE, COMMENT]],
  ['its source hidden', { source: false }, [...SOURCE]],
  ['one view', { scope: 'view' }, [UNFOCUSED, UNFOCUSED_VALUE, COMMENT]],
  [
    'everything hidden that can be',
    { scope: 'view', labels: 'hidden', source: false },
    [UNFOCUSED, LABEL_NAME, LABEL_VALUE, COMMENT, ...SOURCE],
  ],
])('a link with %s', (_what, exposure, hidden) => {
  let token: string
  beforeAll(async () => {
    token = (await share(exposure)).body.token
  })

  test('shows it in no response of any of its routes', async () => {
    for (const [path, text] of Object.entries(await responsesByPath(token))) {
      expect({ path, shown: hidden.filter((secret) => text.includes(secret)) }).toEqual({
        path,
        shown: [],
      })
    }
  })

  test('shows no findings, whose texts could name it', async () => {
    const reply = await supertest(service.server).get(`/api/v1/shared/${token}/report`)
    expect({ status: reply.status, code: reply.body.error.code }).toEqual({
      status: 403,
      code: 'NOT_SHARED',
    })
    const shared = await supertest(service.server).get(`/api/v1/shared/${token}`)
    expect(shared.body.profile).toMatchObject({ worstFinding: null, findingCount: 0 })
  })

  test('still shows the rest', async () => {
    const top = await supertest(service.server).get(`/api/v1/shared/${token}/top`)
    expect(top.body.rows.map(({ name }: { name: string }) => name)).toContain(SHOWN)
  })
})

test('the columns of a link to one view hold its samples and its sample type alone', async () => {
  const { body } = await share({ scope: 'view' })
  const columns = await columnsOf(body.token)
  expect(columns.sampleTypes).toEqual([{ type: 'cpu', unit: 'nanoseconds' }])
  expect(columns.samples.length).toBe(1)
  const { body: shared } = await supertest(service.server).get(`/api/v1/shared/${body.token}`)
  expect(shared.view).toBe('view=flame')
  expect(shared.profile.sampleTypes).toMatchObject([{ type: 'cpu' }])
})

test('labels without values keep their names', async () => {
  const { body } = await share({ labels: 'names' })
  const tags = await supertest(service.server).get(`/api/v1/shared/${body.token}/tags?si=cpu`)
  expect(tags.body.tags).toMatchObject([{ key: LABEL_NAME, values: [{ value: '(hidden)' }] }])
  const { body: shared } = await supertest(service.server).get(`/api/v1/shared/${body.token}`)
  expect(shared.profile.labels).toEqual([{ name: 'team', value: '(hidden)' }])
})

test('a link has a name, and who made it, in the list', async () => {
  const made = await share({}, { name: 'for the vendor' })
  const list = await supertest(service.server).get(`/api/v1/links?profileId=${profile.id}`)
  const link = list.body.items.find(({ id }: { id: string }) => id === made.body.link.id)
  expect(link).toMatchObject({ name: 'for the vendor', createdBy: null })
})

test('no route of a link gives the raw file', () => {
  const urls = linkRoutes()
  expect(urls.length).toBeGreaterThan(9)
  expect(urls.filter((url) => /raw|export|bundle/.test(url))).toEqual([])
})

function share(exposure: object, more: object = {}) {
  const whole = { scope: 'profile', labels: 'shown', source: true }
  return supertest(service.server)
    .post('/api/v1/links')
    .send({
      profileId: profile.id,
      view: 'view=flame&si=cpu&f=Checkout',
      exposure: { ...whole, ...exposure },
      ...more,
    })
}

function linkRoutes(): readonly string[] {
  const urls = service.app.routeTable.filter(
    ({ url, method }) => url.includes(':token') && method === 'GET',
  )
  return urls.map(({ url }) => url)
}

/** The body of every route that a link opens, as text, with its parameters. */
async function responsesByPath(token: string): Promise<Readonly<Record<string, string>>> {
  const texts: Record<string, string> = {}
  for (const url of linkRoutes()) {
    const path = url.replace(':token', token) + (url.endsWith('/peek') ? '?q=.' : '')
    const reply = await supertest(service.server).get(path).buffer(true).parse(binary)
    expect([200, 403]).toContain(reply.status)
    texts[url] = Buffer.from(reply.body).toString('latin1')
  }
  return texts
}

async function everyResponse(token: string): Promise<readonly string[]> {
  return Object.values(await responsesByPath(token))
}

async function columnsOf(token: string) {
  const path = `/api/v1/shared/${token}/columns`
  const reply = await supertest(service.server).get(path).buffer(true).parse(binary)
  return decodeColumns(reply.body)
}

type Parser = Exclude<Parameters<supertest.Test['parse']>[0], (text: string) => unknown>

const binary: Parser = (response, done) => {
  const chunks: Buffer[] = []
  response.on('data', (chunk: Buffer) => chunks.push(chunk))
  response.on('end', () => done(null, Buffer.concat(chunks)))
}

function exampleProfile() {
  const builder = new ProfileBuilder({
    sampleTypes: [
      { type: 'samples', unit: 'count' },
      { type: 'cpu', unit: 'nanoseconds' },
    ],
    timeNs: 1_700_000_000_000_000_000n,
    comments: [COMMENT],
  })
  const [checkout, unfocused] = [SHOWN, UNFOCUSED].map((name) => {
    const func = builder.func({ name, file: '' })
    return builder.location({ mapping: -1, address: 0n, lines: [{ func, line: 1 }] })
  })
  const labels = [{ key: LABEL_NAME, text: LABEL_VALUE }]
  const others = [{ key: LABEL_NAME, text: UNFOCUSED_VALUE }]
  builder.sample({ locations: [checkout ?? 0], values: [3n, 30_000_000n], labels })
  builder.sample({ locations: [unfocused ?? 0], values: [5n, 50_000_000n], labels: others })
  return builder.finish()
}
