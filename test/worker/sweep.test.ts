import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSweep } from '../../worker/jobs/sweep.ts'
import { addProfile } from '../store/new-profile.ts'
import { openTestStore } from '../store/open-store.ts'
import { uploadCapture } from '../store/upload-capture.ts'
import { temporaryDirectory } from '../temporary-directory.ts'

const HOUR_MS = 3_600_000

const KEEPS_ALL = { retentionDays: 0, retentionBytesMax: 0 }

async function openAt(laterMs: number, options = KEEPS_ALL) {
  const directory = await temporaryDirectory()
  const store = await openTestStore({ directory })
  const warned: string[] = []
  const sweep = openSweep({
    options,
    store,
    versions: { decoder: '1', ruleSet: 'a' },
    log: { info: () => undefined, warn: (_, message) => void warned.push(message) },
    now: () => Date.now() + laterMs,
  })
  return { directory, store, sweep, warned }
}

test('a blob that no row knows goes after a day, and one that a row knows stays', async () => {
  const { store, sweep } = await openAt(25 * HOUR_MS)
  const orphan = await store.blobs.put(Buffer.from('orphan'))
  const { profile } = await addProfile(store, 'known')
  await sweep.run()
  expect(await store.blobs.get(orphan.key)).toBeNull()
  expect(await store.blobs.get(profile.rawBlobKey)).not.toBeNull()
})

test('a blob without a row may be an upload under way, and stays for a day', async () => {
  const { store, sweep } = await openAt(23 * HOUR_MS)
  const { key } = await store.blobs.put(Buffer.from('perhaps an orphan'))
  await sweep.run()
  expect(await store.blobs.get(key)).not.toBeNull()
})

test('what an interrupted upload left goes after an hour', async () => {
  const { directory, store, sweep } = await openAt(0)
  const left = join(directory, 'tmp', 'left.part')
  await writeFile(left, 'half')
  const oldSeconds = (Date.now() - 2 * HOUR_MS) / 1000
  await utimes(left, oldSeconds, oldSeconds)
  await sweep.run()
  expect(await store.blobs.removeLeftovers(Number.POSITIVE_INFINITY)).toBe(0)
})

test('a step that fails stops no other', async () => {
  const { store, warned } = await openAt(0)
  const { profile } = await addProfile(store, 'removed')
  await store.profiles.remove(profile.id)
  const broken = {
    ...store,
    analyses: {
      ...store.analyses,
      expireLeases: () => Promise.reject(new Error('the database is away')),
    },
  }
  const sweep = openSweep({
    options: KEEPS_ALL,
    store: broken,
    versions: { decoder: '1', ruleSet: 'a' },
    log: { info: () => undefined, warn: (_, message) => void warned.push(message) },
    now: Date.now,
  })
  await sweep.run()
  expect(warned).toEqual(['sweep step failed'])
  expect(await store.blobs.get(profile.rawBlobKey)).toBeNull()
})

test('what is older than it is to be kept goes with its bytes, and what is pinned stays', async () => {
  const { store, sweep } = await openAt(8 * 24 * HOUR_MS, { ...KEEPS_ALL, retentionDays: 7 })
  const { profile } = await addProfile(store, 'alone')
  const { capture: old } = await uploadCapture(store, ['cpu.pb.gz'])
  const { capture: pinned } = await uploadCapture(store, ['heap.pb.gz'])
  await store.captures.setPinned(pinned.id, true)
  await sweep.run()
  expect(await store.profiles.find(profile.id)).toBeNull()
  expect(await store.captures.find(old.id)).toBeNull()
  expect(await store.captures.find(pinned.id)).not.toBeNull()
  expect(await store.blobs.get(profile.rawBlobKey)).toBeNull()
  expect(await store.captures.listFiles(pinned.id)).toHaveLength(2)
})

test('what is younger stays', async () => {
  const { store, sweep } = await openAt(6 * 24 * HOUR_MS, { ...KEEPS_ALL, retentionDays: 7 })
  const { capture } = await uploadCapture(store, ['cpu.pb.gz'])
  await sweep.run()
  expect(await store.captures.find(capture.id)).not.toBeNull()
})
