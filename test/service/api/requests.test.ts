import { connect } from 'node:net'
import { once } from 'node:events'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startService, type StartedService } from '../start-service.ts'

let service: StartedService
beforeAll(async () => {
  service = await startService({ works: false })
})
afterAll(() => service.stop())

const UNKNOWN_ID = '01JD6Q8G0000000000000000AA'

test.each([
  ['GET', '/nope', 404, 'NOT_FOUND'],
  ['GET', '/api/v1/nope', 404, 'NOT_FOUND'],
  ['GET', '/api/v1/targets/a/b/c', 404, 'NOT_FOUND'],
  ['GET', '/%zz', 400, 'REQUEST_INVALID'],
  ['GET', '/api/v1/profiles/%E0%A4%A', 400, 'REQUEST_INVALID'],
  ['GET', '/api/v1/profiles/..%2f..%2fetc%2fpasswd', 400, 'REQUEST_INVALID'],
  ['GET', '/assets/..%2f..%2fpackage.json', 404, 'NOT_FOUND'],
  ['GET', '//', 404, 'NOT_FOUND'],
  ['GET', '/api/v1/profiles?limit=0', 400, 'REQUEST_INVALID'],
  ['GET', '/api/v1/profiles?lmit=1', 400, 'REQUEST_INVALID'],
  ['GET', '/api/v1/profiles?status=lost', 400, 'REQUEST_INVALID'],
  ['GET', '/api/v1/profiles?from=yesterday', 400, 'REQUEST_INVALID'],
  ['GET', '/api/v1/profiles?cursor=nonsense', 400, 'REQUEST_INVALID'],
  ['GET', '/api/v1/profiles/not-a-ulid', 400, 'REQUEST_INVALID'],
  ['GET', `/api/v1/profiles/${UNKNOWN_ID}`, 404, 'PROFILE_NOT_FOUND'],
  ['GET', `/api/v1/profiles/${UNKNOWN_ID}/report`, 404, 'PROFILE_NOT_FOUND'],
  ['GET', `/api/v1/profiles/${UNKNOWN_ID}/raw`, 404, 'PROFILE_NOT_FOUND'],
  ['GET', `/api/v1/profiles/${UNKNOWN_ID}/top`, 404, 'PROFILE_NOT_FOUND'],
  ['GET', `/api/v1/profiles/${UNKNOWN_ID}/top?focus=x`, 400, 'REQUEST_INVALID'],
  ['GET', '/api/v1/shared/nobody-knows-this', 404, 'LINK_NOT_FOUND'],
  ['GET', '/api/v1/shared/nobody-knows-this/columns', 404, 'LINK_NOT_FOUND'],
  ['DELETE', `/api/v1/profiles/${UNKNOWN_ID}`, 404, 'PROFILE_NOT_FOUND'],
  ['DELETE', `/api/v1/links/${UNKNOWN_ID}`, 404, 'LINK_NOT_FOUND'],
  ['PUT', '/api/v1/profiles', 405, 'METHOD_NOT_ALLOWED'],
  ['DELETE', '/healthz', 405, 'METHOD_NOT_ALLOWED'],
] as const)('%s %s answers %i %s', async (method, path, status, code) => {
  const reply = await rawRequest(
    `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
  )
  expect(reply.status).toBe(status)
  expect(JSON.parse(reply.body)).toEqual({
    error: expect.objectContaining({
      code,
      message: expect.stringMatching(/\.$/),
      requestId: expect.any(String),
    }),
  })
})

test('an unknown query parameter is named', async () => {
  const reply = await supertest(service.server).get('/api/v1/profiles?lmit=1')
  expect(reply.body.error).toMatchObject({
    message: 'The query parameter "lmit" is not known here.',
    details: { in: 'query parameter', name: 'lmit' },
  })
})

test('no operation takes a parameter that it does not know', async () => {
  const { body } = await supertest(service.server).get('/api/openapi.json')
  const paths = Object.entries<Readonly<Record<string, DescribedOperation>>>(body.paths)
  const asked = paths.flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { parameters = [], requestBody }]) => {
        const isNeeded = parameters.some((one) => one.in === 'query' && one.required === true)
        return path.startsWith('/api/v1/') && requestBody === undefined && !isNeeded
      })
      .map(([method]) => ({ method, path })),
  )
  const taken: string[] = []
  for (const { method, path } of asked) {
    const address = path.replaceAll('{id}', UNKNOWN_ID).replaceAll(/\{\w+\}/g, 'some-name')
    const reply = await service.app.inject({ method: methodOf(method), url: `${address}?lmit=1` })
    if (!reply.body.includes('"name":"lmit"')) taken.push(`${method} ${path}: ${reply.body}`)
  }
  expect(asked.length).toBeGreaterThan(60)
  expect(taken).toEqual([])
})

function methodOf(name: string) {
  const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const
  const method = methods.find((one) => one.toLowerCase() === name)
  if (method === undefined) throw new Error(`no test asks with ${name}`)
  return method
}

interface DescribedOperation {
  readonly parameters?: readonly { readonly in: string; readonly required?: boolean }[]
  readonly requestBody?: object
}

test.each([
  '/healthz?verbose',
  '/readyz?verbose&exclude=store',
  '/metrics?collect[]=go&format=text',
])('%s is answered: probes and Prometheus add parameters of their own', async (path) => {
  expect((await supertest(service.server).get(path)).status).toBe(200)
})

test('JSON that would set a prototype is refused', async () => {
  const reply = await supertest(service.server)
    .post('/api/v1/links')
    .type('json')
    .send('{"__proto__":{"isAdmin":true},"profileId":"x"}')
  expect(reply.status).toBe(400)
  expect(reply.body.error.code).toBe('REQUEST_INVALID')
})

test('an unknown field of a body is refused and named', async () => {
  const reply = await supertest(service.server)
    .post('/api/v1/links')
    .send({ profileId: UNKNOWN_ID, expiresInDays: 3 })
  expect(reply.status).toBe(400)
  expect(reply.body.error.details).toEqual({ in: 'body field', name: 'expiresInDays' })
})

test('headers that are too large are answered 431', async () => {
  const long = 'a'.repeat(20_000)
  const reply = await rawRequest(
    `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: ${long}\r\n\r\n`,
  )
  expect(reply.status).toBe(431)
  expect(JSON.parse(reply.body).error.code).toBe('HEADERS_TOO_LARGE')
})

test('bytes that are no HTTP are answered 400 and the connection is closed', async () => {
  const reply = await rawRequest('\x16\x03\x01 hello\r\n\r\n')
  expect(reply.status).toBe(400)
  expect(JSON.parse(reply.body).error.code).toBe('REQUEST_INVALID')
})

test('a host name that is not ours is answered 421, so that DNS rebinding reaches nothing', async () => {
  const reply = await supertest(service.server).get('/api/v1/profiles').set('Host', 'evil.example')
  expect(reply.status).toBe(421)
  expect(reply.body.error.code).toBe('HOST_NOT_ALLOWED')
})

test.each([
  ['Sec-Fetch-Site', 'cross-site'],
  ['Origin', 'https://evil.example'],
  ['Origin', 'null'],
])('a change that another site asks for (%s: %s) is refused', async (header, value) => {
  const reply = await supertest(service.server)
    .delete(`/api/v1/profiles/${UNKNOWN_ID}`)
    .set(header, value)
  expect(reply.status).toBe(403)
  expect(reply.body.error.code).toBe('CROSS_SITE')
})

test.each([
  '/',
  '/healthz',
  '/nope',
  '/api/v1/profiles',
  '/api/v1/profiles?x=1',
  '/%zz',
  '/api/docs/',
])('%s has the headers that keep markup from running', async (path) => {
  const { headers } = await supertest(service.server).get(path)
  expect(headers).toMatchObject({
    'content-security-policy': expect.stringContaining("default-src 'self'"),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  })
  expect(headers['content-security-policy']).not.toMatch(/unsafe/)
})

test('without a web build the pages say how to make one, and the API works', async () => {
  const reply = await supertest(service.server).get('/')
  expect(reply.status).toBe(503)
  expect(reply.text).toContain('npm run build:web')
})

test('GET /healthz and /readyz answer without asking who asks', async () => {
  expect((await supertest(service.server).get('/healthz')).body).toEqual({ status: 'ok' })
  const ready = await supertest(service.server).get('/readyz')
  expect(ready.status).toBe(200)
  expect(ready.body.checks.map((check: { name: string }) => check.name)).toEqual(
    expect.arrayContaining(['store', 'queue']),
  )
})

test('GET /metrics counts requests by route, never by path', async () => {
  await supertest(service.server).get(`/api/v1/profiles/${UNKNOWN_ID}`)
  const { text } = await supertest(service.server).get('/metrics')
  expect(text).toContain('route="/api/v1/profiles/:id",method="GET",status="404"')
  expect(text).not.toContain(UNKNOWN_ID)
})

interface RawReply {
  readonly status: number
  readonly body: string
}

/** Sends bytes as they are, because clients tidy addresses up. */
async function rawRequest(bytes: string): Promise<RawReply> {
  const address = service.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.write(bytes, 'latin1')
  await once(socket, 'close')
  const [head = '', ...body] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), body: body.join('\r\n\r\n') }
}
