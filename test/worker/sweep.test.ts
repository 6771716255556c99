import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSweep } from '../../worker/sweep.ts'
import { addProfile } from '../store/new-profile.ts'
import { openTestStore } from '../store/open-store.ts'
import { temporaryDirectory } from '../temporary-directory.ts'

const HOUR_MS = 3_600_000

async function openAt(laterMs: number) {
  const directory = await temporaryDirectory()
  const store = await openTestStore({ directory })
  const warned: string[] = []
  const sweep = openSweep({
    store,
    versions: { decoder: '1', ruleSet: 'a' },
    log: { warn: (_, message) => void warned.push(message) },
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
    store: broken,
    versions: { decoder: '1', ruleSet: 'a' },
    log: { warn: (_, message) => void warned.push(message) },
    now: Date.now,
  })
  await sweep.run()
  expect(warned).toEqual(['sweep step failed'])
  expect(await store.blobs.get(profile.rawBlobKey)).toBeNull()
})
