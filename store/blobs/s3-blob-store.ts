import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { decodeTime } from 'ulid'
import { AppError } from '../../api/errors.ts'
import {
  type BlobKey,
  type BlobStore,
  isBlobKey,
  sha256OfKey,
  type StoredBlob,
  ulidOfKey,
} from './blob-store.ts'
import { formatIdentity, parseIdentity } from './fs-identity.ts'
import { newId } from '../id.ts'
import type { BlobOptions } from './options.ts'
import { openS3Requests, type S3Requests, statusOf } from './s3-requests.ts'
import { listKeys, s3Trash } from './s3-trash.ts'
import { type SpooledBytes, spoolBytes } from './spooled-bytes.ts'
import { verifiedBytes, verifiedStream } from './verify.ts'

export interface S3BlobStoreOptions extends BlobOptions {
  /** A folder for bytes on their way. */
  readonly directory: string
}

/**
 * Blobs as objects `<prefix>blobs/<key>`, each put by one request: it is there whole or not at all, and needs no parts,
 * which begin at 5 GiB. The server checks the SHA-256, and refuses to replace an object.
 */
export async function openS3BlobStore(options: S3BlobStoreOptions): Promise<BlobStore> {
  const requests = openS3Requests(options)
  const tmp = join(options.directory, 'tmp')
  await mkdir(tmp, { recursive: true, mode: 0o700 })
  const prefix = `${options.s3Prefix}blobs/`
  const placeOf = (key: BlobKey) => `${prefix}${checked(key)}`
  const at = (key: string) => ({ Bucket: requests.bucket, Key: key })

  async function put(
    bytes: Uint8Array | AsyncIterable<Uint8Array>,
    keyOf: (sha256: string) => BlobKey,
  ): Promise<StoredBlob> {
    const spooled = await spoolBytes(bytes, tmp)
    try {
      const { sha256, sizeBytes } = spooled
      const key = keyOf(sha256)
      await putObject(requests, placeOf(key), spooled)
      return { key, sha256, sizeBytes }
    } finally {
      await spooled.remove()
    }
  }

  return {
    put: (bytes) => put(bytes, (sha256) => `${sha256}-${newId()}`),
    putAs: (key, bytes) =>
      put(bytes, (sha256) => {
        if (sha256 === sha256OfKey(checked(key))) return key
        throw new AppError('BLOB_CORRUPT', { details: { blobKey: key } })
      }),
    ...s3Reading(requests, placeOf),
    async delete(key) {
      await requests.run((client) => client.send(new DeleteObjectCommand(at(placeOf(key)))))
    },
    async *keysPutBefore(timeMs) {
      for await (const name of listKeys(requests, prefix)) {
        if (isBlobKey(name) && decodeTime(ulidOfKey(name)) < timeMs) yield name
      }
    },
    ...s3Trash(requests, { prefix: `${options.s3Prefix}trash/`, placeOf }),
    ...s3Identity(requests, `${options.s3Prefix}identity.json`),
    removeLeftovers: (beforeMs) => removeLeftovers(tmp, beforeMs),
    checkSpace: async () => undefined,
    async checkWrite() {
      const key = `${options.s3Prefix}check/${newId()}`
      await requests.run((client) => client.send(new PutObjectCommand({ ...at(key), Body: '1' })))
      await requests.run((client) => client.send(new DeleteObjectCommand(at(key))))
    },
  }
}

function s3Reading(
  { bucket, run }: S3Requests,
  placeOf: (key: BlobKey) => string,
): Pick<BlobStore, 'get' | 'stream' | 'sizeOf'> {
  const at = (key: BlobKey) => ({ Bucket: bucket, Key: placeOf(key) })
  return {
    async get(key) {
      const bytes = await orNull(
        run(async (client) => {
          const { Body } = await client.send(new GetObjectCommand(at(key)))
          return (await Body?.transformToByteArray()) ?? new Uint8Array()
        }),
      )
      return bytes === null ? null : verifiedBytes(key, bytes)
    },
    async stream(key) {
      const found = await orNull(run((client) => client.send(new GetObjectCommand(at(key)))))
      return found?.Body instanceof Readable ? verifiedStream(key, found.Body) : null
    },
    async sizeOf(key) {
      const head = await orNull(run((client) => client.send(new HeadObjectCommand(at(key)))))
      return head?.ContentLength ?? null
    },
  }
}

/** The identity as one object, which each write replaces. */
function s3Identity(
  { bucket, run }: S3Requests,
  key: string,
): Pick<BlobStore, 'readIdentity' | 'writeIdentity'> {
  const place = { Bucket: bucket, Key: key }
  return {
    async readIdentity() {
      const text = await orNull(
        run(async (client) => {
          const { Body } = await client.send(new GetObjectCommand(place))
          return (await Body?.transformToString()) ?? ''
        }),
      )
      return text === null ? null : parseIdentity(text, `${bucket}/${key}`)
    },
    async writeIdentity(identity) {
      const command = { ...place, Body: formatIdentity(identity) }
      await run((client) => client.send(new PutObjectCommand(command)))
    },
  }
}

/** Only a valid blob key may become part of an object's key. */
function checked(key: BlobKey): BlobKey {
  if (!isBlobKey(key)) throw new TypeError('this is not a blob key')
  return key
}

/**
 * A key is used once, so an object that is there already is the one of an earlier try whose answer was lost, or has the
 * same hash.
 */
async function putObject(
  { bucket, run }: S3Requests,
  key: string,
  { sha256, sizeBytes, read }: SpooledBytes,
): Promise<void> {
  await run(async (client) => {
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: read(),
      ContentLength: sizeBytes,
      ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
      IfNoneMatch: '*',
    })
    await client.send(command).catch((error: unknown) => {
      if (statusOf(error) !== 412) throw error
    })
  })
}

/** `null` for an object that is not there. */
async function orNull<Result>(found: Promise<Result>): Promise<Result | null> {
  try {
    return await found
  } catch (error) {
    if (error instanceof AppError && statusOf(error.cause) === 404) return null
    throw error
  }
}

async function removeLeftovers(tmp: string, beforeMs: number): Promise<number> {
  let count = 0
  for (const name of await readdir(tmp)) {
    const path = join(tmp, name)
    const found = await stat(path).catch(() => null)
    if (found === null || found.mtimeMs >= beforeMs) continue
    await rm(path, { force: true })
    count += 1
  }
  return count
}
