import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeFleet, startFakeFleet } from '../../collect/fake-fleet.ts'
import { startService, type StartedService } from '../start-service.ts'
import { until } from '../../until.ts'

let service: StartedService
let fleet: FakeFleet
let stopFleet: () => Promise<void>
const folder = mkdtempSync(join(tmpdir(), 'kubeprof-targets-'))
const path = join(folder, 'targets.yaml')

beforeAll(async () => {
  const started = await startFakeFleet({ delayMs: 5, untilTestFinished: false })
  fleet = started
  stopFleet = started.stop
  writeFileSync(path, fileText())
  service = await startService({
    collects: true,
    works: false,
    settings: {
      'collect.targetsFile': path,
      'collect.tickMs': '50',
      'collect.targetsFilePollMs': '100',
      'collect.alertCapturesMax': '2',
    },
  })
  // Until the targets are known.
  await until(async () => {
    const { body } = await get('/api/v1/targets')
    return body.items.length > 0 && body.items.every(isFound)
  })
})
afterAll(async () => {
  await service.stop()
  await stopFleet()
  rmSync(folder, { recursive: true })
})

function fileText(): string {
  const targets = ['one', 'two', 'three'].map(
    (name) => `  - { name: ${name}, kind: etcd, url: '${fleet.url(name)}' }`,
  )
  return `targets:
${targets.join('\n')}
profileSets:
  short: { heap: {} }
schedules:
  - { name: hourly, targets: [one, two], every: 1h, take: short }
triggers:
  - { name: slow, alert: { alertname: Slow }, targets: [one, two, three], take: short, cooldown: 1h }
network:
  allow: [127.0.0.1/32]
`
}

test('targets are listed with their processes, and with the file they stand in', async () => {
  const { body } = await get('/api/v1/targets')
  expect(body.items.map(({ name }: { name: string }) => name)).toEqual(['one', 'three', 'two'])
  expect(body.items[0]).toMatchObject({
    origin: 'file',
    kind: 'etcd',
    url: fleet.url('one'),
    description: `at ${fleet.url('one')}`,
    schedules: ['hourly'],
    processes: [
      {
        state: 'unknown',
        instance: fleet.origin.slice('http://'.length),
        via: 'direct',
        nextRun: { schedule: 'hourly' },
      },
    ],
  })
  expect(body.file).toMatchObject({ path, faults: [], clusters: [] })
  expect(JSON.stringify(body)).not.toContain('specJson')
  const one = await get('/api/v1/targets/one')
  expect(one.body).toEqual(body.items[0])
})

test('schedules show when they run and which targets they capture', async () => {
  const { body } = await get('/api/v1/schedules')
  expect(body.items).toMatchObject([
    {
      name: 'hourly',
      targets: ['one', 'two'],
      every: '1h',
      cron: null,
      profileSet: 'short',
      profiles: ['heap'],
      capturesPerDay: 24,
      processCount: 2,
      skipped: { missed: 0, overlap: 0, failing: 0, cost: 0 },
    },
  ])
  expect(Date.parse(body.items[0].nextRunAt)).toBeGreaterThan(Date.now())
})

test.each([
  ['', ['hourly']],
  ['?target=one&component=etcd&status=active&limit=1', ['hourly']],
  ['?target=three', []],
  ['?component=kubelet', []],
  ['?status=paused', []],
])('schedules%s are those that fit', async (query, names) => {
  const { body } = await get(`/api/v1/schedules${query}`)
  expect(body.items.map(({ name }: { name: string }) => name)).toEqual(names)
  expect(body.nextCursor).toBeNull()
})

test('a capture that is asked for is taken, and its parts can be read', async () => {
  const asked = await post('/api/v1/captures', { target: 'one', profiles: ['heap', 'goroutine'] })
  expect(asked.status).toBe(202)
  const [{ id, status }] = asked.body.items
  expect(status).toBe('waiting')
  // Until it is complete.
  await until(async () => {
    return (await get(`/api/v1/captures/${id}`)).body.capture.status === 'complete'
  })
  const { capture } = (await get(`/api/v1/captures/${id}`)).body
  expect(capture.parts).toMatchObject([
    { kind: 'goroutine', state: 'taken', fileName: 'goroutine.pb.gz' },
    { kind: 'heap', state: 'taken', fileName: 'heap.pb.gz' },
  ])
  const { body } = await get('/api/v1/targets/one')
  expect(body.processes).toMatchObject([{ state: 'ok', lastCapture: { id, status: 'complete' } }])
  const metrics = await supertest(service.server).get('/metrics')
  expect(metrics.text).toContain(
    'kubeprof_captures_total{kind="heap",component="etcd",result="taken"}',
  )
})

test('a target can be made, changed, tested, paused and deleted', async () => {
  const url = fleet.url('mine')
  const made = await post('/api/v1/targets', { name: 'mine', url, schedules: ['hourly'] })
  expect([made.status, made.body.origin]).toEqual([201, 'web'])
  const again = await post('/api/v1/targets', { name: 'mine', url })
  expect([again.status, again.body.error.code]).toEqual([409, 'TARGET_EXISTS'])
  const changed = await supertest(service.server)
    .put('/api/v1/targets/mine')
    .send({ url: `${url}2`, kind: 'coredns' })
  expect(changed.body).toMatchObject({ url: `${url}2`, kind: 'coredns', schedules: [] })
  const tested = await post('/api/v1/targets/mine/test')
  expect(tested.body).toMatchObject({ isFine: true })
  const paused = await post('/api/v1/targets/mine/pause')
  expect(paused.body.pausedAt).toEqual(expect.any(String))
  const resumed = await post('/api/v1/targets/mine/resume')
  expect(resumed.body.pausedAt).toBeNull()
  const deleted = await supertest(service.server).delete('/api/v1/targets/mine')
  expect(deleted.status).toBe(204)
  expect((await get('/api/v1/targets/mine')).body.error.code).toBe('TARGET_NOT_FOUND')
})

test('a target can be captured the moment it is made', async () => {
  await post('/api/v1/targets', { name: 'fresh', url: fleet.url('fresh') })
  const { status, body } = await post('/api/v1/captures', { target: 'fresh', profiles: ['heap'] })
  expect([status, body.items.length]).toEqual([202, 1])
  await supertest(service.server).delete('/api/v1/targets/fresh')
})

test('the test of an unreachable target reports this as a sentence', async () => {
  await post('/api/v1/targets', { name: 'dead', url: 'http://127.0.0.1:1' })
  const { body } = await post('/api/v1/targets/dead/test')
  expect(body.isFine).toBe(false)
  expect(JSON.stringify(body.lines)).toContain('refused the connection')
  await supertest(service.server).delete('/api/v1/targets/dead')
})

test.each([
  ['http://169.254.169.254/', 'TARGET_ADDRESS_DENIED'],
  ['http://10.0.0.1:6060', 'TARGET_ADDRESS_DENIED'],
  ['http://[::ffff:169.254.169.254]/', 'TARGET_ADDRESS_DENIED'],
  ['http://2130706434/', 'TARGET_ADDRESS_DENIED'],
  ['http://user:secret@127.0.0.1/', 'TARGET_INVALID'],
  ['file:///etc/passwd', 'REQUEST_INVALID'],
  ['http://', 'TARGET_INVALID'],
])('a target at %s is refused: %s', async (url, code) => {
  const { body } = await post('/api/v1/targets', { name: 'bad', url })
  expect(body.error.code).toBe(code)
  expect((await get('/api/v1/targets/bad')).status).toBe(404)
})

test('what stands in the file is changed there alone', async () => {
  const replies = [
    await supertest(service.server).put('/api/v1/targets/one').send({ url: 'http://127.0.0.1' }),
    await supertest(service.server).delete('/api/v1/targets/one'),
  ]
  expect(replies.map(({ body }) => body.error.code)).toEqual(['TARGET_OF_FILE', 'TARGET_OF_FILE'])
})

test('a schedule can be paused and goes on', async () => {
  const paused = await post('/api/v1/schedules/hourly/pause')
  expect(paused.body).toMatchObject({ pausedAt: expect.any(String), nextRunAt: null })
  const resumed = await post('/api/v1/schedules/hourly/resume')
  expect(resumed.body.pausedAt).toBeNull()
  expect((await post('/api/v1/schedules/nobody/pause')).body.error.code).toBe('SCHEDULE_NOT_FOUND')
})

test('an alert starts captures once, at most so many, and what is over starts none', async () => {
  const first = await send(alert({}), alert({ fingerprint: 'f2', status: 'resolved' }))
  expect(first.status).toBe(202)
  expect(first.body.items).toMatchObject([
    { trigger: 'slow', skipped: 'limit' },
    { skipped: 'resolved', captureIds: [] },
  ])
  expect(first.body.items[0].captureIds).toHaveLength(2)
  const again = await send(alert({}))
  expect(again.body.items[0].captureIds).toHaveLength(1)
  const other = await send(alert({ fingerprint: 'f3' }), alert({ labels: { alertname: 'Other' } }))
  expect(other.body.items).toMatchObject([
    { skipped: 'cooldown', captureIds: [] },
    { skipped: 'unmatched', trigger: null },
  ])
  const { body } = await get(`/api/v1/captures/${first.body.items[0].captureIds[0]}`)
  expect(body.capture).toMatchObject({ origin: 'alert', note: 'slow: alert Slow' })
})

test.each([
  ['no JSON', 'nonsense', 400],
  ['another version', JSON.stringify({ version: '3', alerts: [] }), 400],
  ['more than a mebibyte', JSON.stringify({ version: '4', alerts: [], x: 'x'.repeat(1.1e6) }), 413],
])('alerts with %s are refused so that they are not sent again', async (_, body, status) => {
  const reply = await supertest(service.server)
    .post('/api/v1/triggers/alertmanager')
    .set('content-type', 'application/json')
    .send(body)
  expect(reply.status).toBe(status)
})

test('the faults of a bad file are reported, and a good one is read on request', async () => {
  writeFileSync(path, `${fileText()}\nnonsense: 1\n`)
  const asked = await post('/api/v1/targets/reload')
  expect(asked.status).toBe(202)
  // Until the fault is reported.
  await until(async () => {
    return (await get('/api/v1/targets')).body.file.faults.length === 1
  })
  const { body } = await get('/api/v1/targets')
  expect(body.file.faults[0]).toMatch(/targets\.yaml:\d+:1: nonsense: is not known here/)
  expect(body.items).toHaveLength(3)
  writeFileSync(path, fileText())
  // Until it is in force.
  await until(async () => {
    return (await get('/api/v1/targets')).body.file.faults.length === 0
  })
})

function get(address: string) {
  return supertest(service.server).get(address)
}

function post(address: string, body?: object) {
  const request = supertest(service.server).post(address)
  return body === undefined ? request : request.send(body)
}

/** As an Alertmanager sends it. */
function alert(change: object) {
  return {
    status: 'firing',
    labels: { alertname: 'Slow' },
    annotations: { summary: 'it is' },
    startsAt: '2026-11-21T12:00:00Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus/',
    fingerprint: 'f1',
    ...change,
  }
}
function send(...alerts: object[]) {
  return post('/api/v1/triggers/alertmanager', {
    version: '4',
    groupKey: '{}',
    truncatedAlerts: 0,
    receiver: 'kubeprof',
    status: 'firing',
    alerts,
  })
}

function isFound({ processes }: { readonly processes: readonly unknown[] }): boolean {
  return processes.length === 1
}
