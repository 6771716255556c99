import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeProfile, profileFromFolded } from '../../../profile/index.ts'
import { captureBundle } from '../profiles/capture-bundle.ts'
import { startService, type StartedService } from '../start-service.ts'

const START_MS = Date.UTC(2026, 5, 1)
const CPU = { type: 'cpu', unit: 'nanoseconds' }

let service: StartedService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

test('profiles and times of a target are compared by second, by request and as they are', async () => {
  const [page, startedAt] = ['apiserver_request_total', 1.7e9]
  const requests = (count: number) => ({ metrics: `${page} ${count}`, before: `${page} 0` })
  // 40 requests in 20 s, then 80.
  await uploadCapture('compared', 1, { ...requests(40), startedAt })
  await uploadCapture('compared', 31, { ...requests(80), startedAt: startedAt + 1 })
  const { body: list } = await get('/profiles?target=compared&type=cpu')
  const [b, a] = list.items.map(({ id }: { id: string }) => id)
  const compared = async (query: string) => (await get(`/compare?a=${a}&b=${b}&${query}`)).body
  // 5 s of CPU in 10 s.
  const second = { per: 'second', requests: null, total: { before: 5e8, after: 5e8 } }
  expect(await compared('')).toMatchObject(second)
  expect(await compared('per=second')).toMatchObject(second)
  expect(await compared('per=profile')).toMatchObject({
    per: 'profile',
    total: { before: 5e9, after: 5e9 },
  })
  const request = {
    per: 'request',
    requests: { metric: page, before: 2, after: 4 },
    total: { before: 2.5e8, after: 1.25e8 },
  }
  expect(await compared('per=request')).toMatchObject(request)
  const sides = `a=${sideOf(1)}&b=${sideOf(31)}`
  expect((await get(`/compare?${sides}&type=cpu&per=request`)).body).toMatchObject(request)
})

test('a comparison by requests that are not known, or of several metrics, is refused', async () => {
  const of = { startedAt: 1.7e9 }
  const [one, other] = ['apiserver_request_total', 'grpc_server_handled_total']
  await uploadCapture('several', 1, { ...of, metrics: `${one} 40`, before: `${one} 0` })
  await uploadCapture('several', 2, { ...of, metrics: `${other} 40`, before: `${other} 0` })
  await uploadCpu('unserved')
  const idsOf = async (target: string) => {
    const { body } = await get(`/profiles?target=${target}&type=cpu`)
    return body.items.map(({ id }: { id: string }) => id)
  }
  const [b, a] = await idsOf('several')
  const [c] = await idsOf('unserved')
  const two = await get(`/compare?a=${a}&b=${b}&per=request`)
  expect(two.body.error).toMatchObject({ code: 'REQUESTS_UNKNOWN' })
  expect(two.body.error.message).toContain(`${one}, ${other}`)
  const unknown = await get(`/compare?a=${a}&b=${c}&per=request`)
  expect([unknown.status, unknown.body.error.code]).toEqual([404, 'REQUESTS_UNKNOWN'])
  expect((await get(`/compare?a=${a}&b=${b}&per=hour`)).body.error.code).toBe('REQUEST_INVALID')
})

function sideOf(minute: number): string {
  return `compared+${minuteOf(minute)}+${minuteOf(minute + 1)}`
}

async function uploadCpu(target: string) {
  const times = { timeNs: BigInt(START_MS) * 1_000_000n, durationNs: 10_000_000_000n }
  const { body } = await supertest(service.server)
    .post('/api/v1/profiles')
    .query({ target, type: 'cpu', wait: '90s' })
    .set('content-type', 'application/octet-stream')
    .send(Buffer.from(encodeProfile(profileFromFolded('main 100', CPU, times))))
  expect(body.profile).toMatchObject({ status: 'ready' })
}

async function uploadCapture(
  target: string,
  minute: number,
  pages: { readonly metrics: string; readonly startedAt: number; readonly before: string },
) {
  const { body } = await supertest(service.server)
    .post('/api/v1/captures')
    .query({ target, instance: 'one', time: minuteOf(minute) })
    .set('content-type', 'application/gzip')
    .send(await captureBundle({ timeMs: START_MS + minute * 60_000, ...pages }))
  await expect
    .poll(async () => (await get(`/captures/${body.capture.id}`)).body.capture.reportStatus)
    .toBe('ready')
}

function minuteOf(minute: number): string {
  return new Date(START_MS + minute * 60_000).toISOString()
}

function get(path: string) {
  return supertest(service.server).get(`/api/v1${path}`)
}
