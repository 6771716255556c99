import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeProfile, profileFromFolded } from '../../../profile/index.ts'
import { startService, type StartedService } from '../start-service.ts'

/** Names that every JavaScript object answers to. */
const INHERITED = ['constructor', '__proto__', 'toString']
const RANGE = 'type=cpu&from=2026-06-01T00:00:00Z&to=2026-06-02T00:00:00Z'
const TIME_NS = BigInt(Date.UTC(2026, 5, 1, 12)) * 1_000_000n

let service: StartedService
beforeAll(async () => {
  service = await startService()
  await upload('plain', {})
})
afterAll(() => service.stop())

test.each(INHERITED)('a profile without the label %s has no value of it', async (name) => {
  const plain = encodeURIComponent('{target="plain"}')
  expect((await get(`/range/values?q=${plain}&name=${name}`)).body).toEqual({
    items: [],
    nextCursor: null,
  })
  const selected = encodeURIComponent(`{target="plain",${name}!=""}`)
  const top = await get(`/range/top?q=${selected}&${RANGE}`)
  expect(top.body.error.code).toBe('RANGE_EMPTY')
  const series = await get(`/range/series?q=${plain}&${RANGE}&by=${name}`)
  expect(series.body.lines).toMatchObject([{ label: '' }])
})

test.each(INHERITED)('a label may be called %s', async (name) => {
  const target = `labelled-${INHERITED.indexOf(name)}`
  await upload(target, { [`label.${name}`]: 'x' })
  const selector = encodeURIComponent(`{target="${target}",${name}="x"}`)
  expect((await get(`/range/values?q=${selector}&name=${name}`)).body).toEqual({
    items: ['x'],
    nextCursor: null,
  })
  const series = await get(`/range/series?q=${selector}&${RANGE}&by=${name}`)
  expect(series.body.lines).toMatchObject([{ label: 'x' }])
})

async function upload(target: string, labels: Readonly<Record<string, string>>): Promise<void> {
  const type = { type: 'cpu', unit: 'nanoseconds' }
  const profile = profileFromFolded('main;list 100', type, { timeNs: TIME_NS, durationNs: 10n })
  const { body } = await supertest(service.server)
    .post('/api/v1/profiles')
    .query({ target, type: 'cpu', instance: 'one', wait: '90s', ...labels })
    .set('content-type', 'application/octet-stream')
    .send(Buffer.from(encodeProfile(profile)))
  expect(body.profile).toMatchObject({ status: 'ready' })
}

function get(path: string) {
  return supertest(service.server).get(`/api/v1${path}`)
}
