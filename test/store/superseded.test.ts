import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openSqlite } from '../../store/database/sqlite-database.ts'
import { storedBytes } from '../../store/retention/stored-bytes.ts'
import type { ProfileFailure, Store } from '../../store/index.ts'
import { ALL, addReady, REQUEST, resultFor, VERSIONS } from '../contract/ready-profiles.ts'
import { openTestStore } from './open-store.ts'
import { temporaryDirectory } from '../temporary-directory.ts'

const NEWER = { ...VERSIONS, decoder: '2' }
const FAILURE: ProfileFailure = {
  code: 'PROFILE_UNREADABLE',
  message: 'x',
  reason: 'corrupt',
  offsetBytes: null,
}
const NEWEST = { ...VERSIONS, decoder: '3' }

/** A store, and the database below it. */
async function open() {
  const directory = await temporaryDirectory()
  const store = await openTestStore({ directory })
  const database = await openSqlite({ path: join(directory, 'kubeprof.db') })
  onTestFinished(() => database.close())
  const { db } = database
  const count = async () => {
    const rows = await db.selectFrom('analysis').select('id').execute()
    return rows.length
  }
  return { store, db, count }
}

async function claim(store: Store, versions: typeof VERSIONS) {
  const claimed = await store.analyses.claimNext('normal', { ...REQUEST, versions })
  if (claimed === null) throw new Error('there is nothing to claim')
  return claimed
}

async function readAgain(store: Store, versions: typeof VERSIONS): Promise<void> {
  await store.analyses.addForVersions(versions, ALL)
  await store.analyses.complete(await claim(store, versions), await resultFor(store))
}

test('what an older program superseded without a mark is found by looking', async () => {
  const { store, db, count } = await open()
  const { profile } = await addReady(store, 'a')
  await addReady(store, 'b')
  await readAgain(store, NEWER)
  await db.updateTable('analysis').set({ supersededAtMs: null }).execute()
  expect(await store.garbage.deleteRows(10)).toEqual([])
  const looked = await store.garbage.markSuperseded({ afterId: '', limit: 1 })
  expect(looked).toEqual({ lastId: profile.id, count: 1 })
  expect(await store.garbage.markSuperseded({ afterId: profile.id, limit: 9 })).toMatchObject({
    count: 0,
  })
  expect(await store.garbage.deleteRows(10)).toEqual([profile.columnsBlobKey])
  expect(await count()).toBe(3)
  expect(await store.garbage.markSuperseded(ALL)).toMatchObject({ count: 0 })
})

test('an analysis that fails after a newer one was ready is swept up too', async () => {
  const { store, count } = await open()
  await addReady(store, 'a')
  await store.analyses.addForVersions(NEWER, ALL)
  await readAgain(store, NEWEST)
  await store.analyses.fail(await claim(store, NEWER), FAILURE)
  expect(await count()).toBe(3)
  await store.garbage.deleteRows(10)
  expect(await count()).toBe(1)
})

test('a mark alone deletes nothing', async () => {
  const { store, db, count } = await open()
  await addReady(store, 'a')
  await db.updateTable('analysis').set({ supersededAtMs: 1 }).execute()
  expect(await store.garbage.deleteRows(10)).toEqual([])
  expect(await count()).toBe(1)
})

test('what the next sweep deletes counts no longer as stored', async () => {
  const { store, db } = await open()
  await addReady(store, 'a')
  const bytes = await storedBytes(db)
  await readAgain(store, NEWER)
  const other = await addReady(store, 'b')
  expect(await storedBytes(db)).toBe(2 * bytes)
  await store.profiles.remove(other.profile.id)
  expect(await storedBytes(db)).toBe(bytes)
  await store.garbage.deleteRows(10)
  expect(await storedBytes(db)).toBe(bytes)
})
