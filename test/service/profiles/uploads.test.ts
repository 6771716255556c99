import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { homedir } from 'node:os'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startService, type StartedService } from '../start-service.ts'
import { until } from '../../until.ts'

const run = promisify(execFile)
const UPLOAD_BYTES_MAX = 64 * 1024

let service: StartedService
beforeAll(async () => {
  service = await startService({
    works: false,
    settings: { 'collect.uploadBytesMax': String(UPLOAD_BYTES_MAX) },
  })
})
afterAll(() => service.stop())

/** A profile of nothing but a string table. */
const empty = Buffer.from([0x32, 0x00])

test('an upload is answered 201 with where to find it', async () => {
  const { status, headers, body } = await upload(empty, { target: 'first' })
  expect(status).toBe(201)
  const self = `/api/v1/profiles/${body.profile.id}`
  expect(body.links).toEqual({
    self,
    report: `${self}/report`,
    web: `/profiles/${body.profile.id}`,
  })
  expect(headers['location']).toBe(self)
  expect(body.profile).toMatchObject({
    status: 'received',
    target: 'first',
    sizeBytes: empty.length,
    sha256: createHash('sha256').update(empty).digest('hex'),
  })
})

test('the same content of the same source is answered 200 with the known profile', async () => {
  const first = await upload(empty, { target: 'twice' })
  const second = await upload(empty, { target: 'twice' })
  expect(second.status).toBe(200)
  expect(second.body).toMatchObject({ duplicate: true, profile: { id: first.body.profile.id } })
})

test('what the uploader declares is kept unchanged, as text', async () => {
  const fields = {
    target: '<img src=x onerror=alert(1)>',
    component: 'kube-apiserver',
    cluster: '=cmd()',
    time: '2026-01-02T03:04:05Z',
    type: 'cpu',
    name: '../../etc/passwd\u202e',
    'label.__proto__': 'polluted',
    'label.zone': 'a',
  }
  const { body } = await upload(empty, fields)
  const found = await supertest(service.server).get(body.links.self)
  expect(found.body.profile).toMatchObject({
    target: fields.target,
    cluster: fields.cluster,
    takenAt: '2026-01-02T03:04:05.000Z',
    fileName: fields.name,
    labels: expect.arrayContaining([
      { name: '__proto__', value: 'polluted' },
      { name: 'zone', value: 'a' },
    ]),
  })
  expect(Object.prototype).not.toHaveProperty('zone')
})

test('the list finds profiles by their declared facts', async () => {
  const { body } = await upload(empty, { target: 'wanted', 'label.zone': 'b' })
  await upload(empty, { target: 'wanted', 'label.zone': 'c' })
  const list = await supertest(service.server).get('/api/v1/profiles?target=wanted&label.zone=b')
  expect(list.body.items.map(({ id }: { id: string }) => id)).toEqual([body.profile.id])
})

test('the list continues at its cursor', async () => {
  for (const zone of ['1', '2', '3']) await upload(empty, { target: 'paged', 'label.zone': zone })
  const first = await supertest(service.server).get('/api/v1/profiles?target=paged&limit=2')
  expect(first.body.items).toHaveLength(2)
  const rest = await supertest(service.server)
    .get('/api/v1/profiles')
    .query({ target: 'paged', limit: 2, cursor: first.body.nextCursor })
  expect(rest.body.items).toHaveLength(1)
  expect(rest.body.nextCursor).toBeNull()
})

test('a deleted profile is not there any more', async () => {
  const { body } = await upload(empty, { target: 'deleted' })
  await supertest(service.server).delete(body.links.self).expect(204)
  const found = await supertest(service.server).get(body.links.self)
  expect(found.body.error.code).toBe('PROFILE_NOT_FOUND')
})

test('the raw bytes come back as they were, as a download that runs nowhere and that no cache keeps', async () => {
  const bytes = gzipSync(empty)
  const { body } = await upload(bytes, { target: 'raw' })
  const raw = await supertest(service.server).get(`${body.links.self}/raw`).buffer(true)
  expect(raw.body).toEqual(bytes)
  expect(raw.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-length': String(bytes.length),
    'content-disposition': `attachment; filename="profile-${body.profile.id}.pb.gz"`,
    'content-security-policy': expect.stringContaining('sandbox'),
    'cache-control': 'private, no-store',
  })
  const again = await supertest(service.server)
    .get(`${body.links.self}/raw`)
    .set('If-None-Match', raw.headers['etag'] ?? '')
  expect(again.status).toBe(304)
})

describe('a form', () => {
  test('with one file is answered like a raw body', async () => {
    const { status, body } = await supertest(service.server)
      .post('/api/v1/profiles')
      .field('target', 'form')
      .field('label.zone', 'a')
      .attach('file', empty, 'cpu.pb.gz')
    expect(status).toBe(201)
    expect(body.profile).toMatchObject({
      target: 'form',
      fileName: 'cpu.pb.gz',
      labels: [{ name: 'zone', value: 'a' }],
    })
  })

  test('with many files is answered with an item for each, and one bad file does not spoil the others', async () => {
    const { status, body } = await supertest(service.server)
      .post('/api/v1/profiles?target=many')
      .attach('a', empty, 'a.pb')
      .attach('b', Buffer.from('<!DOCTYPE html><p>Please sign in'), 'b.pb')
      .attach('c', gzipSync(empty), 'c.pb')
    expect(status).toBe(201)
    expect(body.items).toMatchObject([
      { fileName: 'a.pb', profile: { status: 'received' } },
      { fileName: 'b.pb', error: { code: 'NOT_A_PROFILE', details: { reason: 'html' } } },
      { fileName: 'c.pb', profile: { status: 'received' } },
    ])
  })

  test('with an unknown field is refused, and the field is named', async () => {
    const { status, body } = await supertest(service.server)
      .post('/api/v1/profiles')
      .field('targte', 'x')
      .attach('file', empty, 'a.pb')
    expect(status).toBe(400)
    expect(body.error.details).toEqual({ in: 'form field', name: 'targte' })
    expect(body.error.message).toBe('The form field "targte" is not known here.')
  })

  test('of more files than one form may hold names those that are stored', async () => {
    let request = supertest(service.server).post('/api/v1/profiles?target=crowd')
    for (let index = 0; index <= 100; index++) {
      request = request.attach('file', gzipSync(Buffer.from([0x32, 0x01, index])), `${index}.pb`)
    }
    const { status, body } = await request
    expect({ status, code: body.error.code }).toEqual({ status: 413, code: 'UPLOAD_TOO_LARGE' })
    expect(body.error.message).toContain('100 files before it are stored')
    expect(body.error.details.storedCount).toBe(100)
    expect(body.error.details.items[99]).toMatchObject({
      fileName: '99.pb',
      profile: { status: 'received' },
    })
  })

  test.each([
    ['without a boundary', 'multipart/form-data', 'x'],
    ['that ends before its first file', 'multipart/form-data; boundary=b', '--b\r\n'],
    [
      'that ends within a file',
      'multipart/form-data; boundary=b',
      '--b\r\ncontent-disposition: form-data; name="f"; filename="a.pb"\r\n\r\nhalf of it',
    ],
    ['that is no form', 'multipart/form-data; boundary=b', 'something else'],
  ])('%s is malformed, for profiles and for captures', async (_, type, text) => {
    for (const path of ['/api/v1/profiles', '/api/v1/captures']) {
      const { status, body } = await supertest(service.server)
        .post(path)
        .set('content-type', type)
        .send(Buffer.from(text))
      expect({ path, status }).toEqual({ path, status: 400 })
      expect(['REQUEST_INVALID', 'BODY_MISSING']).toContain(body.error.code)
    }
    expect(bugs()).toEqual([])
  })

  test('without a file is refused', async () => {
    const { status, body } = await supertest(service.server)
      .post('/api/v1/profiles')
      .field('target', 'x')
    expect({ status, code: body.error.code }).toEqual({ status: 400, code: 'BODY_MISSING' })
  })
})

test.each([
  ['nothing at all', Buffer.alloc(0), 400, 'BODY_MISSING', undefined],
  ['a page', Buffer.from('<html><body>404</body></html>'), 415, 'NOT_A_PROFILE', 'html'],
  [
    "an apiserver's refusal",
    Buffer.from('{"kind":"Status","message":"forbidden","code":403}'),
    415,
    'NOT_A_PROFILE',
    'kubernetes_status',
  ],
  ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), 415, 'UNSUPPORTED_ENCODING', 'xz'],
  ['zlib', Buffer.from([0x78, 0x9c, 0x03, 0, 0, 0]), 415, 'UNSUPPORTED_ENCODING', 'deflate'],
] as const)('%s is refused at once', async (_what, bytes, status, code, reason) => {
  const reply = await upload(bytes)
  expect(reply.status).toBe(status)
  expect(reply.body.error.code).toBe(code)
  expect(reply.body.error.details?.reason).toBe(reason)
})

test.each([
  ['with a declared size', Buffer.alloc(UPLOAD_BYTES_MAX + 1, 1)],
  ['in chunks', new Blob([new Uint8Array(UPLOAD_BYTES_MAX + 1).fill(1)]).stream()],
])('an upload over the limit %s is answered 413', async (_how, body) => {
  const reply = await fetch(`http://127.0.0.1:${port()}/api/v1/profiles`, {
    method: 'POST',
    body,
    duplex: 'half',
  })
  expect(reply.status).toBe(413)
  expect(await reply.json()).toMatchObject({ error: { code: 'UPLOAD_TOO_LARGE' } })
})

test('an upload that breaks off leaves nothing behind and does not count as a bug', async () => {
  const socket = connect(port(), '127.0.0.1')
  socket.write(
    'POST /api/v1/profiles?target=broken HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc',
  )
  await once(socket, 'connect')
  socket.destroy()
  await once(socket, 'close')
  const list = await supertest(service.server).get('/api/v1/profiles?target=broken')
  expect(list.body.items).toEqual([])
  expect(service.logLines.filter((line) => line.includes('failed by a bug'))).toEqual([])
})

const pprof = join(homedir(), 'go', 'bin', 'pprof')

test.skipIf(!existsSync(pprof))('pprof reads a profile from its raw address', async () => {
  const bytes = gzipSync(cpuProfile())
  const { body } = await upload(bytes, { target: 'pprof' })
  const home = { ...process.env, PPROF_TMPDIR: service.directory }
  const url = `http://127.0.0.1:${port()}${body.links.self}/raw`
  const { stdout } = await run(pprof, ['-top', url], { env: home })
  expect(stdout).toContain('main.work')
})

/** One sample of 10 in main.work: strings, a sample type, a function, a location, a sample. */
function cpuProfile(): Uint8Array {
  const strings = ['', 'samples', 'count', 'main.work'].map((text) => [
    0x32,
    text.length,
    ...Buffer.from(text),
  ])
  const messages = [
    [0x0a, 4, 0x08, 1, 0x10, 2],
    [0x12, 4, 0x08, 1, 0x10, 10],
    [0x22, 6, 0x08, 1, 0x22, 2, 0x08, 1],
    [0x2a, 4, 0x08, 1, 0x10, 3],
  ]
  return Uint8Array.from([...messages, ...strings].flat())
}

function upload(bytes: Uint8Array, query: Readonly<Record<string, string>> = {}) {
  return supertest(service.server)
    .post('/api/v1/profiles')
    .query(query)
    .type('application/octet-stream')
    .send(Buffer.from(bytes))
}

function port(): number {
  const address = service.server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

test.each([
  ['/api/v1/profiles', 'application/octet-stream'],
  ['/api/v1/profiles', 'multipart/form-data; boundary=b'],
  ['/api/v1/captures', 'application/gzip'],
  ['/api/v1/captures', 'multipart/form-data; boundary=b'],
])('a caller of %s who goes away within %s is no bug', async (path, type) => {
  const address = service.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: ${type}\r\ncontent-length: 5000\r\n\r\n`
  const part = '--b\r\ncontent-disposition: form-data; name="f"; filename="a.pb"\r\n\r\n'
  const arrived = once(service.server, 'request')
  socket.write(`${head}${part}${'x'.repeat(100)}`)
  const [request] = await arrived
  const unfinished = () => readdirSync(join(service.directory, 'tmp')).length
  await until(() => request.readableFlowing !== null || unfinished() > 0)
  const closed = new Promise((resolve) => request.once('close', resolve))
  socket.destroy()
  await closed
  await until(() => unfinished() === 0)
  // What would be logged is logged within the same turns of the event loop.
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(bugs()).toEqual([])
})

/** What was logged as a bug. */
function bugs(): string[] {
  return service.logLines.filter((line) => line.includes('"level":50'))
}
