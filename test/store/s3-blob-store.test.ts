import { randomBytes } from 'node:crypto'
import { readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openS3BlobStore } from '../../store/blobs/s3-blob-store.ts'
import type { BlobOptions, BlobStore } from '../../store/index.ts'
import { type Damage, describeBlobStore } from '../contract/blob-store.ts'
import { freePort } from '../free-port.ts'
import { lacks } from '../requirements.ts'
import { openS3Server, type S3Server } from '../s3-server.ts'
import { temporaryDirectory } from '../temporary-directory.ts'

const MIB = 1024 * 1024

describe.skipIf(lacks('s3'))('on an S3 server', () => {
  let server: S3Server
  beforeAll(async () => {
    server = await openS3Server()
  })
  afterAll(() => server.close())

  async function open(change: Partial<BlobOptions> = {}) {
    const directory = await temporaryDirectory()
    const options = { ...(await server.createBucket()), ...change }
    const blobs = await openS3BlobStore({ ...options, directory })
    places.set(blobs, join(server.objects, options.s3Bucket, options.s3Prefix, 'blobs'))
    return blobs
  }

  const places = new WeakMap<BlobStore, string>()
  const damage: Damage = (blobs, key, bytes) => writeFile(join(places.get(blobs) ?? '', key), bytes)

  describeBlobStore('in S3', () => open(), damage)
  describeBlobStore('in S3 under a prefix', () => open({ s3Prefix: 'of/kubeprof/' }), damage)

  test('bytes beyond what is held in memory travel by a file that is deleted', async () => {
    const directory = await temporaryDirectory()
    const blobs = await openS3BlobStore({ ...(await server.createBucket()), directory })
    const bytes = randomBytes(3 * MIB)
    const chunks = Array.from({ length: 6 }, (_, index) =>
      bytes.subarray((index * MIB) / 2, ((index + 1) * MIB) / 2),
    )
    const { key, sizeBytes } = await blobs.put(Readable.from(chunks))
    expect(sizeBytes).toBe(bytes.length)
    const stream = await blobs.stream(key)
    expect(stream === null ? null : (await buffer(stream)).equals(bytes)).toBe(true)
    expect(await readdir(join(directory, 'tmp'))).toEqual([])
  })

  test('an empty blob is a blob', async () => {
    const blobs = await open()
    const { key } = await blobs.put(new Uint8Array())
    expect(await blobs.get(key)).toHaveLength(0)
    expect(await blobs.sizeOf(key)).toBe(0)
  })

  test('more blobs than one page of a list are listed', async () => {
    const blobs = await open()
    for (let index = 0; index < 1010; index += 10) {
      const puts = Array.from({ length: 10 }, (_, more) =>
        blobs.put(Buffer.from(`${index + more}`)),
      )
      await Promise.all(puts)
    }
    let count = 0
    for await (const _ of blobs.keysPutBefore(Number.POSITIVE_INFINITY)) count += 1
    expect(count).toBe(1010)
  })

  test('a wrong secret and a missing bucket are named', async () => {
    const refused = await open({ s3SecretAccessKey: 'wrong' })
    await expect(refused.put(Buffer.from('a'))).rejects.toMatchObject({
      code: 'BLOB_STORE_UNAVAILABLE',
      message: expect.stringContaining('SignatureDoesNotMatch'),
    })
    const missing = await open({ s3Bucket: 'no-such-bucket' })
    await expect(missing.checkWrite()).rejects.toMatchObject({
      code: 'BLOB_STORE_UNAVAILABLE',
      message: expect.stringContaining('no-such-bucket'),
    })
  })

  test('a server that never answers fails after one try, in words', async () => {
    let connections = 0
    const port = await freePort()
    const silent = createServer(() => (connections += 1)).listen(port, '127.0.0.1')
    onTestFinished(() => void silent.close())
    const blobs = await open({ s3Endpoint: `http://127.0.0.1:${port}` })
    await expect(blobs.checkWrite()).rejects.toMatchObject({
      code: 'BLOB_STORE_UNAVAILABLE',
      message: expect.stringMatching(/cannot be used: it does not answer\.$/),
    })
    expect(connections).toBe(1)
  }, 30_000)

  test('a server that is away fails within seconds, and works once it is back', async () => {
    const blobs = await open()
    await server.kill()
    await expect(blobs.put(Buffer.from('a'))).rejects.toMatchObject({
      code: 'BLOB_STORE_UNAVAILABLE',
      message: expect.stringMatching(/^The bucket \S+ \(.*\) cannot be used: ECONNREFUSED\.$/),
      retryAfterSeconds: 5,
    })
    await server.start()
    expect(await blobs.put(Buffer.from('a'))).toMatchObject({ sizeBytes: 1 })
  })
})
