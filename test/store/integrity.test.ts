import { packReports } from '../../store/blobs.ts'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AppError } from '../../api/index.ts'
import { type FaultEvent, reportedError, type Store } from '../../store/index.ts'
import { memoryDirectory } from '../temporary-directory.ts'
import { countBlobs, KEEPS_ALL, openTestSweep } from '../worker/open-test-sweep.ts'
import { addProfile } from './new-profile.ts'
import { openTestStore } from './open-store.ts'

const DAY_MS = 24 * 3_600_000
const VERSIONS = { decoder: '1', ruleSet: 'a' }
const REQUEST = { owner: 'test', leaseMs: 10_000, versions: VERSIONS }

async function open() {
  const directory = await memoryDirectory()
  const events: FaultEvent[] = []
  const store = await openTestStore({ directory, onBlobFault: (event) => void events.push(event) })
  const pathOf = (key: string) => join(directory, 'blobs', key.slice(0, 2), key)
  return { directory, store, events, pathOf }
}

/** Analyses the profile as a worker does. Returns the key of its columns. */
async function analyse(store: Store): Promise<string> {
  const claim = await store.analyses.claimNext('normal', REQUEST)
  if (claim === null) throw new Error('nothing is due')
  const columns = await store.blobs.put(Buffer.from(`columns ${Math.random()}`))
  const reports = {
    en: {
      version: 1 as const,
      language: 'en' as const,
      gc: null,
      inputs: [],
      findings: [],
      notes: [],
    },
    zh: {
      version: 1 as const,
      language: 'zh' as const,
      gc: null,
      inputs: [],
      findings: [],
      notes: [],
    },
  }
  const facts = {
    type: 'cpu' as const,
    component: null,
    kubernetesVersion: null,
    goVersion: null,
    takenAtMs: null,
    durationSeconds: null,
    sampleCount: 0,
    sampleTypes: [],
    defaultSampleType: '',
    warnings: [],
  }
  const seen = { types: [], findings: [] }
  const result = {
    columns,
    facts,
    reports: packReports(reports),
    worstFinding: null,
    findingCount: 0,
    seen,
    measured: null,
  }
  expect(await store.analyses.complete(claim, result)).toBe(true)
  return columns.key
}

test('damaged columns are computed again, and their bytes kept in the trash', async () => {
  const { store, events, pathOf } = await open()
  const { profile } = await addProfile(store, 'a')
  const key = await analyse(store)
  await writeFile(pathOf(key), 'noise')
  expect(await store.integrity.report(key, 'corrupt')).toBe('recomputed')
  expect(events).toEqual([{ key, fault: 'corrupt', outcome: 'recomputed' }])
  expect((await store.profiles.find(profile.id))?.status).toBe('received')
  expect(await countBlobs(store)).toEqual({ stored: 1, trashed: 1 })
  const again = await analyse(store)
  expect(await store.profiles.find(profile.id)).toMatchObject({
    status: 'ready',
    columnsBlobKey: again,
  })
  expect(await store.integrity.faultyBlobs(10)).toEqual([])
})

test('of two readers that meet the same damage one has it repaired', async () => {
  const { store, pathOf } = await open()
  await addProfile(store, 'a')
  const key = await analyse(store)
  await writeFile(pathOf(key), 'noise')
  const outcomes = await Promise.all([
    store.integrity.report(key, 'corrupt'),
    store.integrity.report(key, 'corrupt'),
  ])
  expect(outcomes).toContain('recomputed')
  expect(await store.analyses.backlog()).toMatchObject({ waitingCount: 1 })
})

test('columns stay as they are, with their report, when the raw bytes are damaged too', async () => {
  const { store, pathOf } = await open()
  const { profile } = await addProfile(store, 'a')
  const key = await analyse(store)
  await writeFile(pathOf(key), 'noise')
  await writeFile(pathOf(profile.rawBlobKey), 'noise')
  expect(await store.integrity.report(key, 'corrupt')).toBe('lost')
  expect(await store.profiles.findReport(profile.id, 'en')).not.toBeNull()
  expect(await store.integrity.faultyBlobs(10)).toEqual([
    { key, kind: 'columns', fault: 'corrupt' },
  ])
})

test('bytes that are in the trash are put back', async () => {
  const { store, events } = await open()
  const { profile } = await addProfile(store, 'a')
  await store.blobs.moveToTrash(profile.rawBlobKey, Date.now())
  expect(await store.integrity.check(profile.rawBlobKey)).toBe('restored')
  expect(events).toMatchObject([{ fault: 'missing', outcome: 'restored' }])
  expect(await store.blobs.get(profile.rawBlobKey)).not.toBeNull()
  expect(await store.integrity.check(profile.rawBlobKey)).toBeNull()
})

test('bytes that were deleted with their profile are no damage, and whoever was reading them asks again', async () => {
  const { store, events } = await open()
  const { profile } = await addProfile(store, 'a')
  expect(await store.profiles.remove(profile.id)).toBe(true)
  const { sweep } = openTestSweep(store, DAY_MS)
  await sweep.run()
  expect(await countBlobs(store)).toMatchObject({ stored: 0 })
  const details = { blobKey: profile.rawBlobKey }
  expect(
    await reportedError(store.integrity, new AppError('BLOB_MISSING', { details })),
  ).toMatchObject({ code: 'PROFILE_NOT_READY', retryAfterSeconds: 1 })
  expect(events).toEqual([])
  expect(await countBlobs(store)).toMatchObject({ stored: 0 })
})

test('the scrub finds damage in every file within its days, marks it, and notices that it is gone', async () => {
  const { store, pathOf } = await open()
  const keys: string[] = []
  for (let index = 0; index < 12; index++) {
    keys.push((await addProfile(store, `profile ${index}`)).profile.rawBlobKey)
  }
  const [corrupt = '', missing = ''] = keys
  await writeFile(pathOf(corrupt), 'profile X')
  await rm(pathOf(missing))
  const options = { ...KEEPS_ALL, scrubDays: 30 }
  const young = openTestSweep(store, 29 * DAY_MS, { options })
  await young.sweep.run()
  expect(await young.metrics.text()).toContain('kubeprof_blobs_scrubbed_total 0')
  const { sweep, metrics } = openTestSweep(store, 31 * DAY_MS, { options })
  for (let round = 0; round < 3; round++) await sweep.run()
  expect(await metrics.text()).toMatch(/kubeprof_blobs_scrubbed_total 1[25]/)
  const found = await store.integrity.faultyBlobs(10)
  expect(new Set(found)).toEqual(
    new Set([
      { key: corrupt, kind: 'raw', fault: 'corrupt' },
      { key: missing, kind: 'raw', fault: 'missing' },
    ]),
  )
  await writeFile(pathOf(corrupt), 'profile 0')
  expect(await store.integrity.check(corrupt)).toBeNull()
  expect(await store.integrity.faultyBlobs(10)).toHaveLength(1)
})
