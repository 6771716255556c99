import { gzipSync } from 'node:zlib'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeProfile, profileFromFolded } from '../../../profile/index.ts'
import { until } from '../../until.ts'
import { startService, type StartedService } from '../start-service.ts'

const CPU = { type: 'cpu', unit: 'nanoseconds' }
const ALLOC = { type: 'alloc_space', unit: 'bytes' }

let service: StartedService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

test('captures that name no process are compared with the one of the same component before', async () => {
  const today = await taken(5)
  const yesterday = await taken(4)
  expect((await get(`/api/v1/captures/${today.id}/nearest`)).body).toMatchObject({
    before: { match: 'component', capture: { id: yesterday.id } },
    after: null,
  })
  expect((await get(`/api/v1/captures/${yesterday.id}/nearest`)).body).toMatchObject({
    before: null,
    after: { match: 'component', capture: { id: today.id } },
  })
  expect(today.profileIds).toHaveLength(2)
  for (const [at, id] of today.profileIds.entries()) {
    const { body } = await get(`/api/v1/profiles/${id}/nearest`)
    expect(body.before).toMatchObject({
      match: 'component',
      profile: { id: yesterday.profileIds[at] },
    })
    expect(body.after).toBeNull()
  }
})

test('a profile in no capture is compared with that of the same type before', async () => {
  const [first, second] = [await sent(1), await sent(2)]
  expect((await get(`/api/v1/profiles/${second}/nearest`)).body).toMatchObject({
    before: { match: 'component', profile: { id: first } },
    after: null,
  })
})

test('a list can be of the profiles in no capture', async () => {
  const alone = await sent(3)
  const { profileIds } = await taken(3)
  expect(await listed('limit=500')).toEqual(expect.arrayContaining([alone, ...profileIds]))
  for (const query of ['alone=true', 'alone=true&component=alone']) {
    const ids = await listed(query)
    expect(ids).toContain(alone)
    expect(ids).not.toContain(profileIds[0])
  }
})

async function listed(query: string): Promise<readonly string[]> {
  const { body } = await get(`/api/v1/profiles?${query}`)
  return body.items.map(({ id }: { readonly id: string }) => id)
}

/** The id of a profile sent alone. */
async function sent(hour: number): Promise<string> {
  const query = new URLSearchParams({ component: 'alone', type: 'cpu', time: timeAt(hour) })
  const { body } = await supertest(service.server)
    .post(`/api/v1/profiles?wait=90s&${query.toString()}`)
    .set('content-type', 'application/octet-stream')
    .send(profile(`main ${hour}`))
  return body.profile.id
}

function get(path: string) {
  return supertest(service.server).get(path)
}

/** A capture as a dropped folder is one, judged. */
async function taken(
  hour: number,
): Promise<{ readonly id: string; readonly profileIds: readonly string[] }> {
  const { body } = await supertest(service.server)
    .post('/api/v1/captures')
    .field('component', 'dropped')
    .field('time', timeAt(hour))
    .attach('file', profile(`main ${hour}`), 'cpu.pb.gz')
    .attach('file', profile(`main ${hour}`, ALLOC), 'heap.pb.gz')
  const path = `/api/v1/captures/${body.capture.id}`
  await until(async () => (await get(path)).body.capture.reportStatus === 'ready')
  return (await get(path)).body.capture
}

function timeAt(hour: number): string {
  return `2026-11-21T0${hour}:00:00Z`
}

function profile(line: string, sampleType = CPU): Buffer {
  return Buffer.from(gzipSync(encodeProfile(profileFromFolded(line, sampleType))))
}
