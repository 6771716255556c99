import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readProfile } from '../../../gzip/node.ts'
import {
  decodeColumns,
  encodeProfile,
  flameView,
  openView,
  profileFromFolded,
  readViewQuery,
} from '../../../profile/index.ts'
import { contentTexts } from '../../profile/history/expected-sum.ts'
import { type DayProfile, days } from '../../profile/history/random-day.ts'
import { memoryDirectory } from '../../temporary-directory.ts'
import { captureBundle } from '../profiles/capture-bundle.ts'
import { startService, type StartedService } from '../start-service.ts'

const KUBEPROF = join(import.meta.dirname, '../../../bin/kubeprof')
const START_MS = Date.UTC(2026, 5, 1)
const PENDING_MIN = 4
const HEAP = [
  { type: 'alloc_space', unit: 'bytes' },
  { type: 'inuse_space', unit: 'bytes' },
]

let service: StartedService
beforeAll(async () => {
  service = await startService({
    settings: { 'history.pendingMin': String(PENDING_MIN), 'worker.sweepMs': '200' },
  })
})
afterAll(() => service.stop())

test('a range is to the last digit what kubeprof pprof -proto makes of its files', async () => {
  const profiles = cpuDay()
  const files = await Promise.all(profiles.map(({ profile }) => writeRaw(encodeProfile(profile))))
  for (const { profile, entry } of profiles) {
    await upload(encodeProfile(profile), {
      target: 'parity',
      instance: entry.process,
      time: timeOf(entry.atMs),
    })
  }
  const merged = join(await memoryDirectory(), 'merged.pb.gz')
  await promisify(execFile)(KUBEPROF, ['pprof', '-proto', `-output=${merged}`, ...files])
  const expected = contentTexts(readProfile(await readFile(merged)))
  const range = `q=${encodeURIComponent('{target="parity"}')}&type=cpu&from=${timeOf(0)}&to=2100-01-01T00:00:00Z`
  const once = await download(`/range/raw?${range}`)
  expect(contentTexts(readProfile(once))).toEqual(expected)
  await expect.poll(() => isPacked('parity')).toBe(true)
  expect(contentTexts(readProfile(await download(`/range/raw?${range}`)))).toEqual(expected)
})

test('the views of a range are those of a profile, with what was summed', async () => {
  for (const minute of [1, 2, 3])
    await uploadCpu('views', minute, 'main;serve;list 100\nmain;gc 20')
  const range = rangeOf('{target="views"}', 'cpu')
  const { body: top } = await get(`/range/top?${range}`)
  expect(top).toMatchObject({
    total: 360,
    range: { kind: 'interval', aggregation: 'sum', profileCount: 3, durationSeconds: 30 },
  })
  expect(top.rows[0]).toMatchObject({ name: 'list', flat: 300 })
  const { body: flame } = await get(`/range/flame?${range}&f=gc`)
  expect(flame.frames.map(({ name }: { name: string }) => name)).toContain('gc')
  const { body: peek } = await get(`/range/peek?${range}&function=serve`)
  expect(peek.items[0]).toMatchObject({ name: 'serve', cum: 300, callers: [{ name: 'main' }] })
  const { body: tree } = await get(`/range/tree?${range}`)
  expect(tree.items[0]).toMatchObject({ name: 'main', cum: 360 })
  const { body: graph } = await get(`/range/graph?${range}`)
  const { nodes, edges, ...rest } = graph
  expect(rest).toMatchObject({ total: 360, funcCount: 4, range: { profileCount: 3 } })
  const names = nodes.map(({ name }: { name: string }) => name)
  expect(edges).toContainEqual({
    caller: names.indexOf('serve'),
    callee: names.indexOf('list'),
    weight: 300,
    isInlined: false,
    isResidual: false,
  })
})

test('a series measures a package, a subsystem, or what a rule measures', async () => {
  const handler = 'net/http.(*conn).serve;k8s.io/apiserver/pkg/endpoints/handlers.ListResource'
  const list = `${handler};k8s.io/apiserver/pkg/storage/etcd3.(*store).GetList 4000000000`
  const component = 'kube-apiserver'
  for (const minute of [1, 2]) {
    const stacks = `${list}\n${handler};runtime.mallocgc 6000000000`
    await uploadCpu('measured', minute, stacks, { component })
  }
  const range = rangeOf('{target="measured"}', 'cpu')
  const coresOf = async (measured: string) => {
    const { body } = await get(`/range/series?${range}&${measured}`)
    return body.lines[0].points.map(({ value }: { value: number }) => value / 1e9)
  }
  expect(await coresOf('package=k8s.io/apiserver/pkg/storage/etcd3')).toEqual([0.4, 0.4])
  expect(await coresOf('subsystem=allocation')).toEqual([0.6, 0.6])
  expect(await coresOf('subsystem=request&sort=cum')).toEqual([1, 1])
  expect(await coresOf('rule=apiserver.list-from-etcd')).toEqual([0.4, 0.4])
  expect((await get(`/range/series?${range}&rule=no.such`)).body.error.code).toBe('VIEW_INVALID')
  const both = await get(`/range/series?${range}&package=main&subsystem=gc`)
  expect(both.body.error.code).toBe('REQUEST_INVALID')
})

test('values per request are of what the process served meanwhile, and a restart is no growth', async () => {
  // 10 requests a second, then 20, then a restart, then 5.
  const served: readonly (readonly [requests: number, startedAt: number])[] = [
    [1000, 1.7e9],
    [1600, 1.7e9],
    [2800, 1.7e9],
    [9000, 1.8e9],
    [9300, 1.8e9],
  ]
  for (const [index, [requests, startedAt]] of served.entries()) {
    const metrics = `apiserver_request_total{verb="GET"} ${requests}`
    await uploadCapture('served', index + 1, { metrics, startedAt })
  }
  const range = rangeOf('{target="served"}', 'cpu')
  const { body } = await get(`/range/series?${range}&per=request`)
  expect(body).toMatchObject({ per: 'request', requestMetric: 'apiserver_request_total' })
  const msPerRequest = body.lines[0].points.map(({ value }: { value: number }) => value / 1e6)
  // Half a core each time.
  expect(msPerRequest).toEqual([50, 25, 100])
  const second = await get(`/range/series?${range}`)
  expect(second.body).toMatchObject({ per: 'second', requestMetric: null })
  const heap = await get(`/range/series?${rangeOf('{target="served"}', 'heap')}&per=request`)
  expect(heap.body.error.code).toBe('RANGE_EMPTY')
  const without = await get(`/range/series?${rangeOf('{target="views"}', 'cpu')}&per=request`)
  expect([without.status, without.body.error.code]).toEqual([404, 'REQUESTS_UNKNOWN'])

  const rateOf = async (query: string) => (await get(`/range/requests?${query}`)).body
  const metric = 'apiserver_request_total'
  // 2100 requests in the three minutes that are known.
  expect(await rateOf(range)).toEqual({ metric, requestsPerSecond: 2100 / 180, processCount: 1 })
  const unknown = await rateOf(rangeOf('{target="views"}', 'cpu'))
  expect(unknown).toEqual({ metric: null, requestsPerSecond: null, processCount: 0 })
  // The first capture of a process says what was served while it was taken: 40 requests in 20 s.
  const pages = { metrics: `${metric} 140`, startedAt: 1.7e9, before: `${metric} 100` }
  await uploadCapture('alone', 1, pages)
  const alone = { metric, requestsPerSecond: 2, processCount: 1 }
  expect(await rateOf(rangeOf('{target="alone"}', 'cpu'))).toEqual(alone)

  const calls = 'grpc_server_handled_total'
  await uploadCapture('calls', 1, { ...pages, metrics: `${calls} 140`, before: `${calls} 100` })
  const beforeQ = encodeURIComponent('{target="calls"}')
  const two = await get(`/range/movers?${range}&per=request&beforeQ=${beforeQ}`)
  expect(two.body.error).toMatchObject({ message: expect.stringContaining(`${calls}, ${metric}`) })
})

test('a label groups a flame graph and a series', async () => {
  await uploadCpu('groups', 1, 'main 100', { cluster: 'a' })
  await uploadCpu('groups', 1, 'main 30', { cluster: 'b' })
  const range = rangeOf('{target="groups"}', 'cpu')
  const { body: flame } = await get(`/range/flame?${range}&by=cluster`)
  const roots = flame.frames.filter(({ parent }: { parent: number }) => parent === 0)
  expect(roots.map(({ cum }: { cum: number }) => cum)).toEqual([100, 30])
  const { body: series } = await get(`/range/series?${range}&by=cluster&step=600`)
  expect(series).toMatchObject({ per: 'second', kind: 'interval' })
  expect(series.lines).toMatchObject([
    { label: 'a', points: [{ value: 10 }] },
    { label: 'b', points: [{ value: 3 }] },
  ])
})

test('a range has the columns of a viewer, with the values of a label as roots', async () => {
  await uploadCpu('columns', 1, 'main;work 100', { cluster: 'a' })
  await uploadCpu('columns', 1, 'main;work 30', { cluster: 'b' })
  const range = rangeOf('{target="columns"}', 'cpu')
  const reply = await supertest(service.server)
    .get(`/api/v1/range/columns?${range}&by=cluster`)
    .responseType('blob')
  const profile = decodeColumns(new Uint8Array(reply.body))
  const { tree } = openView(
    profile,
    readViewQuery(profile, {}, () => ({ test: () => true })),
  )
  const { frames } = flameView(tree, { focusNode: 0, framesMax: 10, widthPx: null })
  expect(frames.map(({ name, cum }) => [name, cum])).toEqual([
    ['root', 130],
    ['a', 100],
    ['main', 100],
    ['work', 100],
    ['b', 30],
    ['main', 30],
    ['work', 30],
  ])
})

test('three equal heap profiles count once, and a restart counts from 0', async () => {
  for (const minute of [1, 2, 3]) await uploadHeap('heap', minute, 'main 1000 50')
  const range = rangeOf('{target="heap"}', 'heap')
  const { body: inUse } = await get(`/range/top?${range}&si=inuse_space`)
  expect(inUse).toMatchObject({ total: 50, range: { aggregation: 'average' } })
  expect((await get(`/range/top?${range}&si=alloc_space`)).body.total).toBe(0)
  await uploadHeap('heap', 4, 'main 70 10')
  const { body: grown } = await get(`/range/top?${range}&si=alloc_space`)
  expect(grown).toMatchObject({ total: 70, range: { aggregation: 'increase', restartCount: 1 } })
  const { body: series } = await get(`/range/series?${range}&si=alloc_space&function=main`)
  expect(series.lines[0].points).toMatchObject([
    { value: 0 },
    { value: 0 },
    { value: 70 / 60, restartCount: 1 },
  ])
})

test('movers compare a window with the one before it', async () => {
  for (const minute of [1, 2]) await uploadCpu('movers', minute, 'main;list 100\nmain;gc 50')
  for (const minute of [11, 12]) await uploadCpu('movers', minute, 'main;list 900\nmain;gc 50')
  const q = encodeURIComponent('{target="movers"}')
  const times = `from=${minuteOf(10)}&to=${minuteOf(20)}&before=${minuteOf(0)}`
  const { body } = await get(`/range/movers?q=${q}&type=cpu&${times}`)
  expect(body).toMatchObject({ before: { profileCount: 2 }, after: { profileCount: 2 } })
  expect(body.rows[0]).toMatchObject({ name: 'list', status: 'grew' })
})

test('a series dates when its level changed', async () => {
  for (let minute = 1; minute <= 12; minute++) {
    const value = (minute < 7 ? 100 : 400) + (minute % 3)
    await uploadCpu('levels', minute, `main;list ${value}\nmain;gc 50`)
  }
  const range = rangeOf('{target="levels"}', 'cpu')
  const { body } = await get(`/range/series?${range}&function=list`)
  expect(body.lines[0].points).toHaveLength(12)
  expect(body.lines[0].changes).toMatchObject([{ at: minuteOf(7), before: 10.1, after: 40.1 }])
  const { body: steady } = await get(`/range/series?${range}&function=gc`)
  expect(steady.lines[0].changes).toEqual([])
})

test('a deleted profile is in no range from then on', async () => {
  const id = await uploadCpu('deleted', 1, 'main 100')
  await uploadCpu('deleted', 2, 'main 5')
  await supertest(service.server).delete(`/api/v1/profiles/${id}`).expect(204)
  const { body } = await get(`/range/top?${rangeOf('{target="deleted"}', 'cpu')}`)
  expect(body.total).toBe(5)
})

test('a range keeps to the space of its reader', async () => {
  await supertest(service.server).post('/api/v1/spaces').send({ name: 'theirs' })
  await uploadCpu('spaces', 1, 'main;ours 100', { cluster: 'our-cluster' })
  await uploadCpu('spaces', 1, 'main;their 7', { cluster: 'their-cluster' }, 'theirs')
  const q = encodeURIComponent('{target="spaces"}')
  const seen = async (space: string) => {
    const inSpace = (path: string) => get(path).set('Kubeprof-Space', space)
    const { body: top } = await inSpace(`/range/top?${rangeOf('{target="spaces"}', 'cpu')}`)
    const { body: clusters } = await inSpace(`/range/values?q=${q}&name=cluster`)
    return { total: top.total, clusters: clusters.items }
  }
  expect(await seen('default')).toEqual({ total: 100, clusters: ['our-cluster'] })
  expect(await seen('theirs')).toEqual({ total: 7, clusters: ['their-cluster'] })
})

test('what profiles take is known, and what a schedule would add is estimated from it', async () => {
  await uploadCpu('sizes', 1, 'main 1')
  const { body: stats } = await get('/history/stats')
  const files = stats.items.find(
    (one: { type: string; form: string }) => one.type === 'cpu' && one.form === 'files',
  )
  expect(files.sizeBytes).toBeGreaterThan(0)
  expect(files.bytesPerDay).toBeCloseTo(files.sizeBytes)
  const { body } = await get('/history/estimate?types=cpu&every=3600&processes=10')
  expect(body).toMatchObject({ profilesPerDay: 240, bytesPerDay: expect.any(Number) })
  expect(body.items[0].bytesPerDay).toBe(240 * files.bytesPerProfile)
  expect((await get('/history/estimate?types=cpu&every=37')).body.bytesPerDay % 1).toBe(0)
  const { body: unknown } = await get('/history/estimate?types=cpu,mutex&every=60')
  expect(unknown.items[0]).toEqual({ form: 'files', bytesPerDay: null })
  expect((await get('/history/estimate?types=none&every=60')).status).toBe(400)
})

test('labels and their values can be chosen from', async () => {
  await uploadCpu('labels', 1, 'main 1', { cluster: 'blue', 'label.zone': 'z1' })
  const q = encodeURIComponent('{target="labels"}')
  const { body } = await get(`/range/labels?q=${q}`)
  expect(body.items).toContainEqual({ name: 'zone', valueCount: 1 })
  expect((await get(`/range/values?q=${q}&name=cluster`)).body.items).toEqual(['blue'])
})

test.each([
  ['q=%7Ba%3D1%7D&type=cpu', 400, 'SELECTOR_INVALID'],
  ['q=%7Ba%3D~%22(%22%7D&type=cpu', 400, 'SELECTOR_INVALID'],
  ['q=%7Btarget%3D%22none%22%7D&type=cpu', 404, 'RANGE_EMPTY'],
  ['type=cpu&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 400, 'REQUEST_INVALID'],
])('a range of %s is refused', async (query, status, code) => {
  const reply = await get(`/range/top?${query}`)
  expect([reply.status, reply.body.error.code]).toEqual([status, code])
})

function cpuDay(): readonly DayProfile[] {
  const found = fc
    .sample(days, { numRuns: 300, seed: 3 })
    .find(({ kind, profiles }) => kind === 'cpu' && profiles.length > 9)
  if (found === undefined) throw new Error('there is no such day')
  return found.profiles
}

/** Whether all is packed but what waits for more: fewer than `history.pendingMin` profiles of each day. */
async function isPacked(target: string): Promise<boolean> {
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(join(service.directory, 'kubeprof.db'), { readOnly: true })
  const days = database
    .prepare(
      `select sum(p.state = 'packed') as packed, sum(p.state = 'pending') as pending
       from "historyProfile" p join "historyGroup" g on g.id = p."groupId"
       where g.target = ? group by p."dayMs"`,
    )
    .all(target)
  database.close()
  const isLeft = days.some(({ pending }) => Number(pending) >= PENDING_MIN)
  return !isLeft && days.some(({ packed }) => Number(packed) > 0)
}

async function writeRaw(bytes: Uint8Array): Promise<string> {
  const path = join(await memoryDirectory(), 'profile.pb.gz')
  await writeFile(path, gzipSync(bytes))
  return path
}

async function uploadCpu(
  target: string,
  minute: number,
  folded: string,
  declared: Readonly<Record<string, string>> = {},
  space = 'default',
): Promise<string> {
  const type = { type: 'cpu', unit: 'nanoseconds' }
  const timeNs = BigInt(START_MS + minute * 60_000) * 1_000_000n
  const profile = profileFromFolded(folded, type, { timeNs, durationNs: 10_000_000_000n })
  const query = { target, type: 'cpu', instance: 'one', ...declared }
  return upload(encodeProfile(profile), query, space)
}

async function uploadCapture(
  target: string,
  minute: number,
  pages: { readonly metrics: string; readonly startedAt: number; readonly before?: string },
) {
  const { body } = await supertest(service.server)
    .post('/api/v1/captures')
    .query({ target, instance: 'one', time: minuteOf(minute) })
    .set('content-type', 'application/gzip')
    .send(await captureBundle({ timeMs: START_MS + minute * 60_000, ...pages }))
  const { id } = body.capture
  await expect
    .poll(async () => (await get(`/captures/${id}`)).body.capture.reportStatus)
    .toBe('ready')
}

async function uploadHeap(target: string, minute: number, folded: string): Promise<string> {
  const timeNs = BigInt(START_MS + minute * 60_000) * 1_000_000n
  const profile = profileFromFolded(folded, HEAP, { timeNs })
  return upload(encodeProfile(profile), { target, type: 'heap', instance: 'one' })
}

async function upload(
  bytes: Uint8Array,
  query: Readonly<Record<string, string>>,
  space = 'default',
): Promise<string> {
  const { body } = await supertest(service.server)
    .post('/api/v1/profiles')
    .query({ ...query, wait: '90s' })
    .set('content-type', 'application/octet-stream')
    .set('kubeprof-space', space)
    .send(Buffer.from(bytes))
  expect(body.profile).toMatchObject({ status: 'ready' })
  return body.profile.id
}

function rangeOf(selector: string, type: string): string {
  return `q=${encodeURIComponent(selector)}&type=${type}&from=${minuteOf(0)}&to=${minuteOf(60)}`
}

function minuteOf(minute: number): string {
  return timeOf(START_MS + minute * 60_000)
}

function timeOf(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

function get(path: string) {
  return supertest(service.server).get(`/api/v1${path}`)
}

async function download(path: string): Promise<Buffer> {
  const reply = await get(path)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => done(null, Buffer.concat(chunks)))
    })
  expect(reply.status).toBe(200)
  return reply.body
}
