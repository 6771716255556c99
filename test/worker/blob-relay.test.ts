import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { AppError } from '../../api/index.ts'
import { waitForAnalysis } from '../../collect/index.ts'
import type { BlobStore } from '../../store/index.ts'
import { sha256OfKey } from '../../store/blobs/blob-store.ts'
import type { WorkerOptions } from '../../worker/index.ts'
import { MESSAGE_BYTES_MAX, openBlobRelay } from '../../worker/pool/blob-relay.ts'
import { addProfile } from '../store/new-profile.ts'
import { PATIENCE_MS } from '../patience.ts'
import { openTestStore } from '../store/open-store.ts'
import { memoryDirectory } from '../temporary-directory.ts'
import { openTestWorker } from './open-test-worker.ts'
import { until } from '../until.ts'

/** How long a decoder may take where one is to be killed, or to be waited for. */
const IMPATIENT = { analysisMsMax: 3000 }

/** A worker whose decoders get blobs through this process alone. */
async function openRelayed(
  change: (blobs: BlobStore) => Partial<BlobStore> = () => ({}),
  options: Partial<WorkerOptions> = {},
) {
  const folder = join(await memoryDirectory(), 'files')
  await mkdir(folder)
  const store = await openTestStore()
  const relay = openBlobRelay({ ...store.blobs, ...change(store.blobs) }, folder)
  const opened = await openTestWorker({ ...options, store, relay })
  return { ...opened, folder }
}

test('decoders read and write blobs through their parent, and leave no files', async () => {
  const { store, folder } = await openRelayed()
  const { profile } = await addProfile(store, 'good')
  const end = await waitForAnalysis(store.profiles, profile.id, { timeoutMs: PATIENCE_MS })
  expect(end?.status).toBe('ready')
  const columns = await store.blobs.get(end?.columnsBlobKey ?? '')
  expect(Buffer.from(columns ?? []).toString()).toBe('columns of good')
  expect(await readdir(folder)).toEqual([])
})

test('many bytes are carried by files, and few in messages', async () => {
  const store = await openTestStore()
  const folder = join(await memoryDirectory(), 'files')
  await mkdir(folder)
  const relay = openBlobRelay(store.blobs, folder)
  for (const sizeBytes of [0, 1000, MESSAGE_BYTES_MAX + 1]) {
    const bytes = Buffer.alloc(sizeBytes, 'x')
    const { key } = await store.blobs.put(bytes)
    const got = await relay.answer({ kind: 'blob', id: 1, get: key })
    const found = 'found' in got ? got.found : null
    expect(typeof found === 'string').toBe(sizeBytes > MESSAGE_BYTES_MAX)
    const read = typeof found === 'string' ? await readFile(join(folder, found)) : found
    expect(bytes.equals(read ?? Buffer.from('none'))).toBe(true)
    const put = await relay.answer({ kind: 'blob', id: 2, put: found ?? '' })
    expect(put).toMatchObject({ stored: { sizeBytes, sha256: sha256OfKey(key) } })
  }
  expect(await readdir(folder)).toEqual([])
})

test('the time that a slow store takes is not that of the decoder', async () => {
  const slow = (blobs: BlobStore) => ({
    async stream(key: string) {
      await delay(1.5 * IMPATIENT.analysisMsMax)
      return blobs.stream(key)
    },
  })
  const { store } = await openRelayed(slow, IMPATIENT)
  const { profile } = await addProfile(store, 'good')
  const end = await waitForAnalysis(store.profiles, profile.id, { timeoutMs: PATIENCE_MS })
  expect(end?.status).toBe('ready')
})

test('an analysis waits for a store that is away, and is not failed', async () => {
  let isAway = true
  const { store, logged } = await openRelayed((blobs) => ({
    async stream(key) {
      if (!isAway) return blobs.stream(key)
      throw new AppError('BLOB_STORE_UNAVAILABLE')
    },
  }))
  const { profile } = await addProfile(store, 'good')
  await until(() => logged.some(({ message }) => message === 'analysis postponed'))
  isAway = false
  const end = await waitForAnalysis(store.profiles, profile.id, { timeoutMs: PATIENCE_MS })
  expect(end?.status).toBe('ready')
})

test('bytes that break off on the way are not decoded', async () => {
  let count = 0
  const { store, folder } = await openRelayed((blobs) => ({
    async stream(key) {
      count += 1
      return count > 1 ? blobs.stream(key) : Readable.from(breaking())
    },
  }))
  const { profile } = await addProfile(store, 'good')
  const end = await waitForAnalysis(store.profiles, profile.id, { timeoutMs: PATIENCE_MS })
  expect(end?.status).toBe('ready')
  expect(count).toBe(2)
  expect(await readdir(folder)).toEqual([])
})

async function* breaking(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('go')
  throw new Error('the connection was reset')
}

test('a decoder that is killed while it waits leaves its parent well', async () => {
  const { store, logged } = await openRelayed(undefined, IMPATIENT)
  const loop = await addProfile(store, 'loop:')
  await until(() => logged.some(({ message }) => message === 'a decoder process died'))
  const { profile } = await addProfile(store, 'good')
  const end = await waitForAnalysis(store.profiles, profile.id, { timeoutMs: PATIENCE_MS })
  expect(end?.status).toBe('ready')
  expect((await store.profiles.find(loop.profile.id))?.status).not.toBe('ready')
})
