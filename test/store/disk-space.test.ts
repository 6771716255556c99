import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openDiskSpace } from '../../store/blobs/disk-space.ts'
import { temporaryDirectory } from '../temporary-directory.ts'

const MIB = 1024 * 1024
const SIZE_BYTES = 1000 * MIB
const RESERVE_BYTES = 2 * MIB + 1

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

/** A disk of 1,000 MiB, of which at least 10 are to be free. */
async function open({ freeBytes = SIZE_BYTES, freeBytesMin = 10 * MIB } = {}) {
  const directory = await temporaryDirectory()
  const disk = { freeBytes, sizeBytes: SIZE_BYTES }
  let measureCount = 0
  const space = openDiskSpace({
    directory,
    freeBytesMin,
    reserveBytes: RESERVE_BYTES,
    measureDisk: async () => {
      measureCount += 1
      return disk
    },
  })
  const reserveBytes = async () => (await stat(join(directory, '.reserve')).catch(() => null))?.size
  return { directory, disk, space, reserveBytes, measureCount: () => measureCount }
}

test('the disk is looked at once a second at most', async () => {
  const { disk, space, measureCount } = await open()
  await space.check()
  disk.freeBytes = 0
  await space.check()
  expect(measureCount()).toBe(1)
  vi.advanceTimersByTime(1001)
  await expect(space.check()).rejects.toMatchObject({ code: 'STORAGE_FULL' })
})

test('a full disk is refused with its name and a time to come back, and taken again when there is room', async () => {
  const { directory, disk, space } = await open({ freeBytes: 10 * MIB - 1 })
  await expect(space.check()).rejects.toMatchObject({
    code: 'STORAGE_FULL',
    message: expect.stringContaining(directory),
    retryAfterSeconds: 300,
  })
  disk.freeBytes = 10 * MIB
  await expect(space.check()).resolves.toBeUndefined()
})

test('on a small disk a twentieth of it is enough', async () => {
  const { disk, space } = await open({ freeBytes: SIZE_BYTES / 20, freeBytesMin: SIZE_BYTES })
  await expect(space.check()).resolves.toBeUndefined()
  disk.freeBytes -= 1
  vi.advanceTimersByTime(1001)
  await expect(space.check()).rejects.toMatchObject({ code: 'STORAGE_FULL' })
})

test('the reserve has its size and no unfinished file beside it', async () => {
  const { directory, space, reserveBytes } = await open()
  await space.restore()
  expect(await reserveBytes()).toBe(RESERVE_BYTES)
  expect(await readdir(directory)).toEqual(['.reserve'])
})

test('a full disk gives up the reserve, and makes it again only when there is room for it', async () => {
  const { disk, space, reserveBytes } = await open()
  await space.restore()
  disk.freeBytes = MIB
  await expect(space.check()).rejects.toMatchObject({ code: 'STORAGE_FULL' })
  expect(await reserveBytes()).toBeUndefined()
  disk.freeBytes = 20 * MIB + RESERVE_BYTES - 1
  await space.restore()
  expect(await reserveBytes()).toBeUndefined()
  disk.freeBytes += 1
  await space.restore()
  expect(await reserveBytes()).toBe(RESERVE_BYTES)
})

test('after a write failed on a full disk the reserve is deleted, and the free space is measured again', async () => {
  const { space, reserveBytes, measureCount } = await open()
  await space.restore()
  await space.check()
  const before = measureCount()
  await space.release()
  expect(await reserveBytes()).toBeUndefined()
  await space.check()
  expect(measureCount()).toBe(before + 1)
})

test('the real disk under a folder has room, and a folder that is gone is named', async () => {
  const directory = await temporaryDirectory()
  const space = openDiskSpace({ directory, freeBytesMin: 0, reserveBytes: 0 })
  await space.check()
  await space.restore()
  expect(await readdir(directory)).toEqual([])
  await rm(directory, { recursive: true })
  vi.advanceTimersByTime(1001)
  await expect(space.check()).rejects.toMatchObject({
    code: 'STORAGE_FAILED',
    message: expect.stringContaining(directory),
  })
})
