import { readdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type BlobStore, openFsBlobStore } from '../../store/index.ts'
import { describeBlobStore } from '../contract/blob-store.ts'
import { temporaryDirectory } from '../temporary-directory.ts'

const UNLIMITED = { freeBytesMin: 0, reserveBytes: 0, onDiskFailure: () => undefined }

const directories = new WeakMap<BlobStore, string>()

describeBlobStore(
  'of files',
  async () => {
    const directory = await temporaryDirectory()
    const blobs = await openFsBlobStore({ ...UNLIMITED, directory })
    directories.set(blobs, directory)
    return blobs
  },
  (blobs, key, bytes) =>
    writeFile(join(directories.get(blobs) ?? '', 'blobs', key.slice(0, 2), key), bytes),
)

test('what an interrupted put left is removed once it is old', async () => {
  const directory = await temporaryDirectory()
  const blobs = await openFsBlobStore({ ...UNLIMITED, directory })
  await writeFile(join(directory, 'tmp', 'left.part'), 'half')
  expect(await blobs.removeLeftovers(Date.now() - 3_600_000)).toBe(0)
  expect(await blobs.removeLeftovers(Date.now() + 1000)).toBe(1)
  expect(await readdir(join(directory, 'tmp'))).toEqual([])
})

test('the reserve for a full disk is made by the sweep', async () => {
  const directory = await temporaryDirectory()
  const blobs = await openFsBlobStore({ ...UNLIMITED, reserveBytes: 3000, directory })
  await blobs.removeLeftovers(0)
  expect((await stat(join(directory, '.reserve'))).size).toBe(3000)
})

test('an identity that cannot be read is reported, and not taken for a missing one', async () => {
  const directory = await temporaryDirectory()
  const blobs = await openFsBlobStore({ ...UNLIMITED, directory })
  await writeFile(join(directory, 'blobs', 'identity.json'), '{"installationId": "one", "ma')
  await expect(blobs.readIdentity()).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
})

test('a folder of blobs that was moved away fails the check of writing, with its path', async () => {
  const directory = await temporaryDirectory()
  const blobs = await openFsBlobStore({ ...UNLIMITED, directory })
  await rename(join(directory, 'blobs'), join(directory, 'elsewhere'))
  await expect(blobs.checkWrite()).rejects.toMatchObject({
    code: 'STORAGE_FAILED',
    message: expect.stringMatching(/blobs.* is missing/),
  })
})
