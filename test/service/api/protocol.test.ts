import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, Socket } from 'node:net'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../until.ts'
import { startService, type StartedService } from '../start-service.ts'

const NOBODY = '01JD6Q8G0000000000000000AA'

let service: StartedService
let profileId: string
beforeAll(async () => {
  const sha256 = createHash('sha256').update('kp_chief').digest('hex')
  service = await startService({
    works: false,
    settings: {
      'server.tokens': JSON.stringify([{ name: 'chief', role: 'admin', sha256 }]),
      'server.publicUrl': 'https://kubeprof.example.com',
    },
  })
  const reply = await call('post', '/api/v1/profiles')
    .type('application/octet-stream')
    .send(Buffer.from([0x0a, 0x00]))
  profileId = reply.body.profile.id
})
afterAll(() => service.stop())

test('no cache keeps what the API answers, unless it may', async () => {
  const routes = service.app.routeTable.filter(
    ({ url, method }) => method === 'GET' && url.startsWith('/api/v1/') && !url.includes('events'),
  )
  expect(routes.length).toBeGreaterThan(35)
  for (const { url } of routes) {
    const path = url.replace(':id', profileId).replace(/:\w+/, 'x')
    const { headers } = await call('get', path)
    const isRevalidated = url === '/api/v1/profiles/:id/columns'
    expect({ url, cache: headers['cache-control'] }).toEqual({
      url,
      cache: expect.stringMatching(isRevalidated ? /no-store|no-cache/ : /no-store/),
    })
  }
})

test('behind https browsers are told to come by https alone', async () => {
  for (const path of ['/', '/healthz', '/nope', '/api/v1/profiles', '/%zz']) {
    const { headers } = await supertest(service.server).get(path)
    expect(headers['strict-transport-security']).toBe('max-age=63072000')
  }
  const plain = await startService({ works: false })
  const { headers } = await supertest(plain.server).get('/healthz')
  expect(headers).not.toHaveProperty('strict-transport-security')
  await plain.stop()
})

test('signing out also empties the cache of the browser', async () => {
  const { headers } = await supertest(service.server).delete('/api/v1/session')
  expect(headers['clear-site-data']).toBe('"cache"')
})

test('several Host headers are refused: a proxy may have read another than the server', async () => {
  const head = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n'
  expect(await rawStatus(`${head}Connection: close\r\n\r\n`)).toBe(400)
})

test('a request that comes while the server stops is refused as any other is', async () => {
  const stopping = await startService({ works: false })
  const socket = connectTo(stopping)
  const reply = replyOn(socket)
  const [accepted] = await once(stopping.server, 'connection')
  socket.write('GET /healthz HTTP/1.1\r\n')
  await until(() => accepted.bytesRead > 0)
  const stopped = stopping.stop()
  await until(() => !stopping.server.listening)
  socket.write('Host: localhost\r\n\r\n')
  const text = await reply
  await stopped
  expect(statusOf(text)).toBe(503)
  expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({
    error: { code: 'SHUTTING_DOWN' },
  })
})

test('the address of a link has the public host, whatever the Host header says', async () => {
  const { body } = await call('post', '/api/v1/links').set('Host', 'localhost').send({ profileId })
  expect(body.url).toMatch(/^https:\/\/kubeprof\.example\.com\/s\//)
})

describe('a method that an address does not have', () => {
  test.each([
    ['PUT', '/api/v1/profiles', 'GET, HEAD, POST'],
    ['GET', '/api/v1/targets/reload', 'POST'],
    ['DELETE', '/api/v1/targets/reload', 'POST'],
    ['POST', `/api/v1/profiles/${NOBODY}`, 'GET, HEAD, DELETE'],
  ])('%s %s is answered 405 with those it has', async (method, path, allow) => {
    const reply = await service.app.inject({
      method:
        method === 'PUT' ? 'PUT' : method === 'GET' ? 'GET' : method === 'POST' ? 'POST' : 'DELETE',
      url: path,
      headers: { authorization: 'Bearer kp_chief', host: 'localhost' },
    })
    expect(reply.statusCode).toBe(405)
    expect(new Set(String(reply.headers['allow']).split(', '))).toEqual(new Set(allow.split(', ')))
  })
})

test('a method that no address has is answered 405 with those it has', async () => {
  for (const method of ['PATCH', 'QUERY', 'PROPFIND', 'TRACE']) {
    const head = `${method} /api/v1/profiles HTTP/1.1\r\nHost: localhost\r\n`
    const reply = await rawReply(`${head}Connection: close\r\n\r\n`)
    expect([method, statusOf(reply)]).toEqual([method, 405])
    const [, allow = ''] = /^allow: (.*)\r$/im.exec(reply) ?? []
    expect(new Set(allow.split(', '))).toEqual(new Set(['GET', 'HEAD', 'POST']))
  }
})

test.each([
  { profileId: NOBODY, expiresInSeconds: null },
  { profileId: NOBODY, expiresInSeconds: '3600' },
  { profileId: NOBODY, view: null },
  { profileId: NOBODY, view: false },
  { profileId: [NOBODY] },
])('the types of JSON are taken as they are: %j is refused', async (body) => {
  const reply = await call('post', '/api/v1/links').send(body)
  expect(reply.status).toBe(400)
})

describe('the description of the API', () => {
  let paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  beforeAll(async () => {
    paths = (await supertest(service.server).get('/api/openapi.json')).body.paths
  })

  test('says for each operation whether it needs a token, as the route does', () => {
    for (const { method, url, config } of service.app.routeTable) {
      const operation = paths[url.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
      if (operation === undefined) continue
      const isOpen = isPublic(config())
      const { security } = operation
      const wanted = isOpen ? [] : [{ token: [] }, { session: [] }]
      expect({ method, url, security }).toEqual({ method, url, security: wanted })
    }
  })

  test('has a success and the errors of every operation', () => {
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { responses }] of Object.entries(operations)) {
        const codes = Object.keys(responses)
        expect({ method, path, codes }).toEqual({
          method,
          path,
          codes: expect.arrayContaining([expect.stringMatching(/^[23]/)]),
        })
      }
    }
  })

  test('names the content types of bodies and answers that are no JSON', () => {
    expect(contentOf(paths['/api/v1/profiles/{id}/svg']?.['get']?.responses['200'])).toEqual([
      'image/svg+xml',
    ])
    expect(contentOf(paths['/api/v1/profiles/{id}/raw']?.['get']?.responses['200'])).toEqual([
      'application/octet-stream',
    ])
    expect(contentOf(paths['/api/v1/captures/{id}/events']?.['get']?.responses['200'])).toEqual([
      'text/event-stream',
    ])
    expect(contentOf(paths['/metrics']?.['get']?.responses['200'])).toEqual(['text/plain'])
    expect(contentOf(paths['/api/v1/profiles']?.['post']?.requestBody)).toEqual([
      'application/octet-stream',
      'multipart/form-data',
    ])
    expect(contentOf(paths['/api/v1/captures']?.['post']?.requestBody)).toContain(
      'application/json',
    )
  })
})

interface Operation {
  readonly security?: readonly unknown[]
  readonly requestBody?: { readonly content: object }
  readonly responses: Readonly<Record<string, { readonly content?: object }>>
}

function contentOf(part: { readonly content?: object } | undefined): readonly string[] {
  return Object.keys(part?.content ?? {})
}

function call(method: 'get' | 'post', path: string) {
  return supertest(service.server)[method](path).set('Authorization', 'Bearer kp_chief')
}

async function rawStatus(bytes: string): Promise<number> {
  return statusOf(await rawReply(bytes))
}

function statusOf(reply: string): number {
  return Number(reply.split(' ')[1])
}

async function rawReply(bytes: string): Promise<string> {
  const socket = connectTo(service)
  socket.write(bytes)
  return replyOn(socket)
}

function connectTo({ server }: StartedService): Socket {
  const address = server.address()
  return connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1')
}

/** All that comes until the server closes the connection. */
async function replyOn(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
  await once(socket, 'close')
  return text
}

function isPublic(config: object): boolean {
  return 'access' in config && config.access === 'public'
}
