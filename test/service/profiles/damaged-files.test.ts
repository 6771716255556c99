import { readFileSync, writeFileSync } from 'node:fs'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startService, type StartedService } from '../start-service.ts'
import { asLargeFile } from '../../as-large-file.ts'
import { until } from '../../until.ts'

const capture = new URL('../../../examples/apiserver-list-no-rv/cpu.pb.gz', import.meta.url)

let service: StartedService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

/** Uploads the example under another name, so that it is another profile. */
async function upload(
  target: string,
  file: Uint8Array = readFileSync(capture),
): Promise<{ self: string; sha256: string }> {
  const reply = await supertest(service.server)
    .post(`/api/v1/profiles?wait=90s&target=${target}`)
    .type('application/octet-stream')
    .send(file)
  return { self: reply.body.links.self, sha256: reply.body.profile.sha256 }
}

async function pathsOf(prefix: string): Promise<string[]> {
  const blobs = join(service.directory, 'blobs')
  const names = await readdir(blobs, { recursive: true })
  return names.filter((name) => name.slice(3).startsWith(prefix)).map((name) => join(blobs, name))
}

/** The files that are there now and were not before. */
async function newPaths(before: readonly string[]): Promise<string[]> {
  return (await pathsOf('')).filter((path) => path.length > 80 && !before.includes(path))
}

test('changed bytes of the same size are not sent as whole ones', async () => {
  const before = await pathsOf('')
  const { self, sha256 } = await upload('changed')
  const [raw = ''] = (await newPaths(before)).filter((path) => path.includes(sha256))
  const bytes = readFileSync(raw)
  bytes[100] = (bytes[100] ?? 0) ^ 1
  writeFileSync(raw, bytes)
  const reply = await supertest(service.server).get(`${self}/raw`)
  expect(reply.status).toBe(500)
  expect(reply.body.error.code).toBe('BLOB_CORRUPT')
  expect(service.logLines.join('')).toContain('a stored file is missing or damaged')
  const { body } = await supertest(service.server).get(self)
  expect(body.profile.fileFault).toBe('corrupt')
  const metrics = await supertest(service.server).get('/metrics')
  expect(metrics.text).toContain('kubeprof_blob_faults_total{fault="corrupt",outcome="lost"} 1')
})

test('a changed file that is sent in several parts breaks off before its end', async () => {
  const large = Buffer.concat([readFileSync(capture), randomBytes(400_000)])
  const before = await pathsOf('')
  const reply = await supertest(service.server)
    .post('/api/v1/profiles')
    .type('application/octet-stream')
    .send(large)
  const [raw = ''] = await newPaths(before)
  const bytes = readFileSync(raw)
  bytes[200_000] = (bytes[200_000] ?? 0) ^ 1
  writeFileSync(raw, bytes)
  const address = service.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const response = await fetch(`http://127.0.0.1:${port}${reply.body.links.self}/raw`)
  await expect(response.arrayBuffer()).rejects.toThrow('terminated')
})

test('a truncated file is refused before a byte of it is sent', async () => {
  const before = await pathsOf('')
  const { self, sha256 } = await upload('truncated')
  const [raw = ''] = (await newPaths(before)).filter((path) => path.includes(sha256))
  await writeFile(raw, readFileSync(raw).subarray(0, 1000))
  const reply = await supertest(service.server).get(`${self}/raw`)
  expect(reply.status).toBe(500)
  expect(reply.body.error.code).toBe('BLOB_CORRUPT')
})

test('a file that is gone is reported as missing', async () => {
  const before = await pathsOf('')
  const { self, sha256 } = await upload('gone')
  const [raw = ''] = (await newPaths(before)).filter((path) => path.includes(sha256))
  await rm(raw)
  const reply = await supertest(service.server).get(`${self}/raw`)
  expect(reply.body.error.code).toBe('BLOB_MISSING')
})

test.each(['top', 'columns'])(
  'a small file that is damaged has no %s any more, and its report stays',
  async (path) => {
    const before = await pathsOf('')
    const { self } = await upload(`small-${path}`)
    const [raw = '', ...others] = await newPaths(before)
    expect(others).toEqual([])
    const bytes = readFileSync(raw)
    bytes[100] = (bytes[100] ?? 0) ^ 1
    writeFileSync(raw, bytes)
    const reply = await supertest(service.server).get(`${self}/${path}`)
    expect(reply.body.error).toMatchObject({ code: 'BLOB_CORRUPT' })
    const { body } = await supertest(service.server).get(self)
    expect(body.profile.fileFault).toBe('corrupt')
    expect((await supertest(service.server).get(`${self}/report`)).status).toBe(200)
  },
)

test.each([
  ['a view', 'top'],
  ['the download of the columns', 'columns'],
])('damaged columns are computed again when %s meets them', async (_, path) => {
  const before = await pathsOf('')
  const { self, sha256 } = await upload(`columns-${path}`, asLargeFile(readFileSync(capture)))
  const [columns = ''] = (await newPaths(before)).filter((name) => !name.includes(sha256))
  const bytes = readFileSync(columns)
  bytes.fill(0xff, 200, 260)
  writeFileSync(columns, bytes)
  const first = await supertest(service.server).get(`${self}/${path}`)
  expect(first.body.error).toMatchObject({ code: 'PROFILE_NOT_READY' })
  expect(first.status).toBe(409)
  await until(async () => (await supertest(service.server).get(`${self}/${path}`)).status === 200)
})
