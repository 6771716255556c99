import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { type BlobStore, isBlobKey } from '../../store/index.ts'

const HELLO = new TextEncoder().encode('hello')
const HELLO_SHA256 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'

/** Replaces the stored bytes of a blob behind the back of its store. */
export type Damage = (blobs: BlobStore, key: string, bytes: Uint8Array) => Promise<void>

/** What every blob store promises. `open` gives an empty one. */
export function describeBlobStore(
  name: string,
  open: () => Promise<BlobStore>,
  damage: Damage,
): void {
  describe(`the blob store ${name}`, () => {
    test('gives back the bytes that were put', async () => {
      const blobs = await open()
      const { key, sha256, sizeBytes } = await blobs.put(HELLO)
      expect({ sha256, sizeBytes }).toEqual({ sha256: HELLO_SHA256, sizeBytes: 5 })
      expect(isBlobKey(key)).toBe(true)
      expect(Buffer.from((await blobs.get(key)) ?? []).toString()).toBe('hello')
      const stream = await blobs.stream(key)
      expect(stream === null ? null : (await buffer(stream)).toString()).toBe('hello')
    })

    test('takes bytes as they come', async () => {
      const blobs = await open()
      const { key } = await blobs.put(Readable.from([Buffer.from('hel'), Buffer.from('lo')]))
      expect(key.startsWith(HELLO_SHA256)).toBe(true)
    })

    test('puts the same bytes under another key each time', async () => {
      const blobs = await open()
      const first = await blobs.put(HELLO)
      const second = await blobs.put(HELLO)
      expect(second.key).not.toBe(first.key)
      await blobs.delete(first.key)
      expect(await blobs.get(second.key)).not.toBeNull()
    })

    test('knows nothing of a blob that was deleted, and deletes it twice', async () => {
      const blobs = await open()
      const { key } = await blobs.put(HELLO)
      await blobs.delete(key)
      await blobs.delete(key)
      expect(await blobs.get(key)).toBeNull()
      expect(await blobs.stream(key)).toBeNull()
    })

    test('keeps nothing of bytes that break off, and throws what broke them', async () => {
      const blobs = await open()
      await expect(blobs.put(breaking())).rejects.toThrow('the caller hung up')
      expect(await keysOf(blobs, Number.POSITIVE_INFINITY)).toEqual([])
      expect(await blobs.removeLeftovers(Number.POSITIVE_INFINITY)).toBe(0)
    })

    test('lists the blobs that were put before a time', async () => {
      const blobs = await open()
      const { key } = await blobs.put(HELLO)
      expect(await keysOf(blobs, Date.now() - 60_000)).toEqual([])
      expect(await keysOf(blobs, Date.now() + 60_000)).toEqual([key])
    })

    test('knows the size of a blob', async () => {
      const blobs = await open()
      const { key } = await blobs.put(HELLO)
      expect(await blobs.sizeOf(key)).toBe(5)
      await blobs.delete(key)
      expect(await blobs.sizeOf(key)).toBeNull()
    })

    test('takes a blob of another store under its key, and only with its bytes', async () => {
      const blobs = await open()
      const { key } = await (await open()).put(HELLO)
      const wrong = blobs.putAs(key, new TextEncoder().encode('hellO'))
      await expect(wrong).rejects.toMatchObject({ code: 'BLOB_CORRUPT' })
      expect(await blobs.get(key)).toBeNull()
      expect(await blobs.removeLeftovers(Number.POSITIVE_INFINITY)).toBe(0)
      expect(await blobs.putAs(key, HELLO)).toMatchObject({ key, sizeBytes: 5 })
      await blobs.putAs(key, HELLO)
      expect(Buffer.from((await blobs.get(key)) ?? []).toString()).toBe('hello')
    })

    test('gives no bytes that do not have the hash of the key', async () => {
      const blobs = await open()
      const { key } = await blobs.put(HELLO)
      for (const text of ['hellO', 'hell', '', 'hello!']) {
        await damage(blobs, key, Buffer.from(text))
        await expect(blobs.get(key)).rejects.toMatchObject({ code: 'BLOB_CORRUPT' })
        const stream = await blobs.stream(key)
        await expect(buffer(stream ?? Readable.from([]))).rejects.toMatchObject({
          code: 'BLOB_CORRUPT',
          details: { blobKey: key },
        })
      }
      await damage(blobs, key, HELLO)
      expect(Buffer.from((await blobs.get(key)) ?? []).toString()).toBe('hello')
    })

    test('moves a blob to the trash and back', async () => {
      const blobs = await open()
      const { key } = await blobs.put(HELLO)
      await blobs.moveToTrash(key, Date.UTC(2026, 0, 1, 12))
      await blobs.moveToTrash(key, Date.UTC(2026, 0, 2, 12))
      expect(await blobs.get(key)).toBeNull()
      expect(await keysOf(blobs, Number.POSITIVE_INFINITY)).toEqual([])
      expect(await trashOf(blobs)).toEqual([key])
      expect(await blobs.restoreFromTrash(key)).toBe(true)
      expect(await blobs.restoreFromTrash(key)).toBe(false)
      expect(Buffer.from((await blobs.get(key)) ?? []).toString()).toBe('hello')
      expect(await trashOf(blobs)).toEqual([])
    })

    test('empties the trash of days that are over, no more than asked for', async () => {
      const blobs = await open()
      const noonMs = Date.UTC(2026, 0, 1, 12)
      const keys = []
      for (const text of ['a', 'b', 'c']) keys.push((await blobs.put(Buffer.from(text))).key)
      for (const key of keys) await blobs.moveToTrash(key, noonMs)
      expect(await blobs.emptyTrash(Date.UTC(2026, 0, 1, 23), 10)).toBe(0)
      expect(await blobs.emptyTrash(Date.UTC(2026, 0, 2), 2)).toBe(2)
      expect(await trashOf(blobs)).toHaveLength(1)
      expect(await blobs.emptyTrash(Date.UTC(2026, 0, 2), 2)).toBe(1)
      expect(await blobs.emptyTrash(Date.UTC(2026, 0, 2), 2)).toBe(0)
      expect(await trashOf(blobs)).toEqual([])
    })

    test('has the identity that was written last', async () => {
      const blobs = await open()
      expect(await blobs.readIdentity()).toBeNull()
      await blobs.writeIdentity({ installationId: 'one', mark: 1 })
      await blobs.writeIdentity({ installationId: 'one', mark: 2 })
      expect(await blobs.readIdentity()).toEqual({ installationId: 'one', mark: 2 })
      expect(await keysOf(blobs, Number.POSITIVE_INFINITY)).toEqual([])
    })

    test('checks that it can write, and leaves nothing', async () => {
      const blobs = await open()
      await blobs.checkWrite()
      expect(await keysOf(blobs, Number.POSITIVE_INFINITY)).toEqual([])
      expect(await blobs.removeLeftovers(Number.POSITIVE_INFINITY)).toBe(0)
    })

    test('refuses an invalid key, whatever path it would make', async () => {
      const blobs = await open()
      const get = async () => blobs.get('../../etc/passwd')
      await expect(get()).rejects.toThrow('not a blob key')
    })
  })
}

async function* breaking(): AsyncGenerator<Uint8Array> {
  yield HELLO
  throw new Error('the caller hung up')
}

async function trashOf(blobs: BlobStore): Promise<string[]> {
  const keys: string[] = []
  for await (const key of blobs.keysInTrash()) keys.push(key)
  return keys
}

async function keysOf(blobs: BlobStore, beforeMs: number): Promise<string[]> {
  const keys: string[] = []
  for await (const key of blobs.keysPutBefore(beforeMs)) keys.push(key)
  return keys
}
