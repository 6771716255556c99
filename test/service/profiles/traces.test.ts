import { readFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeProfile, profileFromFolded, summariseTrace } from '../../../profile/index.ts'
import { startService, type StartedService } from '../start-service.ts'

let service: StartedService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const ZIPPED = readFileSync(new URL('../../fixtures/traces/go126-mixed.out.gz', import.meta.url))
const TRACE = gunzipSync(ZIPPED)
const DAMAGED = 'go 1.26 trace\0\0\0damaged'

test.each([
  ['trace.out', TRACE],
  ['trace.out.gz', ZIPPED],
])('%s of a capture is summed up', async (name, bytes) => {
  const { goroutineCount, scheduling, states } = summariseTrace(TRACE)
  const { status, body } = await traceOf({ [name]: bytes })
  expect(status).toBe(200)
  expect(body).toMatchObject({ fileName: name, goVersion: '1.26', goroutineCount, states })
  expect(body.scheduling).toEqual(scheduling)
})

test.each([
  ['no trace', {}, 404, 'FILE_NOT_FOUND'],
  ['a trace that is damaged', { 'trace.out': Buffer.from(DAMAGED) }, 422, 'PROFILE_INVALID'],
  ['bytes that are not a trace', { 'trace.out': gzipSync('hello') }, 422, 'PROFILE_INVALID'],
])('of a capture with %s there is no account', async (_, files, status, code) => {
  const reply = await traceOf(files)
  expect([reply.status, reply.body.error.code]).toEqual([status, code])
})

test('a capture that is not there has none', async () => {
  const path = '/api/v1/captures/01JD6Q8G0000000000000000AA/trace'
  const { status, body } = await supertest(service.server).get(path)
  expect([status, body.error.code]).toEqual([404, 'CAPTURE_NOT_FOUND'])
})

let captureCount = 0

/** What is answered for a capture with these files beside a profile. */
async function traceOf(files: Readonly<Record<string, Uint8Array>>) {
  const profile = profileFromFolded(`main.main;main.work ${++captureCount}`, {
    type: 'cpu',
    unit: 'nanoseconds',
  })
  const request = supertest(service.server).post('/api/v1/captures')
  void request.attach('file', Buffer.from(gzipSync(encodeProfile(profile))), 'cpu.pb.gz')
  for (const [name, bytes] of Object.entries(files)) {
    void request.attach('file', Buffer.from(bytes), name)
  }
  const { body } = await request
  return await supertest(service.server).get(`/api/v1/captures/${body.capture.id}/trace`)
}
