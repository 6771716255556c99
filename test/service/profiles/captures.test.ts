import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { packTar, unpackTar } from 'modern-tar'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeProfile, profileFromFolded } from '../../../profile/index.ts'
import { openTestStore } from '../../store/open-store.ts'
import { followEvents } from './follow-events.ts'
import { startService, type StartedService } from '../start-service.ts'
import { until } from '../../until.ts'

let service: StartedService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const UNKNOWN_ID = '01JD6Q8G0000000000000000AA'
type Files = Readonly<Record<string, Uint8Array | string>>

test('a tar of a capture is answered 201, and judged as a whole', async () => {
  const { status, headers, body } = await uploadTar(filesOf('tar'), { component: 'etcd' })
  expect(status).toBe(201)
  const self = `/api/v1/captures/${body.capture.id}`
  expect(headers['location']).toBe(self)
  expect(body.links).toMatchObject({ self, report: `${self}/report`, web: expect.any(String) })
  expect(body.capture).toMatchObject({ status: 'complete', origin: 'upload', component: 'etcd' })
  const capture = await judged(body.capture.id)
  expect(capture.profileIds).toHaveLength(2)
  const report = (await get(`${self}/report?lang=zh`)).body
  expect(report).toMatchObject({ version: 1, language: 'zh' })
  expect(report.inputs.map(({ path }: { path: string }) => path)).toEqual([
    'cpu.pb.gz',
    'heap.pb.gz',
  ])
  const profile = (await get(`/api/v1/profiles/${capture.profileIds[0]}`)).body.profile
  expect(profile).toMatchObject({ captureId: body.capture.id, status: 'ready' })
})

test('a form of files is a capture, and what its fields say is kept', async () => {
  const files = filesOf('form')
  const request = supertest(service.server)
    .post('/api/v1/captures')
    .field('target', 'mine')
    .field('label.why', 'slow')
  for (const [name, bytes] of Object.entries(files)) {
    void request.attach('file', Buffer.from(bytes), name)
  }
  const { status, body } = await request
  expect(status).toBe(201)
  expect(body.capture).toMatchObject({
    target: 'mine',
    labels: [{ name: 'why', value: 'slow' }],
  })
  expect(body.capture.parts).toHaveLength(4)
  const list = (await get('/api/v1/captures?label.why=slow')).body
  expect(list.items.map(({ id }: { id: string }) => id)).toEqual([body.capture.id])
})

test('a form whose field is unknown is refused by its name', async () => {
  const { status, body } = await supertest(service.server)
    .post('/api/v1/captures')
    .field('colour', 'red')
    .attach('file', Buffer.from(profile('x')), 'cpu.pb.gz')
  expect(status).toBe(400)
  expect(body.error.details).toMatchObject({ name: 'colour' })
})

test('the same bundle again is answered 200 with the known capture', async () => {
  const first = await uploadTar(filesOf('twice'))
  const second = await uploadTar(filesOf('twice'))
  expect(second.status).toBe(200)
  expect(second.body).toMatchObject({ duplicate: true, capture: { id: first.body.capture.id } })
})

test('a broken bundle is refused with entry and offset', async () => {
  const tar = await tarOf(filesOf('broken'))
  const { status, body } = await postTar(gzipSync(tar.subarray(0, 1300)))
  expect(status).toBe(422)
  expect(body.error).toMatchObject({ code: 'BUNDLE_INVALID', details: { offsetBytes: 1024 } })
  expect(body.error.message).toContain('truncated')
})

test.each([
  ['an empty body', '', 400, 'BODY_MISSING'],
  ['no tar', 'hello', 422, 'BUNDLE_INVALID'],
])('%s is refused', async (_, text, status, code) => {
  const reply = await postTar(Buffer.from(text))
  expect([reply.status, reply.body.error.code]).toEqual([status, code])
})

test('every file can be had as it was, and all as a bundle that is a capture again', async () => {
  const files = filesOf('download')
  const { body } = await uploadTar(files, { target: 'mine', instance: 'a' })
  const { id } = body.capture
  const file = await bytesOf(`/api/v1/captures/${id}/files/metrics.txt`)
  expect(file.body).toEqual(Buffer.from(files['metrics.txt'] ?? ''))
  expect(file.headers['content-disposition']).toBe('attachment; filename="metrics.txt"')
  const bundle = await bytesOf(`/api/v1/captures/${id}/bundle`)
  expect(bundle.headers['content-type']).toBe('application/gzip')
  const entries = await unpackTar(new Blob([bundle.body]).stream().pipeThrough(gunzipped()))
  const unpacked = new Map(entries.map(({ header, data }) => [header.name, data]))
  for (const [name, bytes] of Object.entries(files)) {
    expect(Buffer.from(unpacked.get(name) ?? [])).toEqual(Buffer.from(bytes))
  }
  const described = JSON.parse(new TextDecoder().decode(unpacked.get('capture.json')))
  expect(described).toMatchObject({ id, target: 'mine', instance: 'a' })
  const again = await postTar(bundle.body)
  expect(again.body.capture).toMatchObject({ target: 'mine', instance: 'a' })
})

test.each([
  ['a file', `/api/v1/captures/ID/files/..%2F..%2Fetc%2Fpasswd`, 'FILE_NOT_FOUND'],
  ['a capture', `/api/v1/captures/${UNKNOWN_ID}`, 'CAPTURE_NOT_FOUND'],
  ['a report', `/api/v1/captures/${UNKNOWN_ID}/report`, 'CAPTURE_NOT_FOUND'],
  ['what is nearest', `/api/v1/captures/${UNKNOWN_ID}/nearest`, 'CAPTURE_NOT_FOUND'],
  ['events', `/api/v1/captures/${UNKNOWN_ID}/events`, 'CAPTURE_NOT_FOUND'],
])('%s that is not there is answered 404', async (_, path, code) => {
  const { body } = await uploadTar(filesOf('missing'))
  const reply = await get(path.replace('ID', body.capture.id))
  expect([reply.status, reply.body.error.code]).toEqual([404, code])
})

test('a capture is judged by its growth since the one before of the same process', async () => {
  const same = { target: 'grows', instance: 'a' }
  const first = await uploadTar({ 'allocs.pb.gz': leaked(100) }, { ...same, time: timeAt(1) })
  await judged(first.body.capture.id)
  const second = await uploadTar({ 'allocs.pb.gz': leaked(300) }, { ...same, time: timeAt(2) })
  expect(await judged(second.body.capture.id)).toMatchObject({
    previousCaptureId: first.body.capture.id,
  })
  const restarted = await uploadTar({ 'allocs.pb.gz': leaked(50) }, { ...same, time: timeAt(3) })
  expect(await judged(restarted.body.capture.id)).toMatchObject({ previousCaptureId: null })
  const other = await uploadTar(
    { 'allocs.pb.gz': leaked(400) },
    { ...same, instance: 'b', time: timeAt(4) },
  )
  expect(await judged(other.body.capture.id)).toMatchObject({ previousCaptureId: null })
})

test('a process that started at another time by its metrics is another', async () => {
  const same = { target: 'restarts', instance: 'a' }
  await judged((await uploadTar(startedAt(1.7e9, 100), same)).body.capture.id)
  const later = await uploadTar(startedAt(1.8e9, 200), same)
  expect(await judged(later.body.capture.id)).toMatchObject({ previousCaptureId: null })
})

test('a standalone profile is judged by its growth since the previous one of its target', async () => {
  const same = { target: 'alone', instance: 'a', type: 'allocs', wait: '90s' }
  const first = await uploadProfile(leaked(1000), same)
  expect(codesOf(first)).toContain('since_start')
  const second = await uploadProfile(leaked(3000), same)
  expect(codesOf(second)).not.toContain('since_start')
  const restarted = await uploadProfile(leaked(500), same)
  expect(codesOf(restarted)).toContain('since_start')
  const other = await uploadProfile(leaked(4000), { ...same, instance: 'b' })
  expect(codesOf(other)).toContain('since_start')
})

test('a capture without a readable profile reports this', async () => {
  const cut = profile('x').subarray(0, 20)
  const { body } = await uploadTar({ 'cpu.pb.gz': cut })
  expect(await judged(body.capture.id)).toMatchObject({ reportStatus: 'failed' })
  const reply = await get(`/api/v1/captures/${body.capture.id}/report`)
  expect([reply.status, reply.body.error.code]).toEqual([422, 'CAPTURE_FAILED'])
  expect(reply.body.error.message).toContain('cpu.pb.gz')
})

test('a capture with one unreadable profile is judged by the others, and notes this', async () => {
  const files = { 'cpu.pb.gz': profile('x').subarray(0, 20), 'heap.pb.gz': profile('y', 1, ALLOC) }
  const { body } = await uploadTar(files)
  expect(await judged(body.capture.id)).toMatchObject({ reportStatus: 'ready' })
  const report = (await get(`/api/v1/captures/${body.capture.id}/report`)).body
  expect(report.notes).toContainEqual(
    expect.objectContaining({
      code: 'file_unreadable',
      text: expect.stringContaining('cpu.pb.gz'),
    }),
  )
})

test('a deleted capture is gone with its profiles, unless a link holds one', async () => {
  const { body } = await uploadTar(filesOf('deleted'))
  const { id, profileIds } = body.capture
  const link = await supertest(service.server)
    .post('/api/v1/links')
    .send({ profileId: profileIds[0], view: '' })
  const held = await supertest(service.server).delete(`/api/v1/captures/${id}`)
  expect([held.status, held.body.error?.code]).toEqual([409, 'CAPTURE_IN_USE'])
  await supertest(service.server).delete(`/api/v1/links/${link.body.link.id}`)
  expect((await supertest(service.server).delete(`/api/v1/captures/${id}`)).status).toBe(204)
  expect((await get(`/api/v1/captures/${id}`)).status).toBe(404)
  expect((await get(`/api/v1/profiles/${profileIds[0]}`)).status).toBe(404)
})

test('a capture can be pinned and let go', async () => {
  const { body } = await uploadTar(filesOf('pinned'))
  const pin = `/api/v1/captures/${body.capture.id}/pin`
  const pinned = await supertest(service.server).put(pin)
  expect(pinned.body.capture.pinnedAt).not.toBeNull()
  expect((await supertest(service.server).delete(pin)).body.capture.pinnedAt).toBeNull()
})

test('a capture that is over cannot be cancelled', async () => {
  const { body } = await uploadTar(filesOf('over'))
  const path = `/api/v1/captures/${body.capture.id}/cancel`
  const reply = await supertest(service.server).post(path)
  expect([reply.status, reply.body.error.code]).toEqual([409, 'CAPTURE_FINISHED'])
})

test('events report each change by another process, and end with the capture', async () => {
  const other = await openTestStore({ directory: service.directory })
  const id = await waitingCapture(other)
  const events = followEvents(service.server, id)
  await until(() => events.statuses().includes('waiting'))
  const claim = await other.captures.claim(id, { owner: 'other', leaseMs: 60_000 })
  if (claim === null) throw new Error('it cannot be claimed')
  await until(() => events.statuses().includes('running'))
  await other.captures.finish(claim, { status: 'failed', error: { code: 'X', message: 'No.' } })
  await events.ended
  expect(events.statuses()).toEqual(['waiting', 'running', 'failed'])
  expect(events.contentType()).toMatch(/^text\/event-stream/)
})

test('events of an upload that ended long ago go on until it is judged', async () => {
  const times = { startedAt: timeAt(1), finishedAt: timeAt(2) }
  const files = { ...filesOf('long-ago'), 'capture.json': JSON.stringify(times) }
  const { body } = await uploadTar(files)
  const events = followEvents(service.server, body.capture.id)
  await events.ended
  expect(events.reports().at(-1)).toBe('ready')
})

test('a client that goes leaves nothing behind that asks the database', async () => {
  const other = await openTestStore({ directory: service.directory })
  const id = await waitingCapture(other)
  const before = timerCount()
  const followed = Array.from({ length: 20 }, () => followEvents(service.server, id))
  await until(() => followed.every(({ statuses }) => statuses().length === 1))
  for (const { close } of followed) close()
  await expect.poll(timerCount).toBeLessThanOrEqual(before + 2)
  await other.captures.cancel(id)
})

const CORPUS = fileURLToPath(new URL('../../../../shared/corpus/', import.meta.url))

test.skipIf(!existsSync(CORPUS))('a real capture has its findings', async () => {
  const folder = join(CORPUS, 'apiserver-list-no-rv')
  const names = readdirSync(folder)
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]))
  const { body } = await uploadTar(files)
  const capture = await judged(body.capture.id)
  expect(capture).toMatchObject({ component: 'kube-apiserver', kubernetesVersion: 'v1.30.4' })
  const report = (await get(`/api/v1/captures/${capture.id}/report`)).body
  const rules = report.findings.map(({ rule }: { rule: string }) => rule)
  expect(rules).toContain('apiserver.list-from-etcd')
  expect(capture.worstFinding.rule).toBe(rules[0])
})

const CPU = { type: 'cpu', unit: 'nanoseconds' }
const ALLOC = { type: 'alloc_space', unit: 'bytes' }

function profile(stack: string, value = 42, type = CPU): Uint8Array {
  return gzipSync(encodeProfile(profileFromFolded(`${stack} ${value}`, type)))
}

/** A capture that is like no other. */
function filesOf(name: string): Files {
  return {
    'cpu.pb.gz': profile(`main;${name}`),
    'heap.pb.gz': profile(`main;${name}`, 7, ALLOC),
    'metrics.txt': 'up 1\n',
    'a.log': 'slow\n',
  }
}

/** What a process has allocated that leaks. */
function leaked(bytes: number): Uint8Array {
  return profile('main;leak', bytes, ALLOC)
}

function startedAt(seconds: number, bytes: number): Files {
  return {
    'allocs.pb.gz': leaked(bytes),
    'metrics.txt': `process_start_time_seconds ${seconds}\n`,
  }
}

function timeAt(minute: number): string {
  return `2026-01-02T03:0${minute}:00Z`
}

function timerCount(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
}

function tarOf(files: Files): Promise<Uint8Array> {
  return packTar(
    Object.entries(files).map(([name, body]) => ({
      header: { name: `capture/${name}`, size: Buffer.byteLength(body) },
      body: Buffer.from(body),
    })),
  )
}

async function uploadTar(files: Files, query: Readonly<Record<string, string>> = {}) {
  return postTar(gzipSync(await tarOf(files)), query)
}

function postTar(bytes: Uint8Array, query: Readonly<Record<string, string>> = {}) {
  return supertest(service.server)
    .post('/api/v1/captures')
    .query(query)
    .set('content-type', 'application/gzip')
    .send(Buffer.from(bytes))
}

interface Judged {
  readonly report: { readonly notes: readonly { readonly code: string }[] }
}

async function uploadProfile(
  bytes: Uint8Array,
  query: Readonly<Record<string, string>>,
): Promise<Judged> {
  const { body } = await supertest(service.server)
    .post('/api/v1/profiles')
    .query(query)
    .set('content-type', 'application/octet-stream')
    .send(Buffer.from(bytes))
  return body
}

function codesOf({ report }: Judged): readonly string[] {
  return report.notes.map(({ code }) => code)
}

function get(path: string) {
  return supertest(service.server).get(path)
}

function bytesOf(path: string) {
  return get(path).responseType('blob')
}

function gunzipped() {
  return new DecompressionStream('gzip')
}

async function judged(id: string) {
  await until(async () => {
    const { body } = await get(`/api/v1/captures/${id}`)
    return body.capture.reportStatus !== 'waiting'
  })
  return (await get(`/api/v1/captures/${id}`)).body.capture
}

type TestStore = Awaited<ReturnType<typeof openTestStore>>

async function waitingCapture(store: TestStore): Promise<string> {
  const [capture] = await store.captures.create([
    {
      origin: 'demand',
      target: 'api',
      component: null,
      instance: null,
      cluster: null,
      processKey: 'api',
      schedule: null,
      request: null,
      seconds: null,
      labels: [],
      note: null,
    },
  ])
  return capture?.id ?? ''
}
