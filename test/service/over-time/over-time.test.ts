import { gunzipSync } from 'node:zlib'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readProfile } from '../../../gzip/node.ts'
import {
  encodeProfile,
  type Profile,
  profileFromFolded,
  type ValueType,
} from '../../../profile/index.ts'
import { captureBundle } from '../profiles/capture-bundle.ts'
import { startService, type StartedService } from '../start-service.ts'

const CPU = { type: 'cpu', unit: 'nanoseconds' }
const ALLOC = { type: 'alloc_space', unit: 'bytes' }
const IN_USE = { type: 'inuse_space', unit: 'bytes' }
const SECOND_NS = 1_000_000_000n

let service: StartedService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

test('two profiles are compared by function, per second', async () => {
  const a = await upload('main;work 1000', { type: CPU, seconds: 10n })
  const b = await upload('main;work 3000\nmain;new 100', { type: CPU, seconds: 10n })
  const { status, body } = await get(`/compare?a=${a}&b=${b}`)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    a: { profileIds: [a], durationSeconds: 10 },
    b: { profileIds: [b] },
    kind: 'interval',
    per: 'second',
    total: { before: 100, after: 310, difference: 210 },
  })
  expect(body.rows).toMatchObject([
    { name: 'work', status: 'grew', flat: { before: 100, after: 300 } },
    { name: 'new', status: 'new', flat: { after: 10 } },
  ])
})

test('two times of a target are each merged and compared', async () => {
  const at = taken({ type: CPU, seconds: 10n, target: 'ranges' })
  await upload('main;work 1000', at(1))
  await upload('main;work 3000', at(2))
  await upload('main;work 8000', at(11))
  const [a, b] = [`ranges+${time(0)}+${time(5)}`, `ranges+${time(10)}+${time(15)}`]
  const { body } = await get(`/compare?a=${a}&b=${b}&type=cpu`)
  expect(body.a.profileIds).toHaveLength(2)
  expect(body.total).toMatchObject({ before: 200, after: 800 })
})

test.each([
  ['a=x&b=x', 400, 'REQUEST_INVALID'],
  ['a=t+2026-01-01T00:00:00Z+2026-01-02T00:00:00Z&b=x', 400, 'REQUEST_INVALID'],
  ['a=01JD6Q8G0000000000000000AA&b=01JD6Q8G0000000000000000AA', 404, 'PROFILE_NOT_FOUND'],
])('comparing %s is refused', async (query, status, code) => {
  const reply = await get(`/compare?${query}`)
  expect([reply.status, reply.body.error.code]).toEqual([status, code])
})

test('a profile of another type than was asked for is refused by its id, and one of the type is not', async () => {
  const a = await upload('main;work 1000', { type: CPU, seconds: 10n })
  const b = await upload('main;work 2000', { type: CPU, seconds: 10n })
  expect((await get(`/compare?a=${a}&b=${b}&type=cpu`)).status).toBe(200)
  const { status, body } = await get(`/compare?a=${a}&b=${b}&type=heap`)
  expect({ status, ...body.error }).toMatchObject({
    status: 400,
    code: 'REQUEST_INVALID',
    message: expect.stringMatching(`^The profile ${a} is of the type cpu, and .type. is heap`),
    details: { name: 'type' },
  })
})

test('the id of a capture is refused as such, with the ids of its profiles', async () => {
  const profile = await upload('main;work 1000', { type: CPU, seconds: 10n })
  const bundle = await captureBundle({ timeMs: Date.UTC(2026, 5, 1), metrics: '', startedAt: 1 })
  const { body: uploaded } = await supertest(service.server)
    .post('/api/v1/captures')
    .set('content-type', 'application/gzip')
    .send(bundle)
  const [cpu] = uploaded.capture.profileIds
  const { status, body } = await get(`/compare?a=${profile}&b=${uploaded.capture.id}`)
  expect({ status, ...body.error }).toMatchObject({
    status: 400,
    code: 'REQUEST_INVALID',
    message: `\`b\` is the id of a capture, and the id of a profile is needed. Those of the capture are: cpu ${cpu}.`,
    details: { in: 'query parameter', name: 'b', profiles: [{ kind: 'cpu', id: cpu }] },
  })
})

test('of profiles of two components it is said that they are, in both languages', async () => {
  const of = { type: CPU, seconds: 10n }
  const a = await upload('main;work 1000', { ...of, component: 'etcd' })
  const b = await upload('main;work 2000', { ...of, component: 'kubelet' })
  const c = await upload('main;work 3000', { ...of, component: 'kubelet' })
  const { body } = await get(`/compare?a=${a}&b=${b}`)
  expect(body.notes).toEqual([
    {
      code: 'components_differ',
      text: expect.stringContaining('The first is of etcd, the second of kubelet'),
      textZh: expect.stringContaining('前者属于 etcd，后者属于 kubelet'),
    },
  ])
  expect((await get(`/compare?a=${b}&b=${c}`)).body.notes).toEqual([])
})

test('profiles of different types are not compared, and both types are named', async () => {
  const a = await upload('main;work 1000', { type: CPU, seconds: 10n })
  const b = await upload('main;work 1000', { type: IN_USE })
  const reply = await get(`/compare?a=${a}&b=${b}`)
  expect([reply.status, reply.body.error.code]).toEqual([422, 'VIEW_INVALID'])
  expect(reply.body.error.message).toMatch(/cpu.*inuse_space|inuse_space.*cpu/)
})

test('CPU profiles of a target add up', async () => {
  const at = taken({ type: CPU, seconds: 10n, target: 'sums' })
  await upload('main;work 1000', at(1))
  await upload('main;work 500', at(2))
  const { body } = await get('/merge?target=sums&type=cpu')
  expect(body).toMatchObject({
    kind: 'interval',
    aggregation: 'sum',
    does: 'sum',
    durationSeconds: 20,
    isCut: false,
  })
  expect(body.top).toMatchObject({ total: 1500, rows: [{ name: 'work', flat: 1500 }, {}] })
  const file = await get('/merge?target=sums&type=cpu&format=pprof').responseType('blob')
  expect(file.headers['content-disposition']).toContain('merged-cpu.pb.gz')
  expect(readProfile(gunzipSync(file.body)).durationNs).toBe(20n * SECOND_NS)
})

test('heap in use is averaged over time, and added over the processes', async () => {
  const at = taken({ type: IN_USE, target: 'heaps' })
  await upload('main;keep 100', at(1, 'a'))
  await upload('main;keep 300', at(2, 'a'))
  await upload('main;keep 1000', at(2, 'b'))
  const { body } = await get('/merge?target=heaps&type=heap')
  expect(body).toMatchObject({ kind: 'snapshot', aggregation: 'average', top: { total: 1200 } })
  expect((await get('/merge?target=heaps&type=heap&instance=a')).body.top.total).toBe(200)
})

test('of what is allocated since the start the growth is shown, restarts noticed', async () => {
  const at = taken({ type: ALLOC, said: 'allocs', target: 'allocs' })
  await upload('main;make 1000', at(1))
  const alone = await get('/merge?target=allocs&type=allocs')
  expect([alone.status, alone.body.error.code]).toEqual([422, 'VIEW_INVALID'])
  await upload('main;make 1600', at(2))
  await upload('main;make 200', at(3))
  const { body } = await get('/merge?target=allocs&type=allocs')
  expect(body).toMatchObject({ aggregation: 'increase', restartCount: 1, top: { total: 800 } })
})

test('a trend shows a function per second, profile after profile', async () => {
  const at = taken({ type: CPU, seconds: 10n, target: 'trend' })
  const later = await upload('main;work 3000\nmain;rest 1000', at(2))
  const first = await upload('main;work 1000', at(1))
  const { body } = await get('/trend?target=trend&type=cpu&function=work')
  expect(body).toMatchObject({ kind: 'interval', per: 'second', isCut: false })
  expect(body.points).toMatchObject([
    { profileId: first, at: time(1), value: 100, total: 100 },
    { profileId: later, at: time(2), value: 300, total: 400 },
  ])
  const total = (await get('/trend?target=trend&type=cpu')).body
  expect(total.points.map(({ value }: { value: number }) => value)).toEqual([100, 400])
})

test('a trend of what is allocated is its growth, with a gap where the process restarted', async () => {
  const at = taken({ type: ALLOC, said: 'allocs', target: 'growth' })
  await upload('main;make 1000', at(1))
  await upload('main;make 7000', at(2))
  await upload('main;make 100', at(3))
  const { body } = await get('/trend?target=growth&type=allocs')
  expect(body.points).toMatchObject([
    { value: null, hasRestarted: false },
    { value: 100, hasRestarted: false },
    { value: null, hasRestarted: true },
  ])
})

test.each(['/merge?target=none&type=cpu', '/trend?target=none&type=cpu'])(
  '%s is answered 404',
  async (path) => {
    const reply = await get(path)
    expect([reply.status, reply.body.error.code]).toEqual([404, 'PROFILE_NOT_FOUND'])
  },
)

interface UploadOptions {
  readonly type: ValueType
  readonly seconds?: bigint
  /** When it was taken. */
  readonly minute?: number
  readonly target?: string
  readonly instance?: string
  readonly component?: string | undefined
  /** The type of the profile, when the sample types do not show it. */
  readonly said?: string
}

/** Profiles like this one, taken at a minute, of an instance where there are several. */
function taken(options: UploadOptions) {
  return (minute: number, instance?: string): UploadOptions => ({
    ...options,
    minute,
    ...(instance === undefined ? {} : { instance }),
  })
}

async function upload(
  folded: string,
  { type, seconds = 0n, minute = 0, target = 'any', instance, component, said }: UploadOptions,
): Promise<string> {
  const profile: Profile = {
    ...profileFromFolded(folded, type),
    timeNs: BigInt(Date.parse(time(minute))) * 1_000_000n,
    durationNs: seconds * SECOND_NS,
  }
  const { body } = await supertest(service.server)
    .post('/api/v1/profiles')
    .query({
      target,
      wait: '90s',
      ...(instance === undefined ? {} : { instance }),
      ...(component === undefined ? {} : { component }),
      ...(said === undefined ? {} : { type: said }),
    })
    .set('content-type', 'application/octet-stream')
    .send(Buffer.from(encodeProfile(profile)))
  expect(body.profile.status).toBe('ready')
  return body.profile.id
}

function time(minute: number): string {
  return new Date(Date.UTC(2026, 0, 2, 3, minute)).toISOString()
}

function get(path: string) {
  return supertest(service.server).get(`/api/v1${path}`)
}
