import { readFileSync } from 'node:fs'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readProfile } from '../../gzip/node.ts'
import { startService, type StartedService } from '../service/start-service.ts'
import { until } from '../until.ts'

const folder = new URL('../../deploy/observability/', import.meta.url)

interface Query {
  readonly where: string
  readonly expr: string
}

let service: StartedService
let metrics: string
beforeAll(async () => {
  service = await startService({ collects: true })
  const server = supertest(service.server)
  await server
    .post('/api/v1/profiles?wait=90s')
    .type('application/octet-stream')
    .send(readFileSync(new URL('../../examples/apiserver-list-no-rv/cpu.pb.gz', import.meta.url)))
  await server.get('/api/v1/shared/nothing')
  await server.post('/api/v1/session').send({ token: 'wrong' })
  // The analysis is counted after its end is written.
  metrics = await until(async () => {
    const { text } = await server.get('/metrics')
    return text.includes('kubeprof_analysis_duration_seconds_count 1') && text
  })
})
afterAll(() => service.stop())

test('every metric of the dashboard and of the alerts is one that a server has', () => {
  const known = new Set([...metrics.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name))
  expect(queries().length).toBeGreaterThan(20)
  const unknown = queries().flatMap(({ where, expr }) =>
    namesIn(expr)
      .filter((name) => !known.has(name) && !known.has(name.replace(/_(bucket|sum|count)$/, '')))
      .map((name) => `${where}: ${name}`),
  )
  expect(unknown).toEqual([])
})

test('every label that they use is one that the metric has', () => {
  const labels = labelsByMetric()
  const wrong = queries().flatMap(({ where, expr }) =>
    [...expr.matchAll(/\b([a-z]\w+)\{([^}]*)\}/g)].flatMap(([, name = '', matchers = '']) => {
      const has = labels.get(name)
      const used = [...matchers.matchAll(/(\w+)\s*=/g)].map(([, label]) => label ?? '')
      return used
        .filter((label) => label !== 'job' && has !== undefined && !has.has(label))
        .map((label) => `${where}: ${name} has no label ${label}`)
    }),
  )
  expect(wrong).toEqual([])
})

test.each([
  'kubeprof_analyses_total{result="ready",code="none"} 1',
  'kubeprof_uploads_total{result="stored"} 1',
  'kubeprof_link_requests_total{result="unknown"} 1',
  'kubeprof_queue_jobs{state="waiting"} 0',
  'kubeprof_config_last_reload_successful 1',
  'kubeprof_analysis_duration_seconds_count 1',
])('after an upload and a wrong link the metrics hold %s', (line) => {
  expect(metrics.split('\n')).toContain(line)
})

test('no metric is described twice, as strict parsers refuse that', () => {
  const described = [...metrics.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
  expect([...new Set(described)]).toEqual(described)
})

test('each alert says what to do', () => {
  const { groups } = parse(readFileSync(new URL('alerts.yaml', folder), 'utf8'))
  for (const { alert, annotations, labels } of groups[0].rules) {
    expect({ alert, annotations, labels }).toMatchObject({
      annotations: { summary: expect.stringMatching(/\.$/), action: expect.stringMatching(/\.$/) },
      labels: { severity: expect.stringMatching(/^(warning|critical)$/) },
    })
  }
})

test.each([
  ['profile', 'cpu', 'nanoseconds'],
  ['heap', 'inuse_space', 'bytes'],
])('the server gives its own %s as pprof, which kubeprof reads', async (name, type, unit) => {
  const taking = supertest(service.server)
    .get(`/debug/pprof/${name}?seconds=1`)
    .buffer(true)
    .parse(binary)
  const busy = spin()
  const reply = await taking
  const kept = await busy
  expect(kept.length).toBeGreaterThan(0)
  expect(reply.status).toBe(200)
  const profile = readProfile(reply.body)
  expect(profile.sampleTypes).toContainEqual({ type, unit })
  expect(profile.samples.length).toBeGreaterThan(0)
  const stored = await supertest(service.server)
    .post('/api/v1/profiles?wait=90s')
    .type('application/octet-stream')
    .send(reply.body)
  expect(stored.body.profile).toMatchObject({ status: 'ready' })
})

/** Something to see in a profile: work, and objects that are still in use when the profile is taken. */
async function spin(): Promise<readonly object[]> {
  const kept: object[] = []
  for (let round = 0; round < 20; round++) {
    await supertest(service.server).get('/api/openapi.json')
    for (let object = 0; object < 20_000; object++) kept.push({ round, object })
  }
  return kept
}

function queries(): readonly Query[] {
  const dashboard = JSON.parse(readFileSync(new URL('grafana-dashboard.json', folder), 'utf8'))
  const panels: readonly { title: string; targets: readonly { expr: string }[] }[] =
    dashboard.panels
  const alerts = parse(readFileSync(new URL('alerts.yaml', folder), 'utf8'))
  const rules: readonly { alert: string; expr: string }[] = alerts.groups[0].rules
  return [
    ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ where: title, expr }))),
    ...rules.map(({ alert, expr }) => ({ where: alert, expr })),
  ]
}

function namesIn(expr: string): readonly string[] {
  return [...expr.matchAll(/\b(?:kubeprof|http|process|nodejs)_\w+/g)].map(([name]) => name)
}

/** The labels of the series that there are now. */
function labelsByMetric(): ReadonlyMap<string, ReadonlySet<string>> {
  const labels = new Map<string, Set<string>>()
  for (const [, name = '', pairs = ''] of metrics.matchAll(/^(\w+)\{([^}]*)\}/gm)) {
    const known = labels.get(name) ?? new Set<string>()
    labels.set(name, known)
    for (const [, label = ''] of pairs.matchAll(/(\w+)="/g)) known.add(label)
  }
  return labels
}

type Parser = Exclude<Parameters<supertest.Test['parse']>[0], (text: string) => unknown>

const binary: Parser = (response, done) => {
  const chunks: Buffer[] = []
  response.on('data', (chunk: Buffer) => chunks.push(chunk))
  response.on('end', () => done(null, Buffer.concat(chunks)))
}
