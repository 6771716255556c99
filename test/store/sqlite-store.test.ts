import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockDirectory } from '../../store/index.ts'
import { describeAccounts } from '../contract/accounts.ts'
import { describeBaselines } from '../contract/baselines.ts'
import { describeCaptures } from '../contract/captures.ts'
import { describeClock } from '../contract/clock.ts'
import { describeEvents } from '../contract/events.ts'
import { describeUploadTimes } from '../contract/upload-times.ts'
import { describeFindings } from '../contract/findings.ts'
import { describeJudgements } from '../contract/judgements.ts'
import { describeNearest } from '../contract/nearest.ts'
import { describeRetention } from '../contract/retention.ts'
import { describeStore } from '../contract/store.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { addProfile } from './new-profile.ts'
import { openTestStore } from './open-store.ts'

describeStore('SQLite', (clock) => openTestStore({ now: () => clock.nowMs }))
describeAccounts('SQLite', (clock) => openTestStore({ now: () => clock.nowMs }))
describeBaselines('SQLite', (clock) => openTestStore({ now: () => clock.nowMs }))
describeCaptures('SQLite', (clock) => openTestStore({ now: () => clock.nowMs }))
describeEvents('SQLite', (clock) => openTestStore({ now: () => clock.nowMs }))
describeUploadTimes('SQLite', (clock) => openTestStore({ now: () => clock.nowMs }))
describeFindings('SQLite', (clock) => openTestStore({ now: () => clock.nowMs }))
describeJudgements('SQLite', (clock) => openTestStore({ now: () => clock.nowMs }))
describeClock('SQLite', (clock) => openTestStore({ now: () => clock.nowMs }))
describeRetention('SQLite', (clock) => openTestStore({ now: () => clock.nowMs }))
describeNearest('SQLite', (clock) => openTestStore({ now: () => clock.nowMs }))

test('two processes may have one directory open, and see what the other writes', async () => {
  const directory = await temporaryDirectory()
  const one = await openTestStore({ directory })
  const other = await openTestStore({ directory })
  const texts = Array.from({ length: 20 }, (_, index) => `profile ${index}`)
  await Promise.all(
    texts.map(async (text, index) => addProfile(index % 2 === 0 ? one : other, text)),
  )
  const { items } = await other.profiles.list({}, { limit: 50, cursor: null })
  expect(items).toHaveLength(20)
})

test('a blob that a row refers to cannot lose its row', async () => {
  const directory = await temporaryDirectory()
  const store = await openTestStore({ directory })
  await addProfile(store, 'a')
  const database = new DatabaseSync(join(directory, 'kubeprof.db'))
  expect(() => database.exec('delete from blob')).toThrow('FOREIGN KEY')
  database.close()
})

test('the database writes ahead', async () => {
  const directory = await temporaryDirectory()
  await openTestStore({ directory })
  const database = new DatabaseSync(join(directory, 'kubeprof.db'))
  expect(database.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' })
  database.close()
})

test('no other user of the machine can read the database, whoever may enter its folder', async () => {
  const directory = await temporaryDirectory()
  await chmod(directory, 0o755)
  const store = await openTestStore({ directory })
  await addProfile(store, 'a')
  for (const name of await readdir(directory)) {
    const { mode } = await stat(join(directory, name))
    expect([name, mode & 0o077]).toEqual([name, 0])
  }
})

test('a file that is not a database is reported as such', async () => {
  const directory = await temporaryDirectory()
  await writeFile(
    join(directory, 'kubeprof.db'),
    'this is no database, but it is long enough'.repeat(9),
  )
  await expect(openTestStore({ directory })).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
})

test('a data directory that cannot be made is named', async () => {
  const directory = await temporaryDirectory()
  await writeFile(join(directory, 'file'), '')
  const opening = openTestStore({ directory: join(directory, 'file', 'data') })
  await expect(opening).rejects.toThrow('file/data')
})

test('a lock on a directory is held by one, and given back', async () => {
  const directory = await temporaryDirectory()
  await mkdir(directory, { recursive: true })
  const lock = lockDirectory(directory, 'serve')
  expect(lockDirectory(directory, 'serve')).toBeNull()
  expect(lockDirectory(directory, 'other')).not.toBeNull()
  lock?.release()
  const again = lockDirectory(directory, 'serve')
  expect(again).not.toBeNull()
  again?.release()
})
