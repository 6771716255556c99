import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { waitForAnalysis } from '../../collect/index.ts'
import { openInProcessQueue } from '../../queue/index.ts'
import type { StoredProfile } from '../../store/index.ts'
import { isThorough } from '../extent.ts'
import { PATIENCE_MS } from '../patience.ts'
import { addProfile } from '../store/new-profile.ts'
import { openTestStore } from '../store/open-store.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { openTestWorker } from './open-test-worker.ts'
import { until } from '../until.ts'

type Opened = Awaited<ReturnType<typeof openTestWorker>>

async function upload({ store, queue }: Opened, text: string): Promise<string> {
  const { profile, analysisId } = await addProfile(store, text)
  await queue.notify(analysisId ?? '')
  return profile.id
}

async function endOf({ store }: Opened, id: string): Promise<StoredProfile | null> {
  return waitForAnalysis(store.profiles, id, { timeoutMs: PATIENCE_MS })
}

test('a notification makes a profile ready', async () => {
  const opened = await openTestWorker({ sweepMs: 600_000 })
  const id = await upload(opened, 'good')
  expect(await endOf(opened, id)).toMatchObject({ status: 'ready', failure: null })
})

test('a profile without a notification becomes ready at the next sweep', async () => {
  const opened = await openTestWorker()
  const { profile } = await addProfile(opened.store, 'good')
  expect(await endOf(opened, profile.id)).toMatchObject({ status: 'ready' })
})

test('a backlog that was there before the worker is drained', async () => {
  const directory = await temporaryDirectory()
  const store = await openTestStore({ directory })
  const texts = Array.from({ length: 50 }, (_, index) => `good ${index}`)
  for (const text of texts) await addProfile(store, text)
  await openTestWorker({ directory, store, sweepMs: 600_000 })
  await until(async () => (await store.analyses.backlog()).waitingCount === 0)
  const { items } = await store.profiles.list({}, { limit: 60, cursor: null })
  const ends = items.map(async ({ id }) =>
    waitForAnalysis(store.profiles, id, { timeoutMs: PATIENCE_MS }),
  )
  expect(new Set((await Promise.all(ends)).map((end) => end?.status))).toEqual(new Set(['ready']))
  expect(items).toHaveLength(texts.length)
})

test('what the decoder refuses has failed, with the reason', async () => {
  const opened = await openTestWorker()
  const id = await upload(opened, 'refuse:1')
  expect(await endOf(opened, id)).toMatchObject({
    status: 'failed',
    failure: { code: 'PROFILE_INVALID', reason: 'varint', offsetBytes: 7 },
  })
})

test('what is not the profile’s fault is put off', async () => {
  const opened = await openTestWorker()
  const id = await upload(opened, 'put off:1')
  // Until it was put off.
  await until(() => opened.logged.some(({ message }) => message === 'analysis postponed'))
  await expect.poll(() => opened.store.profiles.find(id)).toMatchObject({ status: 'received' })
})

test('poison is quarantined with its reason after three tries, and no bystander with it', async () => {
  const opened = await openTestWorker({
    analysesMax: 4,
    analysisMsMax: 5000,
    decoderMemoryBytesMax: 128 * 1024 * 1024,
  })
  const poison = isThorough
    ? { abort: 'crash', exit: 'crash', loop: 'timeout', 'eat buffers': 'oom' }
    : { loop: 'timeout' }
  const good: string[] = []
  const bad = new Map<string, string>()
  for (let index = 0; index < 20; index++) good.push(await upload(opened, `good ${index}`))
  for (const [deed, reason] of Object.entries(poison)) {
    bad.set(await upload(opened, `${deed}:1`), reason)
  }
  for (let index = 20; index < 40; index++) good.push(await upload(opened, `good ${index}`))
  for (const id of good) expect(await endOf(opened, id)).toMatchObject({ status: 'ready' })
  for (const [id, reason] of bad) {
    const ended = { status: 'quarantined', failure: { code: 'PROFILE_QUARANTINED', reason } }
    expect(await endOf(opened, id)).toMatchObject(ended)
  }
  const deaths = opened.logged.filter(
    ({ message, fields }) =>
      message === 'a decoder process died' &&
      'profileId' in fields &&
      bad.has(String(fields.profileId)),
  )
  expect(deaths).toHaveLength(3 * bad.size)
})

test('a worker that lost its lease writes nothing over the one that has it', async () => {
  const directory = await temporaryDirectory()
  const store = await openTestStore({ directory })
  // Its leases are never renewed in time, as if it had been stopped.
  const frozen = {
    ...store,
    analyses: { ...store.analyses, renew: async () => true },
  }
  const slow = await openTestWorker({ directory, store: frozen, leaseMs: 100, sweepMs: 600_000 })
  const mayEnd = join(directory, 'may-end')
  const { profile, analysisId } = await addProfile(store, `wait for a file:${mayEnd}`)
  await slow.queue.notify(analysisId ?? '')
  // Until it is claimed.
  await until(async () => {
    const found = await store.profiles.find(profile.id)
    return found?.status === 'analysing'
  })
  const rules = { backoffMs: [0], crashCountMax: 3 }
  // Until its lease has run out.
  await until(async () => {
    return (await store.analyses.expireLeases(Date.now(), rules)) === 1
  })
  const versions = { decoder: '1', ruleSet: 'a' }
  const request = { owner: 'other', leaseMs: 60_000, versions }
  expect(await store.analyses.claimNext('isolated', request)).not.toBeNull()
  writeFileSync(mayEnd, '')
  // Until the slow one has ended.
  await until(() =>
    slow.logged.some(({ fields }) => 'ending' in fields && fields.ending === 'lost'),
  )
  expect(await store.profiles.find(profile.id)).toMatchObject({ status: 'analysing' })
})

test('closing gives back what has not ended, and counts no crash', async () => {
  const directory = await temporaryDirectory()
  const store = await openTestStore({ directory })
  const queue = openInProcessQueue()
  const opened = await openTestWorker({ directory, store, queue })
  const id = await upload(opened, `wait for a file:${join(directory, 'never')}`)
  // Until it runs.
  await until(async () => {
    const found = await store.profiles.find(id)
    return found?.status === 'analysing'
  })
  const closing = opened.worker.close()
  await opened.pool.close()
  await closing
  expect(await store.profiles.find(id)).toMatchObject({ status: 'received' })
  const versions = { decoder: '1', ruleSet: 'a' }
  const claim = await store.analyses.claimNext('normal', { owner: 'x', leaseMs: 1, versions })
  expect(claim?.crashCount).toBe(1)
})

test('a removed profile’s bytes are gone after the sweep', async () => {
  const opened = await openTestWorker()
  const id = await upload(opened, 'good')
  const ready = await endOf(opened, id)
  await opened.store.profiles.remove(id)
  const keys = [ready?.rawBlobKey ?? '', ready?.columnsBlobKey ?? '']
  const read = async () => Promise.all(keys.map(async (key) => opened.store.blobs.get(key)))
  await until(async () => (await read()).every((bytes) => bytes === null))
  expect(await read()).toEqual([null, null])
})
