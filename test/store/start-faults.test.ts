import { spawnSync } from 'node:child_process'
import { mkdir, rename, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { lockDirectory, openStore } from '../../store/index.ts'
import { storageFault } from '../../store/blobs/fs-files.ts'
import { explainOpenError } from '../../store/database/sqlite-open-error.ts'
import { memoryDirectory, temporaryDirectory } from '../temporary-directory.ts'
import { addProfile } from './new-profile.ts'
import { openTestStore, STORE_DEFAULTS } from './open-store.ts'

/** Why the folder cannot be opened, as its user reads it. */
async function faultOf(directory: string): Promise<string> {
  const opening = openStore({ ...STORE_DEFAULTS, directory })
  return await opening.then(
    async (store) => {
      await store.close()
      return 'it opened'
    },
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : 'no error'),
  )
}

/** A closed database with some rows. */
async function makeDatabase(): Promise<{ readonly directory: string; readonly path: string }> {
  const directory = await memoryDirectory()
  const store = await openStore({ ...STORE_DEFAULTS, directory })
  for (let index = 0; index < 30; index++) await addProfile(store, `profile ${index}`)
  await store.close()
  return { directory, path: join(directory, 'kubeprof.db') }
}

test('a truncated database is named, with what to do', async () => {
  const { directory, path } = await makeDatabase()
  await truncate(path, 40_000)
  const fault = await faultOf(directory)
  expect(fault).toContain(`AppError: ${path} is damaged or not a database of kubeprof (`)
  expect(fault).toContain('kubeprof restore DIR')
})

test('noise in the head of a database is named', async () => {
  const { directory, path } = await makeDatabase()
  const { open } = await import('node:fs/promises')
  const file = await open(path, 'r+')
  await file.write('noise noise noise noise', 0)
  await file.close()
  expect(await faultOf(directory)).toContain(`${path} is damaged or not a database`)
})

test('damaged pages within a database are named', async () => {
  const { directory, path } = await makeDatabase()
  const { open } = await import('node:fs/promises')
  const file = await open(path, 'r+')
  await file.write(Buffer.alloc(3 * 4096, 0xee), 0, 3 * 4096, 8 * 4096)
  await file.close()
  expect(await faultOf(directory)).toContain(`${path} is damaged`)
})

test('a database of a newer program is named', async () => {
  const { directory, path } = await makeDatabase()
  const database = new DatabaseSync(path)
  database.exec("insert into kysely_migration values ('9999-future', '2026')")
  database.close()
  expect(await faultOf(directory)).toContain('migrated by a newer kubeprof (9999-future)')
})

test('a database that is a folder is named', async () => {
  const directory = await memoryDirectory()
  await mkdir(join(directory, 'kubeprof.db'))
  expect(await faultOf(directory)).toBe(
    `AppError: ${join(directory, 'kubeprof.db')} is not a file: move it away.`,
  )
})

test.each(['open', 'serve'])('a lock %s that is a folder is named', async (name) => {
  const directory = await memoryDirectory()
  const path = join(directory, `${name}.lock`)
  await mkdir(path)
  expect(() => lockDirectory(directory, name)).toThrow(`${path} cannot be used as a lock`)
})

test('a database that another program holds is named', async () => {
  const error = Object.assign(new Error('database is locked'), { errcode: 5 })
  expect(explainOpenError('/data/kubeprof.db', error)).toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
    message: expect.stringContaining('/data/kubeprof.db is locked by another program'),
  })
})

test('files that this user may not read are named, with what to do', () => {
  const cause = Object.assign(new Error(), { code: 'EACCES', syscall: 'open', path: '/data/blobs' })
  expect(storageFault(cause)).toBe(
    'The data directory cannot be used: /data/blobs is not accessible for this user: give it to the user that runs kubeprof, or name another folder as store.directory.',
  )
})

const mountPoint = '/dev/shm'
test.skipIf(process.getuid?.() !== 0)('a read-only file system is named', async () => {
  const directory = await temporaryDirectory(mountPoint)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', directory]).status === 0
  if (!mounted) return
  onTestFinished(() => void spawnSync('umount', ['-l', directory]))
  expect(await faultOf(directory)).toContain('read-only file system: mount it for writing')
})

test('readiness reads a row and writes a byte', async () => {
  const directory = await memoryDirectory()
  const store = await openTestStore({ directory })
  await addProfile(store, 'a')
  await store.check()
  await rename(join(directory, 'blobs'), join(directory, 'moved'))
  await expect(store.check()).rejects.toMatchObject({
    code: 'STORAGE_FAILED',
    message: expect.stringContaining('is missing: it was moved, deleted or unmounted'),
  })
  await rename(join(directory, 'moved'), join(directory, 'blobs'))
  await store.check()
  const database = new DatabaseSync(join(directory, 'kubeprof.db'))
  database.exec('pragma foreign_keys = off; drop table profile')
  database.close()
  await expect(store.check()).rejects.toThrow('no such table')
})

test('a file where blobs should lie is named', async () => {
  const directory = await memoryDirectory()
  await writeFile(join(directory, 'blobs'), '')
  expect(await faultOf(directory)).toContain(`${join(directory, 'blobs')} is not a folder`)
})
