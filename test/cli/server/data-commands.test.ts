import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { COMMANDS } from '../../../cli/index.ts'
import { lockDirectory, openStore, type Store } from '../../../store/index.ts'
import { addProfile } from '../../store/new-profile.ts'
import { openTestStore, STORE_DEFAULTS } from '../../store/open-store.ts'
import { uploadCapture } from '../../store/upload-capture.ts'
import { memoryDirectory } from '../../temporary-directory.ts'
import { countBlobs, openTestSweep } from '../../worker/open-test-sweep.ts'

const DAY_MS = 24 * 3_600_000

/** Runs a command in this process, on the store in this folder. */
async function run(name: string, args: readonly string[], directory: string) {
  const output = { out: '', error: '' }
  const command = await COMMANDS[name]?.load()
  const io = {
    stdin: () => Readable.from([]),
    writeOut: (text: string | Uint8Array) => void (output.out += String(text)),
    writeError: (text: string) => void (output.error += text),
    isTerminal: false,
    env: { KUBEPROF_STORE_FREE_BYTES_MIN: '0', KUBEPROF_STORE_RESERVE_BYTES: '0' },
  }
  try {
    const code = await command?.([...args, '--data', directory], io)
    return { code, ...output }
  } catch (error) {
    return { code: null, ...output, error: error instanceof Error ? error.message : String(error) }
  }
}

/** A store with a standalone profile, a capture, a pin, a link, and columns. */
async function openFilled() {
  const directory = await memoryDirectory()
  const store = await openTestStore({ directory })
  const { profile } = await addProfile(store, 'alone', { labels: [{ name: 'a', value: 'b' }] })
  const { capture } = await uploadCapture(store, ['cpu.pb.gz', 'heap.pb.gz'])
  await store.captures.setPinned(capture.id, true)
  const link = await store.links.add({
    profileId: profile.id,
    tokenHash: 'hash',
    view: '',
    expiresAtMs: Date.now() + DAY_MS,
  })
  if (link === null) throw new Error('the link was not made')
  return { directory, store, profile, capture, link }
}

/** All rows of all tables and the bytes of all blobs. */
async function contentsOf(store: Store) {
  const rows = await store.rows.read(async (batches) => {
    const all: Record<string, unknown> = {}
    for await (const batch of batches) if (batch.table !== 'audit') all[batch.table] = batch.rows
    return all
  })
  const bytes: Record<string, string> = {}
  for await (const key of store.blobs.keysPutBefore(Number.POSITIVE_INFINITY)) {
    bytes[key] = Buffer.from((await store.blobs.get(key)) ?? []).toString()
  }
  return { rows, bytes }
}

async function contentsIn(directory: string) {
  const store = await openStore(optionsOf(directory))
  try {
    return await contentsOf(store)
  } finally {
    await store.close()
  }
}

const optionsOf = (directory: string) => ({ ...STORE_DEFAULTS, directory })

test('a backup that is restored has every row and every byte', async () => {
  const { directory, store } = await openFilled()
  const backup = join(await memoryDirectory(), 'backup')
  const made = await run('backup', [backup], directory)
  expect(made).toMatchObject({ code: 0, error: '' })
  expect(made.out).toMatch(/^backed up \d+ rows and 4 files \(4 of them copied now, \d+ B\): /)
  const before = await contentsOf(store)
  expect(Object.keys(before.rows)).toEqual(
    expect.arrayContaining(['blob', 'profile', 'analysis', 'capture', 'captureFile', 'link']),
  )
  const restored = join(await memoryDirectory(), 'data')
  expect(await run('restore', [backup], restored)).toMatchObject({ code: 0, error: '' })
  expect(await contentsIn(restored)).toEqual(before)
  expect(await run('verify', [], restored)).toMatchObject({
    code: 0,
    out: `${restored}: 4 files with rows; 0 dangling, 0 missing, 0 corrupt, 0 orphaned\n`,
  })
})

test('a second backup into the same folder copies what is new, and forgets what was deleted', async () => {
  const { directory, store, profile, link } = await openFilled()
  const backup = join(await memoryDirectory(), 'backup')
  await run('backup', [backup], directory)
  await addProfile(store, 'new')
  await store.links.revoke(link.id)
  await store.profiles.remove(profile.id)
  await openTestSweep(store, 0).sweep.run()
  const { out } = await run('backup', [backup], directory)
  expect(out).toContain('and 4 files (1 of them copied now')
  expect(await contentsIn(backup)).toEqual(await contentsOf(store))
})

test('rows that are written while a backup runs are in it whole or not at all', async () => {
  const { directory, store } = await openFilled()
  const backup = join(await memoryDirectory(), 'backup')
  const over = new AbortController()
  const adding = (async () => {
    for (let index = 0; !over.signal.aborted; index++) {
      await addProfile(store, `during ${index}`)
      await openTestSweep(store, 0).sweep.run()
    }
  })()
  for (let round = 0; round < 3; round++) {
    expect((await run('backup', [backup], directory)).code).toBe(0)
    expect((await run('verify', [], backup)).code).toBe(0)
  }
  over.abort()
  await adding
})

test('nothing is deleted from the source while a backup runs, and then it goes on', async () => {
  const { store, profile, link } = await openFilled()
  await store.installation.pauseDeletion(60_000)
  await store.links.revoke(link.id)
  await store.profiles.remove(profile.id)
  const { sweep } = openTestSweep(store, 0)
  await sweep.run()
  expect(await store.blobs.get(profile.rawBlobKey)).not.toBeNull()
  await store.installation.resumeDeletion()
  await sweep.run()
  expect(await store.blobs.get(profile.rawBlobKey)).toBeNull()
})

test('a backup that died stops deletion only for its time', async () => {
  const clock = { nowMs: Date.now() }
  const store = await openTestStore({ now: () => clock.nowMs })
  await store.installation.pauseDeletion(60_000)
  expect((await store.installation.check())?.reason).toBe('backup_running')
  clock.nowMs += 60_001
  expect(await store.installation.check()).toBeNull()
})

test('a restore refuses a store that is not empty, a server that runs, and a backup that was interrupted', async () => {
  const { directory } = await openFilled()
  const backup = join(await memoryDirectory(), 'backup')
  await run('backup', [backup], directory)
  expect((await run('restore', [backup], directory)).error).toContain('is not empty; --force')
  const other = await memoryDirectory()
  const lock = lockDirectory(other, 'serve')
  expect((await run('restore', [backup], other)).error).toContain('serves from')
  lock?.release()
  const interrupted = await openTestStore({ directory: backup })
  await interrupted.installation.startCopy()
  expect((await run('restore', [backup], other)).error).toContain('was interrupted')
})

test('a forced restore moves files that the backup does not have to the trash', async () => {
  const { directory, store } = await openFilled()
  const backup = join(await memoryDirectory(), 'backup')
  await run('backup', [backup], directory)
  const before = await contentsOf(store)
  await addProfile(store, 'newer')
  expect(await run('restore', [backup, '--force'], directory)).toMatchObject({ code: 0 })
  expect(await contentsOf(store)).toEqual(before)
  expect(await countBlobs(store)).toEqual({ stored: 4, trashed: 1 })
  expect(await store.installation.check()).toBeNull()
})

test('a copy that was interrupted is finished by the next, and nothing is deleted meanwhile', async () => {
  const { directory, store } = await openFilled()
  const backup = join(await memoryDirectory(), 'backup')
  await run('backup', [backup], directory)
  const restored = join(await memoryDirectory(), 'data')
  const target = await openTestStore({ directory: restored })
  await target.installation.startCopy()
  await store.rows.read((batches) => target.rows.replaceAll(batches))
  expect((await target.installation.check())?.reason).toBe('copy_incomplete')
  expect(await run('restore', [backup], restored)).toMatchObject({ code: 0 })
  expect(await target.installation.check()).toBeNull()
  expect(await contentsOf(target)).toEqual(await contentsOf(store))
})

test('a damaged file is left out of a backup, named, and marked in it', async () => {
  const { directory, profile } = await openFilled()
  const key = profile.rawBlobKey
  await writeFile(join(directory, 'blobs', key.slice(0, 2), key), 'alonE')
  const backup = join(await memoryDirectory(), 'backup')
  const { code, error } = await run('backup', [backup], directory)
  expect(code).toBe(1)
  expect(error).toContain(`corrupt: ${key}`)
  const copy = await openTestStore({ directory: backup })
  expect(await copy.integrity.faultyBlobs(10)).toMatchObject([{ key, fault: 'corrupt' }])
})

test('migrate --to copies everything into the store of other settings, and back', async () => {
  const { directory, store } = await openFilled()
  const folder = await memoryDirectory()
  const [there, back] = [join(folder, 'there'), join(folder, 'back')]
  const settings = async (data: string) => {
    const file = join(folder, `${data.at(-1)}.yaml`)
    await writeFile(file, `store: { directory: ${data}, freeBytesMin: 0, reserveBytes: 0 }\n`)
    return file
  }
  const { code, out } = await run('migrate', ['--to', await settings(there)], directory)
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining(there) })
  expect((await run('migrate', ['--to', await settings(back)], there)).code).toBe(0)
  expect(await contentsIn(back)).toEqual(await contentsOf(store))
  const same = await run('migrate', ['--to', await settings(there)], there)
  expect(same.error).toContain('names the same store')
})

test('verify names each fault, and its repair moves files and deletes none', async () => {
  const { directory, store, profile, capture } = await openFilled()
  const pathOf = (key: string) => join(directory, 'blobs', key.slice(0, 2), key)
  const files = await store.captures.listFiles(capture.id)
  const [dangling = '', missing = '', corrupt = ''] = files.map(({ blobKey }) => blobKey)
  await store.blobs.moveToTrash(dangling, Date.now())
  await rm(pathOf(missing))
  await writeFile(pathOf(corrupt), 'noise')
  const orphan = `${'a'.repeat(64)}-01ARYZ6S410000000000000000`
  await mkdir(join(directory, 'blobs', 'aa'), { recursive: true })
  await writeFile(pathOf(orphan), '')
  const found = await run('verify', [], directory)
  expect(found.code).toBe(1)
  expect(found.out).toContain('4 files with rows; 1 dangling, 1 missing, 1 corrupt, 1 orphaned')
  for (const [fault, key] of Object.entries({ dangling, missing, corrupt, orphaned: orphan })) {
    expect(found.out).toMatch(new RegExp(`^${fault} +${key}$`, 'm'))
  }
  expect(await store.integrity.faultyBlobs(10)).toEqual([])
  const repaired = await run('verify', ['--repair'], directory)
  expect(repaired.code).toBe(1)
  expect(repaired.out).toMatch(new RegExp(`dangling +${dangling}  \\(put back\\)`))
  expect(repaired.out).toMatch(new RegExp(`orphaned +${orphan}  \\(moved to the trash\\)`))
  expect(await store.blobs.get(dangling)).not.toBeNull()
  expect(await countBlobs(store)).toEqual({ stored: 3, trashed: 1 })
  expect(await readFile(pathOf(corrupt), 'utf8')).toBe('noise')
  expect(await store.profiles.find(profile.id)).not.toBeNull()
  const marked = (await store.integrity.faultyBlobs(10)).map(({ key, fault }) => [key, fault])
  expect(new Map(marked.map(([key = '', fault = '']) => [key, fault]))).toEqual(
    new Map([
      [missing, 'missing'],
      [corrupt, 'corrupt'],
    ]),
  )
})

test('verify says why deletion is stopped, moves no orphans then, and accepts it when told to', async () => {
  const { directory, store } = await openFilled()
  await store.close()
  for (const suffix of ['', '-wal', '-shm']) {
    await rm(join(directory, `kubeprof.db${suffix}`), { force: true })
  }
  await (await openStore(optionsOf(directory))).close()
  const found = await run('verify', ['--repair'], directory)
  expect(found.code).toBe(1)
  expect(found.out).toContain('deletion is stopped: The database is new')
  expect(found.out).toContain(`kubeprof verify --accept --data ${directory}`)
  expect(await readdir(directory)).not.toContain('trash')
  expect(await run('verify', ['--accept'], directory)).toMatchObject({ code: 0 })
  expect((await run('verify', [], directory)).code).toBe(0)
})

test('a backup is another folder than the data, and a restore needs one', async () => {
  const directory = await memoryDirectory()
  await (await openStore(optionsOf(directory))).close()
  const same = { code: null, error: expect.stringContaining('is the data folder itself') }
  expect(await run('backup', [directory], directory)).toMatchObject(same)
  expect(await run('restore', [join(directory, '.'), '--force'], directory)).toMatchObject(same)
  const empty = await memoryDirectory()
  expect((await run('restore', [empty], directory)).error).toContain(
    `there is no backup in ${empty}`,
  )
})

test('a folder without data is refused, and not made', async () => {
  const folder = join(await memoryDirectory(), 'mistyped')
  expect((await run('verify', [], folder)).error).toContain('there is no kubeprof.db in')
  expect((await run('backup', ['/dev/null/x'], folder)).error).toContain('there is no kubeprof.db')
  await expect(readdir(folder)).rejects.toThrow('ENOENT')
})
