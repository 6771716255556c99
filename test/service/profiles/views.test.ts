import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asLargeFile } from '../../as-large-file.ts'
import type {
  FlameReply,
  GraphReply,
  PeekReply,
  TopReply,
  TracesReply,
} from '../../../api/index.ts'
import { readProfile } from '../../../gzip/node.ts'
import { decodeColumns, mergeProfiles } from '../../../profile/index.ts'
import { startService, type StartedService } from '../start-service.ts'

const capture = new URL('../../../examples/apiserver-list-no-rv/cpu.pb.gz', import.meta.url)

let service: StartedService
let self: string
let report: Readonly<Record<string, unknown>>
beforeAll(async () => {
  service = await startService()
  const reply = await supertest(service.server)
    .post('/api/v1/profiles?wait=90s')
    .type('application/octet-stream')
    .send(readFileSync(capture))
  self = reply.body.links.self
  report = reply.body.report
})
afterAll(() => service.stop())

test('an upload that waits is answered with its report', () => {
  expect(report).toMatchObject({
    version: 1,
    language: 'en',
    inputs: [expect.objectContaining({ type: 'cpu', component: 'kube-apiserver' })],
  })
  expect(rulesOf(report)).toContain('apiserver.list-from-etcd')
})

test('the report is there in each language, with the same numbers', async () => {
  const chinese = await get<Readonly<Record<string, unknown>>>('report?lang=zh')
  expect(chinese['language']).toBe('zh')
  expect(rulesOf(chinese)).toEqual(rulesOf(report))
  expect(JSON.stringify(chinese)).toMatch(/\p{Script=Han}/u)
})

test('the profile has the facts read from it', async () => {
  const { profile } = await get<{ profile: Readonly<Record<string, unknown>> }>('')
  expect(profile).toMatchObject({
    status: 'ready',
    type: 'cpu',
    component: 'kube-apiserver',
    defaultSampleType: 'cpu',
    worstFinding: { rule: 'apiserver.list-from-etcd' },
    findingCount: rulesOf(report).length,
  })
})

test("the top takes pprof's own parameters, and shares are of the whole profile", async () => {
  const whole = await get<TopReply>('top?n=5')
  expect(whole.rows).toHaveLength(5)
  const focused = await get<TopReply>('top?n=5&f=GetList&sort=cum')
  expect(focused.total).toBe(whole.total)
  expect(focused.rowCount).toBeLessThan(whole.rowCount)
  expect((await get<TopReply>('top?si=samples')).sampleType).toEqual({
    type: 'samples',
    unit: 'count',
  })
})

test('the flame graph is pruned, callers before callees, and its root is the total', async () => {
  const flame = await get<FlameReply>('flame?n=50')
  expect(flame.frames.length).toBeLessThanOrEqual(50)
  expect(flame.frameCount).toBeGreaterThan(50)
  expect(flame.frames[0]).toMatchObject({ parent: -1, cum: flame.total })
  expect(flame.frames.every(({ parent }, row) => parent < row)).toBe(true)
})

test('exports are files for other tools, with the filters of the views', async () => {
  const folded = await supertest(service.server).get(`${self}/export?format=folded&f=GetList`)
  expect(folded.status).toBe(200)
  expect(folded.headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(folded.headers['content-disposition']).toMatch(/filename="cpu-\w+\.folded\.txt"/)
  expect(folded.text.split('\n').every((line) => line === '' || line.includes('GetList'))).toBe(
    true,
  )
  const csv = await supertest(service.server).get(`${self}/export?format=csv&si=samples`)
  expect(csv.text).toMatch(/^function,flat,.*\r\n.*,count\r\n/)
  const { profiles } = await get<{ profiles: readonly unknown[] }>('export?format=speedscope')
  expect(profiles).toMatchObject([{ name: 'cpu', unit: 'nanoseconds' }])
  expect((await get<{ version: number }>('export?format=json')).version).toBe(1)
})

test.each(['json', 'speedscope'])(
  'a filtered export as %s lists no name that was left out',
  async (format) => {
    const whole = await supertest(service.server).get(`${self}/export?format=${format}`)
    const left = await supertest(service.server).get(
      `${self}/export?format=${format}&f=GetList&h=Unmarshal`,
    )
    const inWhole = whole.text.match(/gcBgMarkWorker"|GetList"|\.Unmarshal"/g)
    expect(new Set(inWhole).size).toBe(3)
    const inLeft = left.text.match(/gcBgMarkWorker"|GetList"|\.Unmarshal"/g)
    expect([...new Set(inLeft)]).toEqual(['GetList"'])
  },
)

test('the export as pprof is the profile that was uploaded', async () => {
  const reply = await supertest(service.server)
    .get(`${self}/export?format=pprof`)
    .buffer(true)
    .parse((stream, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => done(null, Buffer.concat(chunks)))
    })
  expect(reply.headers['content-encoding']).toBeUndefined()
  expect(samplesOf(reply.body)).toEqual(samplesOf(readFileSync(capture)))
})

test.each(['folded', 'speedscope'])(
  'what was exported as %s can be uploaded again',
  async (format) => {
    const file = await supertest(service.server).get(`${self}/export?format=${format}&si=cpu`)
    const reply = await supertest(service.server)
      .post('/api/v1/profiles?wait=90s')
      .type('application/octet-stream')
      .send(Buffer.from(file.text))
    expect(reply.body.profile.status).toBe('ready')
    const again = await supertest(service.server).get(`${reply.body.links.self}/top?n=5`)
    expect(again.body.total).toBe((await get<TopReply>('top?n=5')).total)
  },
)

test('an export of an unknown format or sample type is refused', async () => {
  const unknown = await supertest(service.server).get(`${self}/export?format=xlsx`)
  expect(unknown.status).toBe(400)
  const type = await supertest(service.server).get(`${self}/export?format=csv&si=heap`)
  expect(type.body.error.code).toBe('VIEW_INVALID')
})

test('peek shows callers and callees of what matches, tree those of the largest', async () => {
  const peek = await get<PeekReply>('peek?q=GetList')
  expect(peek.items.length).toBeGreaterThan(0)
  expect(peek.items.every(({ name }) => name.includes('GetList'))).toBe(true)
  const tree = await get<PeekReply>('tree?n=10')
  expect(tree.items).toHaveLength(10)
  expect(tree.items.map(({ cum }) => cum)).toEqual(
    tree.items.map(({ cum }) => cum).toSorted((a, b) => b - a),
  )
})

test('traces are the largest samples with their stacks, and say what they leave out', async () => {
  const traces = await get<TracesReply>('traces?n=5&f=GetList')
  expect(traces.samples).toHaveLength(5)
  expect(traces.samples.every(({ stack }) => stack.some(({ name }) => /GetList/.test(name)))).toBe(
    true,
  )
  expect(traces.sampleTypes.map(({ type }) => type)).toEqual(['samples', 'cpu'])
  expect(traces.sampleCount).toBe(5 + (traces.leftOutSampleCount ?? 0))
  const listed = traces.samples.reduce((sum, { value }) => sum + value, 0)
  const { rows } = await get<TopReply>('top?sort=cum&f=GetList&n=1')
  expect(listed + (traces.leftOutTotal ?? 0)).toBe(rows[0]?.cum)
  expect(traces.total).toBe((await get<TopReply>('top')).total)
})

test('traces of all samples leave nothing out', async () => {
  const traces = await get<TracesReply>('traces?n=1000&f=GetList')
  expect(traces.samples).toHaveLength(traces.sampleCount)
  expect(traces).not.toHaveProperty('leftOutSampleCount')
  expect(traces).not.toHaveProperty('leftOutTotal')
})

test('the call graph has so many functions and the calls between them', async () => {
  const { nodes, edges, funcCount } = await get<GraphReply>('graph?n=10&f=GetList')
  expect(nodes).toHaveLength(10)
  expect(funcCount).toBeGreaterThan(10)
  expect(edges.length).toBeGreaterThan(0)
  expect(edges.every(({ caller, callee }) => caller < 10 && callee < 10)).toBe(true)
})

test('the picture is an SVG that runs nothing', async () => {
  const reply = await supertest(service.server).get(`${self}/svg?width=600`)
  expect(reply.headers['content-type']).toContain('image/svg+xml')
  expect(reply.headers['content-security-policy']).toContain('sandbox')
  expect(String(reply.body)).toMatch(/^<svg /)
  expect(String(reply.body)).not.toMatch(/<script|onload|href/)
})

test.each(['png', 'svg'])(
  'the %s that other sites show is of the width asked for',
  async (form) => {
    const reply = await supertest(service.server).get(`${self}/${form}?width=600&f=GetList`)
    expect([reply.status, reply.headers['cross-origin-resource-policy']]).toEqual([
      200,
      'cross-origin',
    ])
    const width =
      form === 'png' ? reply.body.readUInt32BE(16) : /width="(\d+)"/.exec(reply.body)?.[1]
    expect(Number(width)).toBe(600)
  },
)

test('the picture as PNG is that of the SVG, of what the filters leave', async () => {
  const png = await supertest(service.server).get(`${self}/png?f=GetList`)
  expect(png.headers['content-type']).toBe('image/png')
  expect(png.body.subarray(1, 4).toString()).toBe('PNG')
  const svg = await supertest(service.server).get(`${self}/svg?f=GetList`)
  const [, height] = / height="(\d+)"/.exec(String(svg.body)) ?? []
  expect(png.body.readUInt32BE(20)).toBe(Number(height))
  const whole = await supertest(service.server).get(`${self}/png`)
  expect(whole.body.equals(png.body)).toBe(false)
})

test.each([
  ['top?f=(', 422, 'PATTERN_INVALID'],
  ['top?f=(%3F%3Da)b', 422, 'PATTERN_INVALID'],
  [`top?f=${'a'.repeat(1001)}`, 400, 'REQUEST_INVALID'],
  ['top?si=nonsense', 422, 'VIEW_INVALID'],
  ['flame?n=801', 400, 'REQUEST_INVALID'],
  ['traces?n=1001', 400, 'REQUEST_INVALID'],
  ['png?width=4001', 400, 'REQUEST_INVALID'],
  ['png?f=(', 422, 'PATTERN_INVALID'],
  ['peek', 400, 'REQUEST_INVALID'],
])('%s is answered %i %s', async (path, status, code) => {
  const reply = await supertest(service.server).get(`${self}/${path}`)
  expect([reply.status, reply.body.error?.code]).toEqual([status, code])
})

test('a pattern that is not valid is named by its parameter', async () => {
  const one = await supertest(service.server).get(`${self}/top?f=main&i=(`)
  expect(one.body.error).toMatchObject({
    message: expect.stringMatching(/^The pattern of "i" is not valid: /),
    details: { in: 'query parameter', name: 'i', pattern: '(' },
  })
})

test('a pattern that would take a backtracking engine for ever is answered', async () => {
  const { total } = await get<TopReply>(`top?f=${encodeURIComponent('(a+)+$|(a|aa)+$|(.*)*x$')}`)
  expect(total).toBeGreaterThan(0)
})

test.each(['small', 'large'] as const)(
  'the columns of a %s file carry an ETag and are not sent twice',
  async (size) => {
    const path = `${await selfOf(size)}/columns`
    const first = await supertest(service.server).get(path).buffer(true)
    expect(first.status).toBe(200)
    const etag = first.headers['etag'] ?? ''
    const again = await supertest(service.server).get(path).set('If-None-Match', etag)
    expect(again.status).toBe(304)
  },
)

test.each([
  ['small', 0],
  ['large', 1],
] as const)(
  'a %s file has columns for a caller without gzip, of which %i are stored',
  async (size, storedCount) => {
    const address = await selfOf(size)
    const columns = await supertest(service.server)
      .get(`${address}/columns`)
      .set('accept-encoding', 'identity')
      .buffer(true)
    expect(decodeColumns(columns.body).samples).toEqual(readProfile(readFileSync(capture)).samples)
    const stored = query(
      'select "columnsBlobId" from "analysis" where "profileId" = ? and "columnsBlobId" is not null',
      address.split('/').at(-1) ?? '',
    )
    expect(stored).toHaveLength(storedCount)
  },
)

test('views of a profile whose columns were deleted are drawn from its file', async () => {
  const address = await selfOf('large')
  const shown = async () => ({
    columns: await supertest(service.server).get(`${address}/columns`).buffer(true),
    top: (await supertest(service.server).get(`${address}/top`)).body,
    flame: (await supertest(service.server).get(`${address}/flame?f=etcd`)).body,
    raw: await supertest(service.server).get(`${address}/export?format=folded`),
  })
  const before = await shown()
  expect(query('update "analysis" set "columnsBlobId" = null returning "id"')).not.toEqual([])
  const after = await shown()
  expect(after.columns.body).toEqual(before.columns.body)
  expect([after.top, after.flame]).toEqual([before.top, before.flame])
  expect(after.raw.text).toBe(before.raw.text)
})

test('a link shows report, columns and views of its profile, read-only', async () => {
  const { body } = await supertest(service.server)
    .post('/api/v1/links')
    .send({ profileId: self.split('/').at(-1), view: 'view=flame' })
  for (const part of ['', '/report', '/columns', '/top', '/flame', '/svg', '/png', '/traces']) {
    const reply = await supertest(service.server).get(`/api/v1/shared/${body.token}${part}`)
    expect([part, reply.status, reply.headers['cache-control']]).toEqual([
      part,
      200,
      'private, no-store',
    ])
  }
  const preview = await supertest(service.server).get(`/s/${body.token}/preview.png`)
  expect(preview.headers['content-type']).toBe('image/png')
  expect([preview.body.readUInt32BE(16), preview.body.readUInt32BE(20)]).toEqual([1200, 630])
})

/** Where the example is, in a file of its size or in one that is large once inflated. */
async function selfOf(size: 'small' | 'large'): Promise<string> {
  if (size === 'small') return self
  const reply = await supertest(service.server)
    .post('/api/v1/profiles?wait=90s')
    .type('application/octet-stream')
    .send(asLargeFile(readFileSync(capture)))
  return reply.body.links.self
}

function query(sql: string, ...parameters: readonly string[]): readonly unknown[] {
  const database = new DatabaseSync(join(service.directory, 'kubeprof.db'))
  try {
    return database.prepare(sql).all(...parameters)
  } finally {
    database.close()
  }
}

async function get<Reply>(part: string): Promise<Reply> {
  const reply = await supertest(service.server).get(part === '' ? self : `${self}/${part}`)
  expect(reply.status).toBe(200)
  return reply.body
}

function rulesOf({ findings }: Readonly<Record<string, unknown>>): readonly string[] {
  return Array.isArray(findings) ? findings.map(({ rule }) => rule) : []
}

function samplesOf(bytes: Uint8Array) {
  return mergeProfiles([readProfile(bytes)]).samples
}
