import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FindingReply, FindingSummary, FindingTrendReply } from '../../../api/index.ts'
import { encodeProfile, profileFromFolded } from '../../../profile/index.ts'
import { itemOf } from '../../item-of.ts'
import { until } from '../../until.ts'
import { startService, type StartedService } from '../start-service.ts'

let service: StartedService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const RULE = 'apiserver.list-from-etcd'
const MINUTE_MS = 60_000
const START_MS = Date.now() - 60 * MINUTE_MS
const BUSY = 'net/http.(*conn).serve; k8s.io/apiserver/pkg/endpoints/handlers.ListResource'
const LIST = `${BUSY}; k8s.io/apiserver/pkg/storage/etcd3.(*store).GetList 36000000000`
const WATCH =
  'net/http.(*conn).serve; k8s.io/apiserver/pkg/endpoints/handlers.GetResource 40000000000'

test('a regression over ten captures: found, acknowledged, resolved, returned, reopened', async () => {
  for (const minute of [0, 1, 2]) await capture(minute, WATCH)
  expect(await findings()).toEqual([])
  for (const minute of [3, 4]) await capture(minute, LIST)
  const opened = itemOf(await findings())
  expect(opened).toMatchObject({
    rule: RULE,
    state: 'open',
    level: 'critical',
    cluster: 'prod',
    component: 'kube-apiserver',
    target: 'api',
    instance: 'cp-1',
    seenCount: 2,
    openedAt: new Date(START_MS + 3 * MINUTE_MS).toISOString(),
  })
  expect(opened.frames).toContain('k8s.io/apiserver/pkg/storage/etcd3.(*store).GetList')
  const { finding } = await act(opened, 'acknowledge', { note: 'A client lists all pods.' })
  expect(finding).toMatchObject({ state: 'acknowledged', note: 'A client lists all pods.' })
  await capture(5, LIST)
  expect(await findings('state=open')).toEqual([])
  await capture(6, WATCH)
  await capture(7, WATCH)
  expect(itemOf(await findings())).toMatchObject({
    state: 'resolved',
    resolvedAt: new Date(START_MS + 6 * MINUTE_MS).toISOString(),
  })
  const refused = await post(opened.id, 'acknowledge', {})
  expect([refused.status, refused.body.error.code]).toEqual([409, 'FINDING_RESOLVED'])
  // Taken after the acknowledgement.
  await capture(120, LIST)
  await capture(121, LIST)
  const returned = itemOf(await findings('state=open'))
  expect(returned).toMatchObject({ id: opened.id, returnCount: 1, acknowledgedAt: null })
  await act(opened, 'acknowledge', {})
  expect((await act(opened, 'reopen', {})).finding).toMatchObject({ state: 'open' })
  const { body: trend } = await get(`/api/v1/findings/${opened.id}/trend`)
  const { points }: FindingTrendReply = trend
  const found = points.flatMap(({ level }, index) => (level === 'critical' ? [index] : []))
  expect([points.length, found]).toEqual([10, [3, 4, 5, 8, 9]])
  const { events } = await reply(opened.id)
  // By time: the capture that showed it again is dated an hour from now.
  expect(events.map(({ kind }) => kind)).toEqual([
    'reopened',
    'acknowledged',
    'returned',
    'acknowledged',
    'resolved',
    'opened',
  ])
})

test('a mute holds until its time, and needs one', async () => {
  const [finding] = await findings()
  if (finding === undefined) throw new Error('there is no finding')
  const endsAt = new Date(Date.now() + 3 * 3_600_000).toISOString()
  expect((await act(finding, 'mute', { until: endsAt })).finding).toMatchObject({
    state: 'muted',
    mutedUntil: endsAt,
  })
  expect((await post(finding.id, 'mute', {})).status).toBe(400)
  expect(await findings('state=open')).toEqual([])
  await act(finding, 'reopen', {})
})

test('titles are in the language asked for; facets count', async () => {
  expect(itemOf(await findings('lang=zh')).title).toContain('etcd')
  const { body } = await get('/api/v1/findings/facets?level=critical')
  expect(body.rule).toEqual([{ value: RULE, count: 1 }])
  expect(body.cluster).toEqual([{ value: 'prod', count: 1 }])
})

test('an unknown finding is 404', async () => {
  const unknown = '01JD6Q8G0000000000000000AA'
  expect((await get(`/api/v1/findings/${unknown}`)).status).toBe(404)
  expect((await post(unknown, 'reopen', {})).status).toBe(404)
})

async function capture(minute: number, folded: string): Promise<void> {
  const time = new Date(START_MS + minute * MINUTE_MS).toISOString()
  const profile = {
    ...profileFromFolded(`${folded}\n${BUSY} ${1_000_000_000 + minute}`, {
      type: 'cpu',
      unit: 'nanoseconds',
    }),
    durationNs: 30_000_000_000n,
  }
  const { status, body } = await supertest(service.server)
    .post('/api/v1/captures')
    .field('target', 'api')
    .field('component', 'kube-apiserver')
    .field('instance', 'cp-1')
    .field('cluster', 'prod')
    .field('time', time)
    .attach('file', Buffer.from(encodeProfile(profile)), 'cpu.pb.gz')
  expect(status).toBe(201)
  const path = `/api/v1/captures/${body.capture.id}/report`
  await until(async () => (await get(path)).status === 200)
}

async function findings(query = ''): Promise<readonly FindingSummary[]> {
  const { status, body } = await get(`/api/v1/findings?rule=${RULE}&${query}`)
  expect(status).toBe(200)
  return body.items
}

async function reply(id: string): Promise<FindingReply> {
  return (await get(`/api/v1/findings/${id}`)).body
}

async function act({ id }: FindingSummary, action: string, body: object): Promise<FindingReply> {
  const answer = await post(id, action, body)
  expect(answer.status).toBe(200)
  return answer.body
}

function post(id: string, action: string, body: object) {
  return supertest(service.server).post(`/api/v1/findings/${id}/${action}`).send(body)
}

function get(path: string) {
  return supertest(service.server).get(path)
}
