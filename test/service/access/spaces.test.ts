import { createHash } from 'node:crypto'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startService, type StartedService } from '../start-service.ts'

/** Words that only rows of the space `theirs` hold. */
const SECRETS = ['secret-target', 'secret-instance', 'secret-label', 'secret-file', 'secret-token']
const SPACES = ['ours', 'theirs'] as const
const PROFILE = Buffer.from([0x0a, 0x00])
const RANGE = '?type=cpu&q=target%3D%22secret-target%22'

interface Theirs {
  readonly profileId: string
  readonly captureId: string
  readonly linkId: string
  readonly tokenId: string
}

let service: StartedService
let theirs: Theirs
beforeAll(async () => {
  service = await startService({ works: false, settings: { 'server.tokens': tokens() } })
  for (const name of SPACES) await as('root', 'post', '/api/v1/spaces').send({ name })
  theirs = await fill()
})
afterAll(() => service.stop())

describe('every route, called with all that is of another space', () => {
  test('answers without any of it, and changes none of it', async () => {
    const before = await everythingOf('theirs')
    const answered = new Set<string>()
    for (const { method, url, paths } of calls()) {
      for (const caller of ['ours', 'default']) {
        for (const path of paths) {
          const reply = await call(caller, method, path, url)
          const shown = secretsIn(reply, path + JSON.stringify(bodyOf(url)))
          const isRefused = !url.includes(':id') || reply.status >= 400
          const result = { caller, method, path, status: reply.status, shown, isRefused }
          expect(result).toMatchObject({ shown: [], isRefused: true })
          if (reply.status !== 400 && reply.status < 500) answered.add(`${method} ${url}`)
        }
      }
    }
    expect(await everythingOf('theirs')).toEqual(before)
    // A route that only ever answers 400 was not tested: give it a query or body below.
    const unanswered = calls().filter(({ method, url }) => !answered.has(`${method} ${url}`))
    expect(unanswered.map(({ method, url }) => `${method} ${url}`)).toEqual([])
  })

  test('answers to its own space', async () => {
    const list = await as('theirs', 'get', '/api/v1/profiles')
    expect(list.body.items).toHaveLength(2)
    const one = await as('theirs', 'get', `/api/v1/profiles/${theirs.profileId}`)
    expect(one.body.profile).toMatchObject({ target: 'secret-target' })
    const targets = await as('theirs', 'get', '/api/v1/targets')
    expect(targets.body.items).toMatchObject([{ name: 'secret-target' }])
  })
})

test('a space is only for those who have a role in it, and there is no telling whether it exists', async () => {
  const other = await as('ours', 'get', '/api/v1/profiles').set('Kubeprof-Space', 'theirs')
  const none = await as('ours', 'get', '/api/v1/profiles').set('Kubeprof-Space', 'nothing')
  expect([other.status, none.status]).toEqual([403, 403])
  expect(other.body.error.message).toBe(none.body.error.message)
  const root = await as('root', 'get', '/api/v1/profiles').set('Kubeprof-Space', 'theirs')
  expect(root.body.items).toHaveLength(2)
})

test('the same content in two spaces is new in each, and a duplicate within one', async () => {
  const content = Buffer.from([0x0a, 0x00, 0x0a, 0x00])
  const statuses: number[] = []
  for (const caller of ['ours', 'theirs', 'default', 'ours', 'theirs']) {
    statuses.push((await upload(caller, '/api/v1/profiles?target=same', content)).status)
  }
  expect(statuses).toEqual([201, 201, 201, 200, 200])
})

test('two spaces may have targets of one name', async () => {
  const body = { name: 'shared-name', url: 'http://pay.example.com:6060' }
  const statuses: number[] = []
  for (const caller of ['ours', 'theirs', 'default', 'ours']) {
    statuses.push((await as(caller, 'post', '/api/v1/targets').send(body)).status)
  }
  expect(statuses).toEqual([201, 201, 201, 409])
  expect((await as('ours', 'delete', '/api/v1/targets/shared-name')).status).toBe(204)
  expect((await as('theirs', 'get', '/api/v1/targets/shared-name')).status).toBe(200)
  expect((await as('default', 'get', '/api/v1/targets/shared-name')).status).toBe(200)
})

test('an admin of a space makes tokens for it alone, and sees its audit log alone', async () => {
  const own = await as('ours', 'post', '/api/v1/tokens').send({ name: 'x', role: 'viewer' })
  expect(own.body.summary).toMatchObject({ space: 'ours' })
  for (const space of ['theirs', '*']) {
    const body = { name: 'x', role: 'viewer', space }
    expect((await as('ours', 'post', '/api/v1/tokens').send(body)).status).toBe(403)
  }
  const mistyped = { name: 'x', role: 'viewer', space: 'nothing' }
  const refused = await as('root', 'post', '/api/v1/tokens').send(mistyped)
  expect([refused.status, refused.body.error.message]).toEqual([
    400,
    'There is no space "nothing".',
  ])
  const log = await as('ours', 'get', '/api/v1/audit?limit=500')
  expect(new Set(log.body.items.map(({ space }: { space: string }) => space))).toEqual(
    new Set(['ours']),
  )
})

test('only an admin of every space makes spaces', async () => {
  expect((await as('ours', 'post', '/api/v1/spaces').send({ name: 'mine' })).status).toBe(403)
  const again = await as('root', 'post', '/api/v1/spaces').send({ name: 'ours' })
  expect(again.status).toBe(409)
})

test('a browser changes its space, and sees that one from then on', async () => {
  const signIn = await supertest(service.server).post('/api/v1/session').send({ token: 'of-root' })
  const [cookie = ''] = String([signIn.headers['set-cookie']].flat()[0]).split(';')
  const read = () => supertest(service.server).get('/api/v1/profiles').set('Cookie', cookie)
  const change = (space: string) =>
    supertest(service.server).put('/api/v1/session').set('Cookie', cookie).send({ space })
  expect((await change('nothing')).status).toBe(403)
  expect((await change('theirs')).status).toBe(204)
  const targets = (await read()).body.items.map(({ target }: { target: string }) => target)
  expect(targets).toContain('secret-target')
  const spaces = await supertest(service.server).get('/api/v1/spaces').set('Cookie', cookie)
  expect(spaces.body.items.map(({ name }: { name: string }) => name)).toEqual([
    'default',
    ...SPACES,
  ])
})

test('without further spaces, who has a role in the default one sees it whole', async () => {
  const plain = await startService({ works: false, settings: { 'server.tokens': tokens() } })
  const { server } = plain
  await supertest(server)
    .post('/api/v1/profiles?target=a')
    .set('Authorization', 'Bearer of-root')
    .type('application/octet-stream')
    .send(PROFILE)
  const list = await supertest(server)
    .get('/api/v1/profiles')
    .set('Authorization', 'Bearer of-default')
  expect(list.body.items).toHaveLength(1)
  await plain.stop()
})

/** Queries that routes that read need beside their path. */
function queryOf(url: string): string {
  const { profileId } = theirs
  const queries: Readonly<Record<string, string>> = {
    '/api/v1/compare': `?a=${profileId}&b=${profileId}`,
    '/api/v1/merge': '?target=secret-target&type=cpu',
    '/api/v1/trend': '?target=secret-target&type=cpu',
    '/api/v1/links': `?profileId=${profileId}`,
    '/api/v1/history/estimate': '?types=cpu&every=60',
    '/api/v1/range/top': RANGE,
    '/api/v1/range/flame': RANGE,
    '/api/v1/range/graph': RANGE,
    '/api/v1/range/tree': RANGE,
    '/api/v1/range/peek': `${RANGE}&function=.`,
    '/api/v1/range/raw': RANGE,
    '/api/v1/range/columns': RANGE,
    '/api/v1/range/series': RANGE,
    '/api/v1/range/movers': RANGE,
    '/api/v1/range/outliers': RANGE,
    '/api/v1/range/requests': RANGE,
    '/api/v1/range/values': '?name=target',
    '/api/v1/profiles/:id/peek': '?q=.',
    '/api/v1/profiles/:id/export': '?format=json',
  }
  return queries[url] ?? ''
}

/** Bodies that routes need; each names what is of the other space. */
function bodyOf(url: string): object {
  const bodies: Readonly<Record<string, object>> = {
    '/api/v1/links': { profileId: theirs.profileId },
    '/api/v1/captures': { target: 'secret-target' },
    '/api/v1/targets': { name: 'another', url: 'http://pay.example.com:6060' },
    '/api/v1/targets/:name': { url: 'http://pay.example.com:6060' },
    '/api/v1/tokens': { name: 'x', role: 'viewer', space: 'theirs' },
    '/api/v1/spaces': { name: 'theirs' },
    '/api/v1/findings/:id/mute': { until: '2030-01-01T00:00:00Z' },
    '/api/v1/session': { space: 'theirs' },
    '/api/v1/triggers/alertmanager': { version: '4', status: 'firing', alerts: [] },
  }
  return bodies[url] ?? {}
}

/** Every route that needs a role, with each parameter replaced by everything of the other space. */
function calls() {
  const { profileId, captureId, linkId, tokenId } = theirs
  const ids = [profileId, captureId, linkId, tokenId]
  const names = ['secret-target', 'theirs/secret-target', 'secret-file.pb.gz', 'hourly']
  return service.app.routeTable
    .filter(({ config }) => !isPublic(config()))
    .filter(({ method, url }) => method !== 'HEAD' && url.startsWith('/api/'))
    .map(({ method, url }) => {
      const query = method === 'GET' ? queryOf(url) : ''
      const paths = ids.flatMap((id) =>
        names.map(
          (name) => url.replace(':id', id).replace(/:\w+/, encodeURIComponent(name)) + query,
        ),
      )
      return { method, url, paths: [...new Set(paths)] }
    })
}

function call(caller: string, method: string, path: string, url: string) {
  switch (method) {
    case 'POST':
      return url === '/api/v1/profiles'
        ? upload(caller, path, PROFILE)
        : as(caller, 'post', path).send(bodyOf(url))
    case 'PUT':
      return as(caller, 'put', path).send(bodyOf(url))
    case 'DELETE':
      return as(caller, 'delete', path)
    default:
      return as(caller, 'get', path)
  }
}

async function everythingOf(space: string): Promise<readonly unknown[]> {
  const { profileId, captureId } = theirs
  const paths = [
    '/api/v1/profiles',
    '/api/v1/captures',
    `/api/v1/captures/${captureId}`,
    '/api/v1/targets',
    '/api/v1/tokens',
    `/api/v1/links?profileId=${profileId}`,
  ]
  const bodies: unknown[] = []
  for (const path of paths) bodies.push((await as(space, 'get', path)).body)
  return bodies
}

/** One of everything in the space `theirs`. */
async function fill(): Promise<Theirs> {
  const source = 'target=secret-target&instance=secret-instance&label.secret-label=secret-label'
  const path = `/api/v1/profiles?${source}&name=secret-file.pb.gz`
  const profile = await upload('theirs', path, PROFILE)
  const capture = await as('theirs', 'post', `/api/v1/captures?${source}`).attach(
    'file',
    PROFILE,
    'cpu.pb.gz',
  )
  const profileId: string = profile.body.profile.id
  const link = await as('theirs', 'post', '/api/v1/links').send({ profileId })
  const token = await as('theirs', 'post', '/api/v1/tokens').send({
    name: 'secret-token',
    role: 'viewer',
  })
  const target = { name: 'secret-target', url: 'http://pay.example.com:6060' }
  await as('theirs', 'post', '/api/v1/targets').send(target)
  return {
    profileId,
    captureId: capture.body.capture.id,
    linkId: link.body.link.id,
    tokenId: token.body.summary.id,
  }
}

function upload(caller: string, path: string, content: Buffer) {
  return as(caller, 'post', path).type('application/octet-stream').send(content)
}

function as(caller: string, method: 'get' | 'post' | 'put' | 'delete', path: string) {
  return supertest(service.server)[method](path).set('Authorization', `Bearer of-${caller}`)
}

/** An error may repeat what the caller sent; nothing else may hold a secret. */
function secretsIn({ text, body, status }: supertest.Response, sent: string): readonly string[] {
  const content = text ?? (Buffer.isBuffer(body) ? body.toString('latin1') : JSON.stringify(body))
  return SECRETS.filter(
    (secret) => content.includes(secret) && !(status >= 400 && sent.includes(secret)),
  )
}

function tokens(): string {
  const spaces = { ours: 'ours', theirs: 'theirs', default: 'default', root: '*' }
  return JSON.stringify(
    Object.entries(spaces).map(([name, space]) => ({
      name: `the ${name}`,
      role: 'admin',
      space,
      sha256: createHash('sha256').update(`of-${name}`).digest('hex'),
    })),
  )
}

function isPublic(config: object): boolean {
  return 'access' in config && config.access === 'public'
}
