import supertest from 'supertest'
import { expect, test } from 'vitest'
import { encodeProfile, profileFromFolded } from '../../../profile/index.ts'
import { startService } from '../start-service.ts'

const TIME_MS = Date.UTC(2026, 5, 1, 12)
const CONTENTIONS = { type: 'contentions', unit: 'count' }

/** Of what counts from the start of a process, the profile before a range is read too. */
test.each(['top', 'series'])('%s of a range after all mutex profiles is empty', async (view) => {
  await using stack = new AsyncDisposableStack()
  const service = await startService()
  stack.defer(() => service.stop())
  const profile = profileFromFolded('main 5', CONTENTIONS, { timeNs: BigInt(TIME_MS) * 1_000_000n })
  const { body } = await supertest(service.server)
    .post('/api/v1/profiles')
    .query({ target: 'early', type: 'mutex', instance: 'one', wait: '90s' })
    .set('content-type', 'application/octet-stream')
    .send(Buffer.from(encodeProfile(profile)))
  expect(body.profile).toMatchObject({ status: 'ready' })
  const [from, to] = [30, 60].map((minutes) => new Date(TIME_MS + minutes * 60_000).toISOString())
  const reply = await supertest(service.server)
    .get(`/api/v1/range/${view}`)
    .query({ q: '{target="early"}', type: 'mutex', from, to })
  expect([reply.status, reply.body.error.code]).toEqual([404, 'RANGE_EMPTY'])
})
