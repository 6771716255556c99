import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { openStore, type Store } from '../../store/index.ts'
import { addProfile } from '../store/new-profile.ts'
import { openTestStore, STORE_DEFAULTS } from '../store/open-store.ts'
import { memoryDirectory } from '../temporary-directory.ts'
import { countBlobs, KEEPS_ALL, openTestSweep } from './open-test-sweep.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Opens the folder, adds profiles, and closes it as an orderly stop does. */
async function addTo(directory: string, count: number): Promise<void> {
  const store = await openStore({ ...STORE_DEFAULTS, directory })
  await addMany(store, count)
  await store.close()
}

async function addMany(store: Store, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await addProfile(store, `${Math.random()} ${index}`)
  }
}

/** As an online copy: a whole database of this moment. */
function copyDatabase(directory: string, to: string): void {
  const database = new DatabaseSync(join(directory, 'kubeprof.db'))
  database.exec(`vacuum into '${to}'`)
  database.close()
}

async function removeDatabase(directory: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) {
    await rm(join(directory, `kubeprof.db${suffix}`), { force: true })
  }
}

async function putBack(directory: string, copy: string): Promise<void> {
  await removeDatabase(directory)
  await cp(copy, join(directory, 'kubeprof.db'))
}

/** Sweeps two days later, and says what is left and what was reported. */
async function sweepLater(directory: string, later = 2 * DAY_MS) {
  const store = await openTestStore({ directory })
  const { sweep, logged, metrics } = openTestSweep(store, later)
  await sweep.run()
  return {
    store,
    logged,
    counts: await countBlobs(store),
    reason: (await store.installation.stop())?.reason ?? null,
    metrics: await metrics.text(),
  }
}

test('a database that was removed makes no garbage of the blobs', async () => {
  const directory = await memoryDirectory()
  await addTo(directory, 60)
  await removeDatabase(directory)
  const { counts, reason, logged, metrics, store } = await sweepLater(directory)
  expect(counts).toEqual({ stored: 60, trashed: 0 })
  expect(reason).toBe('database_new')
  expect(logged).toEqual(['deletion is stopped'])
  expect(metrics).toContain('kubeprof_deletion_stopped 1')
  expect((await store.installation.stop())?.text).toContain(
    `kubeprof verify --accept --data ${directory}`,
  )
})

test('so it is when the blobs are of a version that gave them no identity', async () => {
  const directory = await memoryDirectory()
  await addTo(directory, 3)
  await removeDatabase(directory)
  await rm(join(directory, 'blobs', 'identity.json'))
  expect(await sweepLater(directory)).toMatchObject({
    counts: { stored: 3, trashed: 0 },
    reason: 'database_new',
  })
})

test('an older database over newer blobs makes no garbage of them', async () => {
  const directory = await memoryDirectory()
  await addTo(directory, 40)
  const copy = join(directory, 'copy.db')
  copyDatabase(directory, copy)
  await addTo(directory, 40)
  await putBack(directory, copy)
  const first = await sweepLater(directory)
  expect(first).toMatchObject({ counts: { stored: 80, trashed: 0 }, reason: 'database_older' })
  // A new upload, and another start, change nothing.
  await addMany(first.store, 1)
  expect(await sweepLater(directory)).toMatchObject({
    counts: { stored: 81, trashed: 0 },
    reason: 'database_older',
  })
})

test('one blob more than the older database knows is enough', async () => {
  const directory = await memoryDirectory()
  await addTo(directory, 4)
  const copy = join(directory, 'copy.db')
  copyDatabase(directory, copy)
  await addTo(directory, 1)
  await putBack(directory, copy)
  expect(await sweepLater(directory)).toMatchObject({
    counts: { stored: 5, trashed: 0 },
    reason: 'database_older',
  })
})

test('a worker that starts after the uploads of an older database looks for their rows first', async () => {
  const directory = await memoryDirectory()
  const killed = await openTestStore({ directory })
  await addMany(killed, 2)
  for (let index = 0; index < 20; index++) await killed.blobs.put(Buffer.from(`lost ${index}`))
  const store = await openTestStore({ directory, now: () => Date.now() + HOUR_MS })
  await openTestSweep(store, HOUR_MS).sweep.run()
  expect((await store.installation.stop())?.reason).toBe('rows_missing')
})

test('an older database is noticed by its rows when the process was killed before it raised the mark', async () => {
  const directory = await memoryDirectory()
  const copy = join(directory, 'copy.db')
  const killed = await openTestStore({ directory })
  await addMany(killed, 400)
  copyDatabase(directory, copy)
  await addMany(killed, 17)
  const restored = await memoryDirectory()
  await cp(join(directory, 'blobs'), join(restored, 'blobs'), { recursive: true })
  await cp(copy, join(restored, 'kubeprof.db'))
  const first = await sweepLater(restored)
  expect(first).toMatchObject({ counts: { stored: 417, trashed: 0 }, reason: 'rows_missing' })
  await addMany(first.store, 1)
  expect((await sweepLater(restored)).reason).toBe('rows_missing')
})

test('many blobs without rows are no garbage, whatever their age', async () => {
  const directory = await memoryDirectory()
  const store = await openTestStore({ directory })
  for (let index = 0; index < 30; index++) await store.blobs.put(Buffer.from(`orphan ${index}`))
  await addMany(store, 10)
  const { counts, reason } = await sweepLater(directory)
  expect({ counts, reason }).toEqual({ counts: { stored: 40, trashed: 0 }, reason: 'many_orphans' })
})

test('blobs of another installation are not touched', async () => {
  const [one, other] = [await memoryDirectory(), await memoryDirectory()]
  await addTo(one, 3)
  await addTo(other, 2)
  await rm(join(one, 'blobs'), { recursive: true })
  await rename(join(other, 'blobs'), join(one, 'blobs'))
  expect(await sweepLater(one)).toMatchObject({
    counts: { stored: 2, trashed: 0 },
    reason: 'other_installation',
  })
})

test('a stop ends when the right files are back', async () => {
  const directory = await memoryDirectory()
  await addTo(directory, 2)
  const identity = join(directory, 'blobs', 'identity.json')
  const text = await readFile(identity, 'utf8')
  await rm(identity)
  const store = await openTestStore({ directory })
  const { sweep, logged } = openTestSweep(store, 0)
  await sweep.run()
  expect((await store.installation.stop())?.reason).toBe('blobs_unmarked')
  await writeFile(identity, text)
  await sweep.run()
  expect(await store.installation.stop()).toBeNull()
  expect(logged).toEqual(['deletion is stopped', 'deletion goes on'])
})

test('an identity that cannot be read stops deletion', async () => {
  const directory = await memoryDirectory()
  await addTo(directory, 1)
  await writeFile(join(directory, 'blobs', 'identity.json'), 'noise')
  const store = await openTestStore({ directory })
  await store.blobs.put(Buffer.from('orphan'))
  const { sweep, logged } = openTestSweep(store, 2 * DAY_MS)
  await sweep.run()
  expect(await countBlobs(store)).toEqual({ stored: 2, trashed: 0 })
  expect(logged).toEqual(['sweep step failed'])
})

test('retention and deletion of rows are stopped, too', async () => {
  const directory = await memoryDirectory()
  await addTo(directory, 2)
  await removeDatabase(directory)
  const store = await openTestStore({ directory })
  const { profile } = await addProfile(store, 'old')
  const options = { ...KEEPS_ALL, retentionDays: 1 }
  await openTestSweep(store, 3 * DAY_MS, { options }).sweep.run()
  expect(await store.profiles.find(profile.id)).not.toBeNull()
})

test('what is accepted is moved to the trash in portions, counted, and never deleted at once', async () => {
  const directory = await memoryDirectory()
  await addTo(directory, 600)
  await removeDatabase(directory)
  await (await sweepLater(directory)).store.installation.accept()
  const { store, counts, reason, metrics } = await sweepLater(directory)
  expect({ counts, reason }).toEqual({ counts: { stored: 100, trashed: 500 }, reason: null })
  expect(metrics).toContain('kubeprof_blobs_removed_total{why="orphan_moved"} 500')
  await openTestSweep(store, 2 * DAY_MS).sweep.run()
  expect(await countBlobs(store)).toEqual({ stored: 0, trashed: 600 })
})

test('what was accepted in one process goes on in another that had refused', async () => {
  const directory = await memoryDirectory()
  await addTo(directory, 40)
  await removeDatabase(directory)
  const worker = await openTestStore({ directory })
  const { sweep } = openTestSweep(worker, 2 * DAY_MS)
  await sweep.run()
  const command = await openTestStore({ directory })
  await command.installation.accept()
  await sweep.run()
  expect(await countBlobs(worker)).toEqual({ stored: 0, trashed: 40 })
})

test('a crash that leaves blobs of uploads under way stops nothing', async () => {
  const directory = await memoryDirectory()
  await addTo(directory, 3)
  const killed = await openTestStore({ directory })
  await addMany(killed, 3)
  for (let index = 0; index < 8; index++) await killed.blobs.put(Buffer.from(`under way ${index}`))
  expect(await sweepLater(directory)).toMatchObject({
    counts: { stored: 6, trashed: 8 },
    reason: null,
  })
})

test('workers and servers side by side find nothing', async () => {
  const directory = await memoryDirectory()
  const stores = [await openTestStore({ directory }), await openTestStore({ directory })]
  const sweeps = stores.map((store) => openTestSweep(store, 0))
  for (let round = 0; round < 10; round++) {
    await Promise.all([
      ...stores.map((store) => addMany(store, 3)),
      ...sweeps.map(({ sweep }) => sweep.run()),
    ])
  }
  for (const { logged } of sweeps) expect(logged).toEqual([])
})
