import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addProfile } from '../store/new-profile.ts'
import { openTestStore } from '../store/open-store.ts'
import { uploadCapture } from '../store/upload-capture.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { countBlobs, KEEPS_ALL, openTestSweep } from './open-test-sweep.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

async function openAt(laterMs: number, options = KEEPS_ALL) {
  const directory = await temporaryDirectory()
  const store = await openTestStore({ directory })
  return { directory, store, ...openTestSweep(store, laterMs, { options }) }
}

test('a blob that no row knows goes to the trash after a day, and one that a row knows stays', async () => {
  const { store, sweep, logged, metrics } = await openAt(25 * HOUR_MS)
  const orphan = await store.blobs.put(Buffer.from('orphan'))
  const { profile } = await addProfile(store, 'known')
  await sweep.run()
  expect(await store.blobs.get(orphan.key)).toBeNull()
  expect(await store.blobs.get(profile.rawBlobKey)).not.toBeNull()
  expect(await countBlobs(store)).toEqual({ stored: 1, trashed: 1 })
  expect(logged).toEqual(['moved files that no row refers to into the trash'])
  expect(await metrics.text()).toContain('kubeprof_blobs_removed_total{why="orphan_moved"} 1')
  expect(await metrics.text()).toContain('kubeprof_blob_bytes{kind="raw"} 5')
})

test('what was moved to the trash is deleted after the days of the setting', async () => {
  const { store, sweep } = await openAt(25 * HOUR_MS)
  await store.blobs.put(Buffer.from('orphan'))
  await sweep.run()
  await openTestSweep(store, 8 * DAY_MS).sweep.run()
  expect(await countBlobs(store)).toEqual({ stored: 0, trashed: 1 })
  await openTestSweep(store, 10 * DAY_MS).sweep.run()
  expect(await countBlobs(store)).toEqual({ stored: 0, trashed: 0 })
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
  const store = await openTestStore()
  const { profile } = await addProfile(store, 'removed')
  await store.profiles.remove(profile.id)
  const broken = {
    ...store,
    analyses: {
      ...store.analyses,
      expireLeases: () => Promise.reject(new Error('the database is away')),
    },
  }
  const { sweep, logged } = openTestSweep(broken, 0)
  await sweep.run()
  expect(logged).toContain('sweep step failed')
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

test('one sweep deletes more than a batch, so that deletion keeps up with uploads', async () => {
  const { store } = await openAt(0)
  // A clock that stands still, so that a busy machine has the time of a sweep.
  const { sweep } = openTestSweep(store, 8 * 24 * HOUR_MS, {
    options: { ...KEEPS_ALL, retentionDays: 7 },
    monotonicMs: () => 0,
  })
  await Promise.all(Array.from({ length: 210 }, (_, row) => addProfile(store, `old ${row}`)))
  await sweep.run()
  expect(await countBlobs(store)).toEqual({ stored: 0, trashed: 0 })
})

test('a sweep that leaves something, or fails, says for how long deletion has been behind', async () => {
  const store = await openTestStore()
  const left = { rows: Number.POSITIVE_INFINITY }
  const clock = { ms: 0 }
  const garbage = {
    ...store.garbage,
    async retire(_rules: object, limit: number) {
      clock.ms += 100
      if (Number.isNaN(left.rows)) throw new Error('the database is away')
      const count = Math.min(limit, left.rows)
      left.rows -= count
      return count
    },
  }
  const { sweep, metrics } = openTestSweep({ ...store, garbage }, 0, {
    options: { ...KEEPS_ALL, retentionDays: 1 },
    monotonicMs: () => clock.ms,
  })
  const behindSeconds = async () => {
    const text = await metrics.text()
    return Number(/^kubeprof_deletion_behind_seconds (\S+)$/m.exec(text)?.[1])
  }
  await sweep.run()
  expect(await behindSeconds()).toBe(1)
  clock.ms += HOUR_MS
  left.rows = Number.NaN
  await sweep.run()
  expect(await behindSeconds()).toBeGreaterThan(3600)
  left.rows = 100
  await sweep.run()
  expect(await behindSeconds()).toBe(0)
})

test('what is younger stays', async () => {
  const { store, sweep } = await openAt(6 * 24 * HOUR_MS, { ...KEEPS_ALL, retentionDays: 7 })
  const { capture } = await uploadCapture(store, ['cpu.pb.gz'])
  await sweep.run()
  expect(await store.captures.find(capture.id)).not.toBeNull()
})
